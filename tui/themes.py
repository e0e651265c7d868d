"""The two looks of the program, after the web page that it mirrors."""

from textual.theme import Theme

DARK = Theme(
    name="clearml-dark",
    dark=True,
    primary="#9fc5ff",
    secondary="#4d8fe0",
    accent="#9fc5ff",
    foreground="#dfe6f0",
    background="#0b0e14",
    surface="#12161e",
    panel="#1c222c",
    success="#6fdcb5",
    warning="#f3c969",
    error="#ff8a80",
    variables={
        # Textual's own is a share of what lies beneath, which text that is styled in parts lacks.
        "text-muted": "#8e9aac",
        "block-cursor-background": "#2a4a75",
        "block-cursor-foreground": "#ffffff",
        "block-cursor-text-style": "none",
        "block-cursor-blurred-background": "#232b38",
        "footer-key-foreground": "#9fc5ff",
        "input-selection-background": "#4d8fe0 40%",
        "border": "#4d8fe0",
        "border-blurred": "#39424f",
        "scrollbar": "#39424f",
        "scrollbar-background": "#12161e",
    },
)

LIGHT = Theme(
    name="clearml-light",
    dark=False,
    primary="#14418b",
    secondary="#2f6bc4",
    accent="#14418b",
    foreground="#1b222c",
    background="#f4f6f9",
    surface="#ffffff",
    panel="#e3e8ef",
    success="#12704f",
    warning="#875400",
    error="#b3261e",
    variables={
        "text-muted": "#566270",
        "block-cursor-background": "#c4dafa",
        "block-cursor-foreground": "#0b1a30",
        "block-cursor-text-style": "none",
        "block-cursor-blurred-background": "#dde4ed",
        "footer-key-foreground": "#14418b",
        "input-selection-background": "#2f6bc4 30%",
        "border": "#2f6bc4",
        "border-blurred": "#b4becb",
        "scrollbar": "#b4becb",
        "scrollbar-background": "#e3e8ef",
    },
)
