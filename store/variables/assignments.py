"""What is found of variables: a name, the value that a program gets, and where."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Value:
    """A value as a form has it.

    Attributes:
        text: What a program gets; what stands there where that is open.
        end: Where the value ends in the text, in characters from 0.
        is_open: Whether it is filled in elsewhere, such as `$KEY`.
        is_set: Whether it arrives at all.
        trouble: What is odd about how it is set, to go on a sentence that begins with the name,
            or "".
    """

    text: str = field(repr=False)
    end: int
    is_open: bool = False
    is_set: bool = True
    trouble: str = ""


@dataclass(frozen=True)
class Assignment:
    """A place where a variable gets its value.

    Attributes:
        name: The variable.
        value: What a program gets.
        line: The line of the name, from 1.
        is_call: Whether it is an argument of `Task.set_credentials`, which clients take otherwise
            than a variable.
    """

    name: str
    value: Value
    line: int
    is_call: bool = False
