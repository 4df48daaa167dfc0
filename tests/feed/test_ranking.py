"""The order of the feed, and why each story is there: pure, hence quick to question."""

from datetime import UTC, datetime, timedelta
from itertools import islice

from hypothesis import given
from hypothesis import strategies as st

from portevoix.feed.ranking import Candidate, Facts, Reason, Why, rank, reasons

NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
ANA = Facts(person_id=1, followed=frozenset({"solar"}))


def story(story_id: int, *, days_old: float = 5, **facts: object) -> Candidate:
    return Candidate(
        story_id=story_id, published_at=NOW - timedelta(days=days_old), **{"expires_at": None, **facts}
    )  # type: ignore[arg-type]


def order(*stories: Candidate, facts: Facts = ANA) -> list[int]:
    return [ranked.candidate.story_id for ranked in rank(stories, facts, NOW)]


def test_followed_theme_comes_before_a_fresher_one() -> None:
    assert order(story(1, days_old=1, pillar="wind"), story(2, days_old=6, pillar="solar")) == [2, 1]


def test_fresh_story_comes_before_an_old_one() -> None:
    assert order(story(1, days_old=9), story(2, days_old=0.1)) == [2, 1]


def test_featured_story_comes_first_among_equals() -> None:
    assert order(story(1), story(2, is_featured=True)) == [2, 1]


def test_story_in_ones_language_comes_first_among_equals() -> None:
    assert order(story(1), story(2, is_spoken=True)) == [2, 1]


def test_shared_story_comes_last_however_good() -> None:
    best = story(1, days_old=0, pillar="solar", is_featured=True, is_spoken=True, shared_on=1)

    assert order(best, story(2, days_old=13)) == [2, 1]


def test_story_to_be_read_only_comes_after_those_to_share() -> None:
    assert order(story(1, is_internal=True), story(2)) == [2, 1]


def test_themes_take_turns_when_stories_are_near() -> None:
    wind = [story(place, pillar="wind", days_old=1 + place / 10) for place in (1, 2, 3)]

    assert order(*wind, story(4, pillar="people", days_old=3)) == [1, 4, 2, 3]


def test_variety_never_hides_a_followed_theme() -> None:
    solar = [story(place, pillar="solar", days_old=1) for place in (1, 2)]

    assert order(*solar, story(3, pillar="wind", days_old=1)) == [1, 2, 3]


def test_reasons_name_what_the_person_declared_first() -> None:
    candidate = story(1, pillar="solar", is_featured=True, days_old=0.1, is_spoken=True)

    assert reasons(candidate, ANA, NOW) == (Reason(Why.FOLLOWED, "solar"), Reason(Why.FEATURED))


def test_reasons_name_the_colleague_who_suggested() -> None:
    assert reasons(story(1, suggested_by=2), ANA, NOW) == (Reason(Why.SUGGESTED, "2"),)


def test_reasons_thank_the_one_who_suggested() -> None:
    assert reasons(story(1, suggested_by=1), ANA, NOW) == (Reason(Why.OWN_SUGGESTION),)


def test_there_is_always_a_reason() -> None:
    assert reasons(story(1), ANA, NOW) == (Reason(Why.EVERYONE),)


def test_story_about_to_end_says_so() -> None:
    assert reasons(story(1, expires_at=NOW + timedelta(hours=47)), ANA, NOW) == (Reason(Why.ENDING),)
    assert reasons(story(1, expires_at=NOW + timedelta(hours=48)), ANA, NOW) == (Reason(Why.EVERYONE),)


CANDIDATES = st.lists(
    st.builds(
        story,
        st.integers(1, 10_000),
        days_old=st.floats(0, 30),
        pillar=st.sampled_from(["", "solar", "wind", "people"]),
        is_featured=st.booleans(),
        shared_on=st.integers(0, 3),
    ),
    unique_by=lambda candidate: candidate.story_id,
    max_size=40,
)


@given(CANDIDATES)
def test_every_story_is_ranked_once_shared_ones_last(candidates: list[Candidate]) -> None:
    ranked = [one.candidate for one in rank(candidates, ANA, NOW)]

    assert sorted(one.story_id for one in ranked) == sorted(one.story_id for one in candidates)
    assert [one.shared_on > 0 for one in ranked] == sorted(one.shared_on > 0 for one in ranked)


@given(CANDIDATES, st.integers(0, 10))
def test_first_page_is_the_beginning_of_the_whole(candidates: list[Candidate], size: int) -> None:
    whole = order(*candidates)

    assert [one.candidate.story_id for one in islice(rank(candidates, ANA, NOW), size)] == whole[:size]
    assert order(*reversed(candidates)) == whole
