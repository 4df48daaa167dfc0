import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portevoix.sharing.own_words import own_words

VECTORS = json.loads((Path(__file__).parent / "own_words_vectors.json").read_text(encoding="utf-8"))
WORDS = st.lists(
    st.sampled_from(["solaire", "toit", "de", "équipe", "شمس", "في", "proud"]), min_size=2, max_size=12
).map(" ".join)


def measured(vector: dict[str, object]) -> dict[str, object]:
    text = str(vector["text"])
    found = own_words(text, vector["suggestions"], str(vector["disclosure"]))
    pieces = [{"text": text[span.start : span.end], "own": span.own} for span in found.spans]
    return {"ratio": found.ratio, "pieces": pieces}


@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: vector["why"])
def test_own_words_are_told_from_suggested_ones(vector: dict[str, object]) -> None:
    found = measured(vector)

    assert found["ratio"] == pytest.approx(vector["ratio"])
    assert found["pieces"] == vector["pieces"]


@given(text=WORDS)
def test_own_words_of_an_untouched_suggestion_are_none(text: str) -> None:
    assert own_words(text, text).ratio == 0


@given(text=st.text(max_size=60), suggestion=st.text(max_size=60))
def test_own_words_cover_the_whole_text_in_order(text: str, suggestion: str) -> None:
    found = own_words(text, [suggestion])

    assert "".join(text[span.start : span.end] for span in found.spans) == text
    assert 0 <= found.ratio <= 1


@given(text=WORDS, suggestion=WORDS)
def test_own_words_never_grow_with_more_suggestions_of_the_same(text: str, suggestion: str) -> None:
    assert own_words(text, [suggestion, suggestion]) == own_words(text, suggestion)


def test_own_words_read_a_hundred_thousand_characters() -> None:
    text = " ".join(f"mot{number}" for number in range(14_000))
    suggestion = " ".join(f"mot{number}" for number in range(0, 3_000, 2))

    found = own_words(text, [suggestion] * 15)

    assert found.ratio > 0.9
