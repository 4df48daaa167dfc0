from collections import Counter
from dataclasses import dataclass

from portevoix.sharing.suggestions import fitting, in_order


@dataclass(frozen=True)
class Caption:
    code: str
    language: str = "fr"
    network: str = ""


CAPTIONS = [Caption(code) for code in "abcde"]


def test_suggestion_is_the_same_again_for_the_same_person() -> None:
    asked = [
        in_order(captions, person_code="ana", story_code="s1", times_used={})[0]
        for captions in (CAPTIONS, CAPTIONS[::-1])
    ]

    assert asked[0] == asked[1]


def test_suggestion_changes_from_person_to_person_and_spreads_evenly() -> None:
    met = Counter(
        in_order(CAPTIONS, person_code=f"p{number}", story_code="s1", times_used={})[0].code
        for number in range(1_000)
    )

    assert sorted(met) == ["a", "b", "c", "d", "e"]
    assert min(met.values()) > 150
    assert max(met.values()) < 250


def test_suggestion_changes_from_story_to_story() -> None:
    met = {
        in_order(CAPTIONS, person_code="ana", story_code=f"s{number}", times_used={})[0].code
        for number in range(50)
    }

    assert met == set("abcde")


def test_suggestion_is_the_least_used_by_others() -> None:
    used = {"a": 3, "b": 2, "c": 1, "d": 2, "e": 4}

    assert in_order(CAPTIONS, person_code="ana", story_code="s1", times_used=used)[0].code == "c"


def test_suggestions_even_out_as_people_use_them() -> None:
    used: Counter[str] = Counter()

    for number in range(100):
        used[in_order(CAPTIONS, person_code=f"p{number}", story_code="s1", times_used=used)[0].code] += 1

    assert used == {"a": 20, "b": 20, "c": 20, "d": 20, "e": 20}


def test_captions_written_for_the_network_come_before_those_for_all() -> None:
    captions = [Caption("all"), Caption("x", network="x"), Caption("en", language="en", network="x")]

    assert [caption.code for caption in fitting(captions, language="fr", network="x")] == ["x"]
    assert [caption.code for caption in fitting(captions, language="fr", network="linkedin")] == ["all"]
    assert fitting(captions, language="ar", network="x") == []
