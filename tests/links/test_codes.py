"""Codes are ours at a glance, and wrong ones are caught before the database."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portevoix.links.codes import ALPHABET, LENGTH, canonical, check_sign, new_code

payloads = st.text(alphabet=ALPHABET, min_size=6, max_size=9)


def test_new_codes_are_well_formed_and_differ() -> None:
    codes = [new_code() for _ in range(1000)]

    assert [canonical(code) for code in codes] == codes
    assert len(set(codes)) == 1000
    assert {len(code) for code in codes} == {LENGTH}


def test_new_code_is_repeated_by_a_seeded_chooser() -> None:
    assert new_code(random.Random(1).choice) == new_code(random.Random(1).choice)


@given(payloads, st.integers(0, 9), st.sampled_from(ALPHABET))
def test_one_wrong_sign_is_always_caught(payload: str, place: int, sign: str) -> None:
    code = payload + check_sign(payload)
    place %= len(code)
    wrong = code[:place] + sign + code[place + 1 :]

    assert (canonical(wrong) is None) == (wrong != code)


@given(payloads, st.integers(0, 8))
def test_two_neighbours_swapped_are_always_caught(payload: str, place: int) -> None:
    code = payload + check_sign(payload)
    place %= len(code) - 1
    swapped = code[:place] + code[place + 1] + code[place] + code[place + 2 :]

    assert (canonical(swapped) is None) == (swapped != code)


def test_thirty_of_thirty_one_made_up_codes_are_refused() -> None:
    chance = random.Random(7)
    tried = ["".join(chance.choices(ALPHABET, k=LENGTH)) for _ in range(31_000)]

    accepted = sum(canonical(code) is not None for code in tried)

    assert 850 < accepted < 1150


@given(st.text())
def test_any_text_is_judged_without_failing(text: str) -> None:
    assert canonical(text) in (None, text.lower())


@pytest.mark.parametrize(
    "text", ["", "222222222", "abc", "a" * 11, "abcdefgh\n", "ａｂｃｄｅｆｇｈｊ", "İabcdefg"]
)
def test_what_is_no_code_is_refused(text: str) -> None:
    assert canonical(text) is None
