"""Where a character that is not seen itself changes how the text around it looks.

Persian and Urdu need the non-joiner, many scripts of India both, and a family of emoji the joiner.
Between letters of other scripts neither changes anything, so that two names would look the same.
"""

from __future__ import annotations

import re

NON_JOINER = "\u200c"
JOINER = "\u200d"

# Marks between two letters are few; what is further away decides nothing, and need not be read.
_NEAR = 16
_SKIN = "[\U0001f3fb-\U0001f3ff]"
_PICTURE = (
    f"(?!{_SKIN})[\u2194-\u21aa\u231a-\u23ff\u25aa-\u25fe\u2600-\u27bf\u2b05-\u2b55"
    "\U0001f000-\U0001faff]"
)
_AFTER_A_PICTURE = re.compile(f"{_PICTURE}\ufe0f?{_SKIN}?$")
_BEFORE_A_PICTURE = re.compile(_PICTURE)


def joins(text: str, at: int) -> bool:
    """Whether the character at a place of a text is a joiner, or non-joiner, that is needed there.

    That is so by the rule of internet names (RFC 5892, appendix A), and between two emoji.
    """
    if text[at] not in (NON_JOINER, JOINER):
        return False
    before, after = text[max(0, at - _NEAR) : at], text[at + 1 : at + 1 + _NEAR]
    if text[at] == JOINER and _AFTER_A_PICTURE.search(before) and _BEFORE_A_PICTURE.match(after):
        return True
    # Hardly any workspace has a name that asks for it.
    from idna.core import valid_contextj

    try:
        return valid_contextj(before + text[at] + after, len(before))
    except ValueError:
        # Beside it is what is no character yet.
        return False
