from collections import Counter
from dataclasses import dataclass

import pytest

from portevoix.sharing.suggestions import first_caption, fitting, next_caption


@dataclass(frozen=True)
class Caption:
    code: str
    language: str = "fr"
    network: str = ""


CAPTIONS = [Caption(code) for code in "abcde"]


def test_suggestion_is_the_same_again_for_the_same_person() -> None:
    asked = [
        first_caption(captions, person_code="ana", story_code="s1", times_used={})
        for captions in (CAPTIONS, CAPTIONS[::-1])
    ]

    assert asked[0] == asked[1]


def test_suggestion_changes_from_person_to_person_and_spreads_evenly() -> None:
    met = Counter(
        first_caption(CAPTIONS, person_code=f"p{number}", story_code="s1", times_used={}).code
        for number in range(1_000)
    )

    assert sorted(met) == ["a", "b", "c", "d", "e"]
    assert min(met.values()) > 150
    assert max(met.values()) < 250


def test_suggestion_changes_from_story_to_story() -> None:
    met = {
        first_caption(CAPTIONS, person_code="ana", story_code=f"s{number}", times_used={}).code
        for number in range(50)
    }

    assert met == set("abcde")


def test_suggestion_is_the_least_used_by_others() -> None:
    used = {"a": 3, "b": 2, "c": 1, "d": 2, "e": 4}

    assert first_caption(CAPTIONS, person_code="ana", story_code="s1", times_used=used).code == "c"


def test_suggestions_even_out_as_people_use_them() -> None:
    used: Counter[str] = Counter()

    for number in range(100):
        used[first_caption(CAPTIONS, person_code=f"p{number}", story_code="s1", times_used=used).code] += 1

    assert used == {"a": 20, "b": 20, "c": 20, "d": 20, "e": 20}


def test_another_suggestion_goes_through_all_before_coming_back() -> None:
    seen = [first_caption(CAPTIONS, person_code="ana", story_code="s1", times_used={}).code]

    for _turn in range(9):
        following = next_caption(CAPTIONS, seen=seen, person_code="ana", story_code="s1", times_used={})
        seen.append(following.code)

    assert sorted(seen[:5]) == list("abcde")
    assert seen[5:] == seen[:5]


def test_another_suggestion_of_one_is_the_same() -> None:
    only = CAPTIONS[:1]

    assert next_caption(only, seen=["a"], person_code="ana", story_code="s1", times_used={}) == only[0]


def test_suggestion_refuses_to_choose_from_nothing() -> None:
    with pytest.raises(ValueError, match="no caption"):
        first_caption([], person_code="ana", story_code="s1", times_used={})
    with pytest.raises(ValueError, match="no caption"):
        next_caption([], seen=[], person_code="ana", story_code="s1", times_used={})


def test_captions_written_for_the_network_come_before_those_for_all() -> None:
    captions = [Caption("all"), Caption("x", network="x"), Caption("en", language="en", network="x")]

    assert [caption.code for caption in fitting(captions, language="fr", network="x")] == ["x"]
    assert [caption.code for caption in fitting(captions, language="fr", network="linkedin")] == ["all"]
    assert fitting(captions, language="ar", network="x") == []
