"""How keys are called: as Textual names them, as a person writes them, and as they are shown."""

from __future__ import annotations

from difflib import get_close_matches

from textual.keys import KEY_NAME_REPLACEMENTS, format_key

# What has a name but no character, and how it is shown.
_NAMED = {
    "enter": "enter",
    "escape": "esc",
    "space": "space",
    "tab": "tab",
    "backspace": "backspace",
    "delete": "del",
    "insert": "ins",
    "up": "↑",
    "down": "↓",
    "left": "←",
    "right": "→",
    "home": "home",
    "end": "end",
    "pageup": "pgup",
    "pagedown": "pgdn",
    **{f"f{number}": f"f{number}" for number in range(1, 25)},
}
# What people write for them besides, as they see it in the footer.
_ALSO = {
    **{shown: name for name, shown in _NAMED.items()},
    "return": "enter",
    "ins": "insert",
    " ": "space",
}
# In the order in which Textual has them.
_MODIFIERS = ("alt", "ctrl", "shift")
# What a terminal sends for them is what it sends for another key.
_SENT_AS = {
    "ctrl+i": "tab",
    "ctrl+m": "enter",
    "ctrl+h": "backspace",
    "ctrl+left_square_bracket": "escape",
}


def read_key(written: str) -> str:
    """What Textual calls a key that a person has written.

    Args:
        written: Such as "n", "?", "ctrl+x", "^x", "f5", "space", "question_mark".

    Raises:
        ValueError: There is no such key; the message says why, and which is meant.
    """
    if len(written) == 2 and written.startswith("^"):
        written = f"ctrl+{written[1:]}"
    *modifiers, name = _parts(written)
    for one in modifiers:
        if one not in _MODIFIERS:
            why = f'"{one}" is no modifier{_meant(one, _MODIFIERS)}'
            raise ValueError(f'"{written}" is no key: {why}')
    key = _name(name, written)
    if len(key) == 1 and modifiers:
        if "shift" in modifiers:
            raise ValueError(f'"{written}" is no key: a capital is written as itself, such as Y')
        key = key.lower()
    key = "+".join([*(one for one in _MODIFIERS if one in modifiers), key])
    if key in _SENT_AS:
        raise ValueError(f'"{written}" is no key of its own: terminals send {_SENT_AS[key]}')
    return key


def shown_key(key: str) -> str:
    """How a key is shown.

    Args:
        key: The key as Textual names it.
    """
    *modifiers, name = _parts(key)
    shown = _NAMED.get(name) or format_key(name)
    if modifiers == ["ctrl"] and len(shown) == 1:
        return f"^{shown}"
    return "+".join([*modifiers, shown])


def _parts(key: str) -> list[str]:
    # The last plus may be the key itself.
    before, plus, name = key[:-1].rpartition("+")
    return [*(before.split("+") if plus else ()), name + key[-1:]]


def _name(name: str, written: str) -> str:
    if name in _NAMED:
        return name
    if name in _ALSO:
        return _ALSO[name]
    if len(name) == 1 and name.isprintable():
        return _of_character(name)
    # Such as "question_mark".
    if len(name) > 1 and len(character := format_key(name)) == 1 and character.isprintable():
        return _of_character(character)
    raise ValueError(f'"{written}" is no key{_meant(name, [*_NAMED, *_ALSO])}')


def _of_character(character: str) -> str:
    if character.isalnum():
        return character
    import unicodedata

    name = unicodedata.name(character, character)
    name = name.lower().replace("-", "_").replace(" ", "_")
    return KEY_NAME_REPLACEMENTS.get(name, name)


def _meant(name: str, names: list[str] | tuple[str, ...]) -> str:
    near = get_close_matches(name.lower(), names, 1)
    return f'; did you mean "{near[0]}"?' if near else ""
