from datetime import datetime, timedelta

from cast import Cast
from make_library import PaperDoor, feed, make_published_story, make_story
from portevoix.core import tenancy
from portevoix.library import jobs
from portevoix.library.actions import publishing, sources
from portevoix.library.models import Source, Story, StoryState
from working import poll_due_sources


def test_scheduled_story_goes_out_when_its_moment_comes(cast: Cast, now: datetime) -> None:
    story, at = make_story(cast.ines, now=now), now + timedelta(hours=2)
    publishing.schedule_story(story=story, person=cast.ines, publish_at=at, now=now)

    with tenancy.acting_for(None):
        early = jobs.publish_due_stories(at - timedelta(minutes=1))
        in_time = jobs.publish_due_stories(at)

    story.refresh_from_db()
    assert (early, in_time) == (0, 1)
    assert (story.state, story.published_at, story.expires_at) == (
        StoryState.PUBLISHED,
        at,
        at + timedelta(days=14),
    )


def test_scheduled_story_waits_for_a_place_in_a_full_library(cast: Cast, now: datetime) -> None:
    cast.atlas.active_story_limit = 1
    cast.atlas.save()
    out, story, at = (
        make_published_story(cast.ines, now=now),
        make_story(cast.ines, now=now),
        now + timedelta(hours=2),
    )
    publishing.schedule_story(story=story, person=cast.ines, publish_at=at, now=now)

    full = jobs.publish_due_stories(at)
    publishing.archive_story(story=out, person=cast.ines, now=at)
    free = jobs.publish_due_stories(at)

    assert (full, free) == (0, 1)


def test_stories_end_on_their_day_in_every_organisation(cast: Cast, now: datetime) -> None:
    make_published_story(cast.ines, now=now)
    with tenancy.acting_for(cast.other.pk):
        make_published_story(cast.otto, now=now)

    with tenancy.acting_for(None):
        early = jobs.expire_stories(now + timedelta(days=13))
        late = jobs.expire_stories(now + timedelta(days=14))

    assert (early, late) == (0, 2)
    assert set(Story.unscoped.values_list("state", flat=True)) == {StoryState.EXPIRED}


def test_source_that_breaks_us_stops_no_other(cast: Cast, now: datetime) -> None:
    broken, good = "https://casse.example/flux", "https://gazette.example/flux"
    door = PaperDoor({broken: b"", good: feed("https://gazette.example/a")})
    for address in (broken, good):
        sources.add_source(organisation=cast.atlas, person=cast.ines, address=address, now=now, door=door)
    door.answers[broken] = None  # type: ignore[assignment]  # not an answer at all: our bug
    door.answers[good] = feed("https://gazette.example/a", "https://gazette.example/b")

    with tenancy.acting_for(None):
        polled = poll_due_sources(now + timedelta(days=1), door)

    assert polled == 2
    assert dict(Source.objects.values_list("address", "problem")) == {broken: "our_fault", good: ""}


def test_source_claimed_by_another_worker_is_not_read_twice(cast: Cast, now: datetime) -> None:
    door = PaperDoor({"https://gazette.example/flux": feed()})
    source = sources.add_source(
        organisation=cast.atlas, person=cast.ines, address="https://gazette.example/flux", now=now, door=door
    )
    Source.objects.update(due_at=now, claimed_until=now + timedelta(minutes=2))

    assert poll_due_sources(now, door) == 0
    assert poll_due_sources(now + timedelta(minutes=2), door) == 1
    assert source.code == Source.objects.get().code
