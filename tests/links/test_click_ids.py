"""Click ids say which click it was to whoever holds the key, and nothing to anybody else."""

import os

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portevoix.links.click_ids import LENGTH, PARAMETER, ClickId, Key, key_name_of, place_in

KEY, OTHER = Key(b"k" * 32), Key(b"o" * 32)
CHANCE = bytes(range(8))
AT_MS = 1_795_510_800_123


@given(st.integers(1, 2**48 - 1), st.integers(0, 2**48 - 1), st.binary(min_size=8, max_size=8))
def test_click_id_says_link_and_moment_to_its_own_key(link_id: int, at_ms: int, chance: bytes) -> None:
    made = KEY.make(link_id, at_ms, chance).decode()

    assert len(made) == LENGTH
    assert KEY.read(made) == ClickId(link_id, at_ms, chance)
    assert key_name_of(made) == KEY.name.hex()
    assert OTHER.read(made) is None


@given(st.integers(0, LENGTH - 1), st.characters(codec="ascii"))
def test_altered_click_id_is_none(place: int, sign: str) -> None:
    made = KEY.make(7, AT_MS, CHANCE).decode()
    altered = made[:place] + sign + made[place + 1 :]

    assert KEY.read(altered) == (ClickId(7, AT_MS, CHANCE) if altered == made else None)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "pv",
        "A" * 47,
        "A" * 49,
        "A" * 48,
        "é" * 48,
        "=" * 48,
        "AQ" + "\n" * 46,
        "AQ" + "!" * 46,
        "\x00" * 48,
    ],
)
def test_what_was_never_a_click_id_is_none(text: str) -> None:
    assert KEY.read(text) is None


@given(st.text(max_size=60))
def test_any_text_is_read_without_failing(text: str) -> None:
    assert KEY.read(text) is None
    key_name_of(text)


def test_click_ids_of_one_link_look_unrelated() -> None:
    made = [KEY.make(7, AT_MS, os.urandom(8)) for _ in range(200)]

    beginnings = {
        text[:6] for text in made
    }  # version and the key's name: the same for the whole organisation
    places = [{text[place] for text in made} for place in range(6, LENGTH)]
    assert len(set(made)) == 200
    assert len(beginnings) == 1
    # By chance alone, 200 draws of 64 signs leave no place with fewer than thirty different ones. The first place shares
    # its bits with the name.
    assert min(len(signs) for signs in places[1:]) > 30


@pytest.mark.parametrize(
    ("location", "marked"),
    [
        ("https://a.example/", "https://a.example/?pv=ID"),
        ("https://a.example/?x=1", "https://a.example/?x=1&pv=ID"),
        ("https://a.example/?", "https://a.example/?pv=ID"),
        ("https://a.example/?x=a?", "https://a.example/?x=a?&pv=ID"),
        ("https://a.example/?x=1&", "https://a.example/?x=1&pv=ID"),
        ("https://a.example/b#c?d", "https://a.example/b?pv=ID#c?d"),
        ("https://a.example/b?x=%D8%B4#%D8%B4", "https://a.example/b?x=%D8%B4&pv=ID#%D8%B4"),
        ("https://a.example", "https://a.example?pv=ID"),
    ],
)
def test_click_id_stands_before_the_fragment(location: str, marked: str) -> None:
    before, after = place_in(location)

    assert before.endswith(f"{PARAMETER}=")
    assert f"{before}ID{after}" == marked
