"""What README says of keys and options is what the program has."""

import re
from pathlib import Path

import pytest

from cli.arguments import parse_arguments
from tui.keys import (
    ACCESS_RULES,
    ADMINISTRATOR_VAULTS,
    APP,
    CREDENTIALS,
    GROUPS,
    MOVING,
    RESOURCES,
    ROWS,
    SERVICE_ACCOUNTS,
    USERS,
    VAULT,
)

README = (Path(__file__).parents[1] / "README.md").read_text(encoding="utf-8")
KEYS = (
    *MOVING,
    *ROWS,
    *USERS,
    *SERVICE_ACCOUNTS,
    *CREDENTIALS,
    *VAULT,
    *GROUPS,
    *ADMINISTRATOR_VAULTS,
    *ACCESS_RULES,
    *RESOURCES,
    *APP,
)
SHOWN = sorted({word for key in KEYS for word in key.shown.split()})
NAMES = {"del": "delete", "↓": "arrows", "↑": "arrows"}
NAMES |= {f"^{letter}": f"ctrl+{letter}" for letter in "lpz"}


@pytest.mark.parametrize("shown", SHOWN)
def test_each_key_stands_in_the_table_of_keys(shown: str) -> None:
    table = README.split("## Keys")[1].split("\n## ")[0]
    name = NAMES.get(shown, shown)
    assert f"`{name}`" in table or (name == "arrows" and name in table)


def test_each_option_of_the_help_stands_in_the_readme(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        parse_arguments(["--help"])
    options = set(re.findall(r"--[a-z-]+", capsys.readouterr().out))
    assert options
    assert options <= set(re.findall(r"--[a-z-]+", README))


def test_each_picture_that_it_shows_is_there() -> None:
    pictures = re.findall(r"!\[[^]]*\]\(([^)]+)\)", README)
    assert pictures
    assert all((Path(__file__).parents[1] / picture).is_file() for picture in pictures)
