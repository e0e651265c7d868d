"""The order of names, and what a filter takes for the same letter."""

from __future__ import annotations

import unicodedata
from itertools import pairwise

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from store.alphabet import name_key, place, places, plain, plain_all
from store.ordered_ids import OrderedIds
from store.text import fold

NAMES = st.text(st.characters(exclude_categories=["Cs"]))
# What a name is made of where its order is a matter: letters with and without marks, and digits.
TANGLED = st.text(st.sampled_from("aAáÅæzZß0019٣² -/\0\u0301\u200cйип가힣"), max_size=12)


@pytest.mark.parametrize(
    "names",
    [
        ["Dora", "Élodie", "Elvis", "Emil", "Zoë"],
        ["Elena", "Élodie", "eric"],
        ["Lukas", "Łukasz", "Luz"],
        ["Ola", "Øle", "Olga"],
        ["aerosol", "Æsir", "af"],
        ["Strasbourg", "Straße", "Strauß"],
        ["node1", "node2", "node9", "node10", "node10a", "node11", "node100"],
        ["node 1 rack 9", "node 1 rack 10", "node 2 rack 1"],
        ["1.9", "1.10", "2"],
        ["٣", "4", "١٠", "11"],
        ["v2", "v²0", "v21"],
        ["", "0", "00", "01", "1", "9" * 8, "9" * 9, "1" + "0" * 9, "9" * 5_000, "1" + "0" * 5_000],
        ["Иван", "Йван", "Кирилл"],
        ["Елена", "Ёлка", "Ельцин"],
        ["가", "각", "나"],
        ["か", "が", "き"],
        ["कम", "काम", "किम"],
        ["Ada", "Zoë", "Ωmega", "Анна", "界"],
    ],
)
def test_names_stand_where_people_look_for_them(names: list[str]) -> None:
    assert sorted(reversed(names), key=lambda name: name_key(name, "")) == names
    for before, after in pairwise(names):
        assert name_key(before, "") < name_key(after, ""), (before, after)


def test_names_that_share_a_place_are_in_the_order_of_their_texts_and_ids() -> None:
    names = {"3": "Elodie", "1": "Élodie", "2": "élodie", "0": "Élodie", "4": "node01"}
    names |= {"5": "node1", "6": "node001"}
    wanted = ["3", "0", "1", "2", "6", "4", "5"]
    assert sorted(names, key=lambda key: name_key(names[key], key)) == wanted
    assert OrderedIds(list(names), list(names.values())).all == wanted


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("Élodie", "elodie"),
        ("E\u0301LODIE", "elodie"),
        ("Łódź", "lodz"),
        ("Tromsø", "tromso"),
        ("STRASSE straße STRAẞE", "strasse strasse strasse"),
        ("Ærø Œuvre", "aero oeuvre"),
        ("Þóra Guðrún", "thora gudrun"),
        ("İpek ışık", "ipek isik"),
        ("Đặng Thị Thảo Ơ", "dang thi thao o"),
        ("ＦＵＬＬ ﬁne", "full fine"),
        ("Ⅻ ① ٣ ३ ²", "xii 1 3 3 2"),
        ("Ёлка", "елка"),
        ("Йод Їжак", "йод їжак"),
        ("Άννα ΣΊΣΥΦΟΣ Σίσυφος", "αννα σισυφοσ σισυφοσ"),
        ("أحمد", "احمد"),
        ("מֹשֶׁה", "משה"),
        # Marks that make another syllable stay.
        ("हिन्दी क़लम", "हिन्दी क़लम"),
        ("ガ が 한글 ไทย", "ガ が 한글 ไทย"),
        # What chooses between two looks of the same text is not typed by everybody.
        ("می\u200cخواهم", "میخواهم"),
        ("क्\u200dष", "क्ष"),
        ("葛\U000e0100 ☎\ufe0f", "葛 ☎"),
        # What would hide in a name is found by being there.
        ("a\u200bb\u202ec\0", "a\u200bb\u202ec\0"),
    ],
)
def test_a_filter_takes_these_for_the_same(text: str, wanted: str) -> None:
    assert plain(text) == wanted
    assert plain(wanted) == wanted


@given(NAMES, NAMES)
@example("ᾳ", "αι")
def test_names_that_are_the_same_are_found_as_the_same(one: str, other: str) -> None:
    for text in (unicodedata.normalize(form, one) for form in ("NFC", "NFD", "NFKC", "NFKD")):
        assert plain(text) == plain(one)
    assert plain(fold(one)) == plain(one)
    if fold(one) == fold(other):
        assert place(one) == place(other)


@given(NAMES)
@example("\u0345ᾳ")
@example("\u1e9b\u0323")
def test_a_text_in_the_form_of_a_filter_stays_as_it_is(text: str) -> None:
    assert plain(plain(text)) == plain(text)


@given(st.lists(NAMES | TANGLED | st.text("a9", max_size=4)))
@example(["\0", "9\0", "", "e\u0301"])
def test_many_are_as_one_by_one(texts: list[str]) -> None:
    assert plain_all(texts) == list(map(plain, texts))
    assert places(texts) == list(map(place, texts))


@given(st.lists(st.tuples(NAMES | TANGLED, st.text("0123456789abcdef", max_size=3)), unique=True))
def test_no_two_are_equal_in_the_order_of_names(named: list[tuple[str, str]]) -> None:
    ordered = sorted(named, key=lambda one: name_key(*one))
    assert sorted(reversed(named), key=lambda one: name_key(*one)) == ordered
    assert all(name_key(*one) < name_key(*next_one) for one, next_one in pairwise(ordered))
    ids = [f"{key}-{number}" for number, (_, key) in enumerate(named)]
    names = [name for name, _ in named]
    by_key = sorted(zip(names, ids, strict=True), key=lambda one: name_key(*one))
    assert OrderedIds(ids, names).all == [key for _, key in by_key]


@given(TANGLED.map(lambda text: f"{text}n"), st.integers(0), st.integers(0))
def test_numbers_are_in_the_order_of_their_size(before: str, one: int, other: int) -> None:
    assert (place(f"{before}{one}") < place(f"{before}{other}")) == (one < other)
    assert place(f"{before}{one:09}x") == place(f"{before}{one}x")


@pytest.mark.parametrize("text", ["9", "09", "1a", "e\u0301", "\u0301", "٣", "\u200d", "ß"])
def test_a_long_hostile_name_has_a_place_as_long_as_itself(text: str) -> None:
    # Python itself makes no number of more than 4,300 digits.
    for times in (500, 5_000, 100_000):
        assert len(place(text * times)) <= 2 * len(text) * times + 10
