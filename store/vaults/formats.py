"""The formats that a vault's text can have."""

from __future__ import annotations

from typing import Literal, get_args

Format = Literal["hocon", "json", "yaml"]

FORMATS: tuple[Format, ...] = get_args(Format)
SHOWN: dict[Format, str] = {"hocon": "HOCON", "json": "JSON", "yaml": "YAML"}
