"""The forms in which people write what sets a client's variables, for tests that paste them."""

from __future__ import annotations

import json
import shlex
from collections.abc import Callable, Mapping

# Makes what is pasted of variables and their values.
Write = Callable[[Mapping[str, str]], str]


def lines(form: str, quote: Callable[[str], str] = str) -> Write:
    """A form that has a line for each variable."""
    return lambda pairs: "\n".join(
        form.format(name=name, value=quote(value)) for name, value in pairs.items()
    )


def joined(head: str, each: str, between: str, tail: str, quote: Callable[[str], str]) -> Write:
    """A form that has all variables one behind the other."""
    return lambda pairs: (
        head
        + between.join(each.format(name=name, value=quote(value)) for name, value in pairs.items())
        + tail
    )


def double(value: str) -> str:
    """In double quotes."""
    return f'"{value}"'


def single(value: str) -> str:
    """In single quotes."""
    return f"'{value}'"


ARGUMENTS = {
    "CLEARML_WEB_HOST": "web_host",
    "CLEARML_API_HOST": "api_host",
    "CLEARML_FILES_HOST": "files_host",
    "CLEARML_API_ACCESS_KEY": "key",
    "CLEARML_API_SECRET_KEY": "secret",
}


def set_credentials(pairs: Mapping[str, str]) -> str:
    """A call of the SDK's."""
    given = ",\n    ".join(f"{ARGUMENTS[name]}={value!r}" for name, value in pairs.items())
    return f"from clearml import Task\nTask.set_credentials(\n    {given},\n)\n"


# Those that can carry any text of one line without quotes in it.
QUOTING: dict[str, Write] = {
    "sh": lines("export {name}={value}", shlex.quote),
    "sh, double quotes": lines('export {name}="{value}"'),
    "sh, one line": joined("", "{name}={value}", " ", " python x.py", shlex.quote),
    "sh, and": joined("", "export {name}={value}", " && ", "", shlex.quote),
    "sh, semicolons": joined("", "export {name}={value}", "; ", ";", shlex.quote),
    "sh, at a prompt": lines("ada@box:~/x$ export {name}={value}", shlex.quote),
    "sh, for later": lines("echo 'export {name}=\"{value}\"' >> ~/.bashrc"),
    "env": joined("env -i ", "{name}={value}", " ", " clearml-agent daemon", shlex.quote),
    "docker run": joined("docker run \\\n", "  -e {name}={value} \\\n", "", "  x", shlex.quote),
    "docker run --env": joined("docker run ", "--env {name}={value}", " ", " x", shlex.quote),
    "docker run --env=": joined("docker run ", '--env="{name}={value}"', " ", " x", str),
    "fish": lines("set -gx {name} {value}", single),
    "csh": lines("setenv {name} {value}", single),
    "PowerShell": lines("PS C:\\> $env:{name} = {value}", single),
    "PowerShell, one line": joined("", "$Env:{name}={value}", "; ", "", double),
    "PowerShell, kept": lines(
        '[Environment]::SetEnvironmentVariable("{name}", {value}, "User")', single
    ),
    "cmd.exe": lines('C:\\>set "{name}={value}"'),
    "cmd.exe, one line": joined("", 'set "{name}={value}"', " & ", " & python x.py", str),
    "setx": lines('setx {name} "{value}"'),
    "Dockerfile": lines("ENV {name}={value}", single),
    "Dockerfile, one": joined("ENV ", "{name}={value}", " \\\n    ", "\nRUN x", double),
    "systemd": lines('Environment="{name}={value}"'),
    "Compose, map": lines("      {name}: {value}", single),
    "Compose, map in a line": joined("environment: {", "{name}: {value}", ", ", "}", double),
    "Compose, list": lines('      - "{name}={value}"'),
    "Compose, list in a line": joined("environment: [", "'{name}={value}'", ", ", "]", str),
    "Kubernetes": lines("  - name: {name}\n    value: {value}", double),
    "Kubernetes, in lines": lines("  - {{name: {name}, value: {value}}}", double),
    "Kubernetes, JSON": joined("[", '{{"name": "{name}",\n"value": {value}}}', ",\n", "]", double),
    "os.environ": lines('os.environ["{name}"] = {value}', repr),
    "os.environ.setdefault": lines(">>> os.environ.setdefault('{name}', {value})", repr),
    "os.environ.update": lambda pairs: f"os.environ.update({dict(pairs)!r})",
    "os.environ.update, words": joined("os.environ.update(", "{name}={value}", ", ", ")", repr),
    "Task.set_credentials": set_credentials,
    "JSON": lambda pairs: json.dumps({"env": dict(pairs)}, indent=2, ensure_ascii=False),
}

# Those that have no quotes, or take them for a part of the value.
PLAIN: dict[str, Write] = {
    "sh, no quotes": lines("export {name}={value} # mine"),
    ".env": lines("{name}={value}"),
    ".env, loose": lines("{name} = {value}"),
    "cmd.exe, no quotes": lines("set {name}={value}"),
    "setx, no quotes": lines("setx /M {name} {value}"),
    "fish, no quotes": lines("set -x {name} {value}; # mine"),
    "csh, no quotes": lines("setenv {name} {value}"),
    "Dockerfile, no sign": lines("ENV {name} {value}"),
    "systemd, no quotes": lines("Environment={name}={value}"),
    "Compose, map, no quotes": lines("      {name}: {value}   # mine"),
    "Compose, list, no quotes": lines("    - {name}={value}"),
    "Compose, block": lines("    {name}: |\n      {value}"),
    "Kubernetes, no quotes": lines("  - name: {name}\n    value: {value}"),
    "notebook": lines("%env {name}={value}"),
    "notebook, no sign": lines("%env {name} {value}"),
    "notebook, set_env": lines("%set_env {name}={value}"),
    "conda": joined("conda env config vars set ", "{name}={value}", " ", "", str),
}
FORMS = QUOTING | PLAIN
