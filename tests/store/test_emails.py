"""Emails as people paste them, and which of them are emails."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from store.emails import PastedEmail, clean_email, same_email, split_emails
from store.errors import InvalidInput
from tests.store.house import House


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("", []),
        (" ,;\n\t, ", []),
        ("a@b.example", [("a@b.example", "")]),
        ("a@b.example,c@d.example;e@f.example g@h.example", list("aceg")),
        ("a@b.example\r\nc@d.example\u2028e@f.example", list("ace")),
        ("Ada <a@b.example>", [("a@b.example", "Ada")]),
        ("<a@b.example>", [("a@b.example", "")]),
        ('"Lovelace, Ada" <a@b.example>', [("a@b.example", "Lovelace, Ada")]),
        ('"A; B" <a@b.example>, c@d.example', [("a@b.example", "A; B"), ("c@d.example", "")]),
        ("a@b.example, Ada L <c@d.example>", [("a@b.example", ""), ("c@d.example", "Ada L")]),
        ("Ada <a@b.example>, Bo <c@d.example>", [("a@b.example", "Ada"), ("c@d.example", "Bo")]),
        ("'a@b.example', \"c@d.example\"", list("ac")),
        ("a@b.example < c@d.example", list("ac")),
        ("Ada <a@b.example> nonsense", [("a@b.example", "Ada"), ("nonsense", "")]),
        ("[/red] <a@b.example>", [("a@b.example", "[/red]")]),
        ("nonsense\n[@click=app.quit]x", [("nonsense", ""), ("[@click=app.quit]x", "")]),
        ("\x1b[2J", [("\x1b[2J", "")]),
        ("mailto:a@b.example", list("a")),
        ("MAILTO:a@b.example?subject=Hi", list("a")),
        ("(a@b.example) \u201cc@d.example\u201d, \u2018e@f.example\u2019.", list("ace")),
        ("Write to a@b.example.", [("Write", ""), ("to", ""), ("a@b.example", "")]),
        ("\ufeffa@b.example", list("a")),
        ("Ada L\ta@b.example", [("a@b.example", "Ada L")]),
        ("Ada L,a@b.example\nc@d.example,Cy", [("a@b.example", "Ada L"), ("c@d.example", "Cy")]),
        ('"Lovelace, Ada",a@b.example', [("a@b.example", "Lovelace, Ada")]),
        (
            "[Ada L](mailto:a@b.example) [c@d.example](mailto:c@d.example)",
            [("a@b.example", "Ada L"), ("c@d.example", "")],
        ),
        (
            "Name,Email,Team\nAda,a@b.example,x\n\nCy,c@d.example,y",
            [("a@b.example", "Ada"), ("c@d.example", "Cy")],
        ),
        (
            "\ufeffE-Mail;First name;Last name\na@b.example;Ada;L\n;Bo;M",
            [("a@b.example", "Ada L"), ("Bo M", "")],
        ),
    ],
)
def test_a_paste_is_split(text: str, wanted: list[tuple[str, str] | str]) -> None:
    # A letter stands for the address of the alphabet's next domain, such as a@b.example.
    full = [
        PastedEmail(f"{one}@{chr(ord(one) + 1)}.example") if isinstance(one, str) else one
        for one in wanted
    ]
    assert [(found.text, found.name) for found in split_emails(text)] == [
        (one.text, one.name) if isinstance(one, PastedEmail) else one for one in full
    ]


def test_a_long_line_is_split_whole() -> None:
    emails = [f"user{number}@acme.example" for number in range(20_000)]
    assert [found.text for found in split_emails(", ".join(emails))] == emails
    named = "Ada <ada@acme.example>, " + ", ".join(emails)
    assert len(split_emails(named)) == 20_001


@given(st.text(alphabet="ab@.<>\",; '\n\\[]", max_size=40))
def test_nothing_with_an_at_sign_is_lost(text: str) -> None:
    found = split_emails(text)
    assert all(piece.text == piece.text.strip() for piece in found)
    kept = "".join(piece.text + piece.name for piece in found)
    assert kept.count("a") == text.count("a")


@given(st.lists(st.from_regex(r"[a-z][a-z0-9.+-]{0,8}[a-z]@[a-z]{2,8}\.example", fullmatch=True)))
def test_addresses_come_back_whatever_stands_between_them(emails: list[str]) -> None:
    for between in (",", ", ", ";", "\n", " ", "\t;\r\n"):
        assert [found.text for found in split_emails(between.join(emails))] == emails


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        (" ada@acme.example\n", "ada@acme.example"),
        ("Ada@ACME.Example", "Ada@acme.example"),
        ("ada@corp.local", "ada@corp.local"),
        ("root@localhost", "root@localhost"),
        ("ada@team.test", "ada@team.test"),
        ("ada@intranet", "ada@intranet"),
        ("ada+clearml@acme.example", "ada+clearml@acme.example"),
        ("jose\u0301@acme.example", "jos\u00e9@acme.example"),
        ("ada@b\u00fccher.example", "ada@b\u00fccher.example"),
    ],
)
def test_an_email_is_kept(typed: str, kept: str) -> None:
    assert clean_email(typed) == kept


@pytest.mark.parametrize(
    "typed",
    [
        "",
        " ",
        "ada",
        "@acme.example",
        "ada@",
        "ada@@acme.example",
        "ada lovelace@acme.example",
        "ada@acme..example",
        "[/red]@acme.example",
        "a\x1b[2J@acme.example",
        "a\x00@acme.example",
        "a\u202eb@acme.example",
        "a\ud83d@acme.example",
        "ada@acme.example\nbcc: eve@acme.example",
        "a" * 990 + "@b.example",
    ],
)
def test_what_is_no_email_is_refused(typed: str) -> None:
    with pytest.raises(InvalidInput) as raised:
        clean_email(typed, field="emails")
    assert raised.value.field == "emails"


def test_case_and_width_make_no_other_email() -> None:
    same = ["Ada@acme.example", "ADA@ACME.EXAMPLE", "\uff21da@acme.example"]
    assert len({same_email(email) for email in same}) == 1
    assert same_email("stra\u00dfe@a.example") == same_email("STRASSE@a.example")


@pytest.mark.parametrize("odd", ["Ada|ada@acme.example", "uid=ada@acme.example", "=ada@a.example"])
def test_what_is_of_another_notation_is_refused(house: House, odd: str) -> None:
    (found,) = house.admin.check_invitees(odd)
    assert "Type the email alone." in found.problem
