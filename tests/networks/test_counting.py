import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portevoix.networks import counting
from portevoix.networks.contract import Unit

VECTORS = json.loads((Path(__file__).parent / "vectors.json").read_text(encoding="utf-8"))
PLAIN = st.text(alphabet=st.characters(min_codepoint=0x61, max_codepoint=0x7A), max_size=60)
ANYTHING = st.text(max_size=80)


@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: f"{vector['unit']}: {vector['why']}")
def test_counting_follows_the_network(vector: dict[str, str]) -> None:
    assert counting.count(Unit(vector["unit"]), vector["text"]) == vector["length"]


@pytest.mark.parametrize("unit", list(Unit))
@given(text=PLAIN)
def test_counting_agrees_with_everyone_on_plain_letters(unit: Unit, text: str) -> None:
    assert counting.count(unit, text) == len(text)


@pytest.mark.parametrize("unit", list(Unit))
@given(text=ANYTHING)
def test_counting_never_fails_and_never_shrinks_below_zero(unit: Unit, text: str) -> None:
    assert counting.count(unit, text) >= 0


@given(first=PLAIN, second=PLAIN)
def test_counting_adds_up_across_a_space(first: str, second: str) -> None:
    whole = counting.weighted_length(f"{first} {second}")

    assert whole == counting.weighted_length(first) + 1 + counting.weighted_length(second)


@given(path=st.text(alphabet="abcXYZ0189-_/", min_size=1, max_size=200))
def test_counting_prices_a_link_the_same_whatever_its_path(path: str) -> None:
    assert counting.weighted_length(f"https://example.com/{path}a") == counting.SHORT_LINK_LENGTH


@given(words=st.text(alphabet=st.characters(min_codepoint=0x621, max_codepoint=0x64A), max_size=100))
def test_counting_weighs_an_arabic_letter_once(words: str) -> None:
    composed = counting.unicodedata.normalize("NFC", words)

    assert counting.weighted_length(words) == len(composed)


@given(text=ANYTHING)
def test_little_text_comes_back_when_its_backslashes_are_read(text: str) -> None:
    escaped = iter(counting.little_text(text))

    assert "".join(next(escaped) if mark == "\\" else mark for mark in escaped) == text


def test_little_text_escapes_every_reserved_character() -> None:
    assert counting.little_text("(a) #b @c_d~") == r"\(a\) \#b \@c\_d\~"


@pytest.mark.parametrize(
    "text",
    [
        "a." * 50_000,
        "a-" * 50_000,
        "(a" * 50_000,
        "https://" * 12_500,
        "https://a.bc/" + "(a" * 50_000,
        "@a" * 50_000,
    ],
    ids=["dots", "hyphens", "brackets", "schemes", "path", "mentions"],
)
def test_counting_reads_a_hostile_text_to_its_end(text: str) -> None:
    assert counting.weighted_length(text) > 0
    assert counting.short_links_length(text) > 0
