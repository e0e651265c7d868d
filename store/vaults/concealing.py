"""A vault's text with its secrets hidden, to be looked at (SPEC, Secrets).

What is a secret is what `is_secret` says, which the effective configuration asks, too. The text is
walked over, not parsed: where its form leaves doubt, more is hidden rather than less. Lines stay
where they are.
"""

from __future__ import annotations

from store.vaults.formats import Format
from store.vaults.merging import is_secret
from store.vaults.outline import Written, outline
from store.vaults.yaml_outline import yaml_written

# In the place of what is hidden.
HIDDEN = "••••••"

_NO_SECRETS = frozenset({"true", "false", "null", "none", "yes", "no", "on", "off", "~", ""})
_QUOTES = "\"'"


def concealed(text: str, text_format: Format) -> str:
    """The text with a sign in the place of each secret; of a secret of several lines, in each.

    Args:
        text: The text, or its beginning.
        text_format: Its format.
    """
    written = yaml_written(text) if text_format == "yaml" else outline(text).written
    parts, at = [], 0
    for one in written:
        if one.start >= at and _is_hidden(one, text[one.start : one.end]):
            parts += [text[at : one.start], _signs(text[one.start : one.end])]
            at = one.end
    return "".join([*parts, text[at:]])


def _is_hidden(one: Written, words: str) -> bool:
    if one.is_comment:
        # What was taken out of use is often still good.
        body = words.lstrip("#/ \t")
        return is_secret(one.path, body) or is_secret((), body) or concealed(body, "hocon") != body
    value = words.strip()
    if value.casefold() in _NO_SECRETS:
        return False
    return is_secret(one.path, value.strip(_QUOTES))


def _signs(hidden: str) -> str:
    if hidden.startswith(("#", "//")):
        return f"{hidden[: len(hidden) - len(hidden.lstrip('#/'))]} {HIDDEN}"
    lines = hidden.split("\n")
    return "\n".join([HIDDEN, *(HIDDEN if line.strip() else line for line in lines[1:])])
