import pytest

from portevoix.library import rules
from portevoix.library.states import MOVES, StoryState, may_move


def test_moves_name_every_state() -> None:
    assert set(MOVES) == set(StoryState)


@pytest.mark.parametrize(
    ("state", "to", "allowed"),
    [
        ("draft", "published", True),
        ("in_review", "draft", True),
        ("published", "draft", False),
        ("archived", "published", False),
        ("expired", "published", True),
        ("nowhere", "draft", False),
    ],
)
def test_moves_follow_the_table(state: str, to: str, allowed: bool) -> None:
    assert may_move(state, StoryState(to)) is allowed


@pytest.mark.parametrize(
    ("state", "is_author", "publishes", "allowed"),
    [
        ("draft", True, False, True),
        ("in_review", True, False, False),
        ("draft", False, False, False),
        ("published", False, True, True),
        ("archived", True, True, False),
    ],
)
def test_editing_is_for_editors_and_for_the_author_of_a_draft(
    state: str, is_author: bool, publishes: bool, allowed: bool
) -> None:
    assert rules.may_edit(state=state, is_author=is_author, publishes=publishes) is allowed


@pytest.mark.parametrize(
    ("declared", "expected"),
    [("fr-FR", "fr"), ("AR", "ar"), ("en_GB", "en"), ("de", "fr"), (None, "fr"), ("", "fr")],
)
def test_language_is_one_of_ours_or_the_organisation_s(declared: str | None, expected: str) -> None:
    assert rules.language_of(declared, ["fr", "en", "ar"], "fr") == expected


def test_missing_languages_keep_the_order_of_the_audience() -> None:
    assert rules.missing_languages(["ar", "fr", "en"], {"fr"}) == ["ar", "en"]


def test_problem_without_words_of_its_own_is_said_all_the_same() -> None:
    assert str(rules.problem_words("never_heard_of")) != ""
    assert rules.problem_words("") == ""
