"""Makes a page: HTML that works without any script, from templates that escape what they are given.

What people have typed is markup in none of them, and each character of it that would not be seen is
made visible, as on the screens.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup
from starlette.responses import HTMLResponse

from store.text import visible

_TEMPLATES = Path(__file__).parent / "templates"
# It stands in each page, which may be behind a proxy that lets nothing else through.
_STYLE = Markup((_TEMPLATES / "style.css").read_text(encoding="utf-8"))


def _policy() -> str:
    digest = base64.b64encode(hashlib.sha256(_STYLE.encode()).digest()).decode()
    return (
        f"default-src 'none'; style-src 'sha256-{digest}'; form-action 'self'; "
        "base-uri 'none'; frame-ancestors 'none'"
    )


# The path holds a secret, and so may the page: neither is to stay in a cache or go elsewhere.
_HEADERS = {
    "cache-control": "no-store",
    "referrer-policy": "no-referrer",
    "content-security-policy": _policy(),
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "cross-origin-opener-policy": "same-origin",
    "x-robots-tag": "noindex, nofollow",
}


def _shown(value: object) -> object:
    return visible(value) if isinstance(value, str) and not isinstance(value, Markup) else value


_ENVIRONMENT = Environment(
    loader=FileSystemLoader(_TEMPLATES),
    autoescape=True,
    auto_reload=False,
    finalize=_shown,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


def page(
    template: str, status: int = 200, *, headers: Mapping[str, str] | None = None, **values: Any
) -> HTMLResponse:
    """A page.

    Args:
        template: The name of its template.
        status: The HTTP status.
        headers: Further headers.
        values: What the template is given.
    """
    content = _ENVIRONMENT.get_template(template).render(style=_STYLE, **values)
    return HTMLResponse(content, status, {**_HEADERS, **(headers or {})})
