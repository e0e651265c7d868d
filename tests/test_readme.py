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

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
MANUAL = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
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


def test_each_option_of_the_help_stands_in_the_manual(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        parse_arguments(["--help"])
    options = set(re.findall(r"--[a-z-]+", capsys.readouterr().out))
    assert options
    said = "".join(path.read_text(encoding="utf-8") for path in MANUAL)
    assert options <= set(re.findall(r"--[a-z-]+", said))


def test_each_picture_that_it_shows_is_there() -> None:
    pictures = re.findall(r"!\[[^]]*\]\(([^)]+)\)", README)
    assert pictures
    assert all((ROOT / picture).is_file() for picture in pictures)


@pytest.mark.parametrize("path", MANUAL, ids=lambda path: path.name)
def test_each_link_within_the_manual_leads_somewhere(path: Path) -> None:
    for target in re.findall(r"\]\((?!https?:)([^)]+)\)", path.read_text(encoding="utf-8")):
        name, _, heading = target.partition("#")
        found = path.parent / name if name else path
        assert found.exists(), target
        headings = (
            re.findall(r"^#+ (.*)$", found.read_text(encoding="utf-8"), re.MULTILINE)
            if heading
            else []
        )
        anchors = [re.sub(r"[^\w -]", "", one.lower()).replace(" ", "-") for one in headings]
        assert not heading or heading in anchors, target
