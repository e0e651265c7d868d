"""The looks of the program: two after the web page that it mirrors, and the terminal's own."""

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

# Whatever colours the terminal has: its sixteen, on its own background. Nothing has to be asked of
# it, so that nothing can be answered late or among what is typed.
TERMINAL = Theme(
    name="clearml-terminal",
    ansi=True,
    # Of the sixteen, magenta and blue can be read on black and on white.
    primary="ansi_magenta",
    secondary="ansi_cyan",
    accent="ansi_magenta",
    foreground="ansi_default",
    background="ansi_default",
    surface="ansi_default",
    panel="ansi_default",
    boost="ansi_default",
    success="ansi_green",
    warning="ansi_yellow",
    error="ansi_red",
    variables={
        "ansi-background": "ansi_default",
        "ansi-foreground": "ansi_default",
        "text-muted": "ansi_bright_black",
        "block-cursor-background": "ansi_blue",
        "block-cursor-foreground": "ansi_bright_white",
        "block-cursor-text-style": "none",
        "block-cursor-blurred-background": "ansi_default",
        "block-cursor-blurred-foreground": "ansi_default",
        "block-cursor-blurred-text-style": "reverse",
        "footer-key-foreground": "ansi_magenta",
        "input-selection-background": "ansi_blue",
        "border": "ansi_blue",
        "border-blurred": "ansi_bright_black",
        "scrollbar": "ansi_bright_black",
        "scrollbar-background": "ansi_default",
    },
)

# As the configuration and the dialog name them.
THEMES = {"dark": DARK, "light": LIGHT, "terminal": TERMINAL}
THEME_WORDS = {
    "dark": "Dark",
    "light": "Light",
    "terminal": "The terminal's own colours",
}
