"""What is handed out with a credential: the configuration that ClearML's clients read.

The section is pasted at a wizard's prompt or saved as `~/clearml.conf`. The wizards read up to a
line that is just `}` at the left margin, or to an empty line, and in the terminal's line mode,
which cuts a line that is very long. So what people have named is one short line of comment.
"""

from __future__ import annotations

import shlex
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import SplitResult, urlsplit

from store.credential_views import IssuedCredential

if TYPE_CHECKING:
    from store.models import Settings

# So much of each name is in the comment, which is there to tell one section from another.
_LONGEST_IN_COMMENT = 100
_REPLACEMENT = "\N{REPLACEMENT CHARACTER}"

# The environment variables that stand for a section, in its order.
WEB_VARIABLE = "CLEARML_WEB_HOST"
API_VARIABLE = "CLEARML_API_HOST"
FILES_VARIABLE = "CLEARML_FILES_HOST"
ACCESS_KEY_VARIABLE = "CLEARML_API_ACCESS_KEY"
SECRET_KEY_VARIABLE = "CLEARML_API_SECRET_KEY"


@dataclass(frozen=True)
class Configuration:
    """A credential as clients take it, in three forms, with the URLs of the workspace.

    Attributes:
        section: The section of a `clearml.conf`.
        shell: Lines that a shell reads.
        notebook: Lines for a notebook's cell.
        notices: Sentences to show beside it; the one on URLs that are still the prefilled ones is
            not among them.
    """

    section: str = field(repr=False)
    shell: str = field(repr=False)
    notebook: str = field(repr=False)
    notices: tuple[str, ...]


def configuration_of(settings: Settings, issued: IssuedCredential) -> Configuration:
    """The configuration that signs a client in with a credential that was just made.

    Args:
        settings: The workspace's settings.
        issued: The credential.
    """
    variables = {
        WEB_VARIABLE: settings.web_url,
        API_VARIABLE: settings.api_url,
        FILES_VARIABLE: settings.files_url,
        ACCESS_KEY_VARIABLE: issued.access_key,
        SECRET_KEY_VARIABLE: issued.secret_key,
    }
    return Configuration(
        section=_section(settings, issued),
        shell="".join(f"export {name}={shlex.quote(to)}\n" for name, to in variables.items()),
        notebook="".join(f"%env {name}={to}\n" for name, to in variables.items()),
        notices=(*_on_wizards(settings), *_on_path(settings)),
    )


def _section(settings: Settings, issued: IssuedCredential) -> str:
    names = map(_one_line, (settings.name, issued.called, issued.label))
    workspace, member, label = names
    return f"""\
api {{
  # {workspace}: {member} ({label})
  web_server: {_quoted(settings.web_url)}
  api_server: {_quoted(settings.api_url)}
  files_server: {_quoted(settings.files_url)}
  credentials {{
    "access_key" = {_quoted(issued.access_key)}
    "secret_key" = {_quoted(issued.secret_key)}
  }}
}}
"""


def _one_line(name: str) -> str:
    """A name with a sign in the place of all that could end a line or steer a terminal."""
    shown = "".join(map(_harmless, name))
    if len(shown) <= _LONGEST_IN_COMMENT:
        return shown
    return f"{shown[: _LONGEST_IN_COMMENT - 1].rstrip()}…"


def _harmless(character: str) -> str:
    if character.isprintable():
        return character
    return " " if character.isspace() else _REPLACEMENT


def _quoted(value: str) -> str:
    # Settings refuse URLs that need this; those of the first start come from the host's name.
    escaped = value.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def _on_wizards(settings: Settings) -> tuple[str, ...]:
    urls = (settings.web_url, settings.api_url, settings.files_url)
    if not all(map(_survives_a_wizard, urls)):
        return (
            "Save the section as ~/clearml.conf instead of pasting it at a wizard: clearml-init "
            "and clearml-agent init write server URLs of this form so that they cannot be read.",
        )
    wanted = tuple(url.rstrip("/") for url in urls[1:])
    if _guessed_by_the_agent(urlsplit(settings.web_url)) != wanted:
        return (
            "Save the section as ~/clearml.conf instead of pasting it at a wizard: clearml-agent "
            "init guesses the API and files URLs from the web URL, wrongly for this workspace.",
        )
    return ()


def _survives_a_wizard(url: str) -> bool:
    """Whether a URL is understood by a wizard, which takes and writes it without quotes."""
    usual = url.startswith(("http://", "https://"))
    return usual and all(letter.isalnum() or letter in "-._~%:/" for letter in url)


def _guessed_by_the_agent(web: SplitResult) -> tuple[str, str] | None:
    """The API and files URLs that `clearml-agent init` offers for a web URL, or None."""
    host = web.netloc
    if host.startswith("app."):
        hosts = (host.replace("app.", "api.", 1), host.replace("app.", "files.", 1))
    elif host.startswith(("api.", "demoapp.", "demoapi.")) or not host.endswith(":8080"):
        return None
    else:
        hosts = (host.replace(":8080", ":8008", 1), host.replace(":8080", ":8081", 1))
    api, files = (f"{web.scheme}://{host}{web.path}".rstrip("/") for host in hosts)
    return api, files


def _on_path(settings: Settings) -> tuple[str, ...]:
    host_and_path = settings.api_url.partition("://")[2]
    path = host_and_path.partition("/")[2].rstrip("/")
    if not path:
        return ()
    return (
        f"The API URL has a path: clients call /{path}/auth.login. "
        f"A proxy before the API server must take /{path} away.",
    )
