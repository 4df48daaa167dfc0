from datetime import datetime, timedelta

import pytest

from cast import Cast
from make_library import PaperDoor, feed, page, picture
from portevoix.core import outgoing, tenancy
from portevoix.core.errors import NotFound, Refusal
from portevoix.library import queries
from portevoix.library.actions import sources
from portevoix.library.models import Destination, Source, Story, StoryState
from portevoix.people.models import Audience
from shared import shared_data
from working import poll_due_sources

FEED = "https://gazette.example/flux.xml"
LINKS = tuple(f"https://gazette.example/article-{place}" for place in range(1, 6))


def add(cast: Cast, now: datetime, door: PaperDoor, **facts: object) -> Source:
    return sources.add_source(
        organisation=cast.atlas, person=cast.ines, address=FEED, now=now, door=door, **facts
    )


def door_of(content: bytes, **headers: str) -> PaperDoor:
    answer = outgoing.Answer(url=FEED, status=200, headers=headers, content=content)
    return PaperDoor({FEED: answer, **{link: page(f"Page {link[-1]}") for link in LINKS}})


def test_source_read_at_once_fills_the_review_queue(cast: Cast, now: datetime) -> None:
    source = add(cast, now, door_of(feed(*LINKS[:2])), name="Gazette")

    stories = list(queries.stories_in_review())
    assert [(story.title, story.link, story.source, story.author) for story in stories] == [
        ("Titre 1", LINKS[0], source, None),
        ("Titre 2", LINKS[1], source, None),
    ]
    assert [(caption.language, caption.text) for caption in stories[0].captions.all()] == [("fr", "Titre 1")]
    assert (source.problem, source.succeeded_at) == ("", now)


def test_source_brings_three_a_day_and_the_rest_tomorrow(cast: Cast, now: datetime) -> None:
    door = door_of(feed(*LINKS), etag='"v1"')
    source = add(cast, now, door)

    poll_due_sources(now + timedelta(hours=1), door)
    same_day = Story.objects.count()
    poll_due_sources(now + timedelta(days=1), door)

    source.refresh_from_db()
    assert (same_day, Story.objects.count(), source.etag) == (3, 5, '"v1"')


def test_source_stops_at_its_active_limit(cast: Cast, now: datetime) -> None:
    add(cast, now, door_of(feed(*LINKS)), new_per_day_limit=5, active_limit=2)

    assert Story.objects.count() == 2


def test_source_asks_only_for_what_changed(cast: Cast, now: datetime) -> None:
    door = door_of(feed(LINKS[0]), etag='"v1"', **{"last-modified": "Mon, 23 Nov 2026 09:00:00 GMT"})
    add(cast, now, door)
    door.answers[FEED] = outgoing.Answer(url=FEED, status=304, headers={}, content=b"")

    polled = poll_due_sources(now + timedelta(hours=1), door)

    _url, asked = door.asked[-1]
    assert (polled, asked["etag"], asked["last_modified"]) == (1, '"v1"', "Mon, 23 Nov 2026 09:00:00 GMT")
    assert Source.objects.get().etag == '"v1"'


def test_source_publishes_at_once_when_its_site_is_confirmed(cast: Cast, now: datetime) -> None:
    Destination.objects.create(
        organisation=cast.atlas, host="gazette.example", confirmed_by=cast.ines, confirmed_at=now
    )

    add(cast, now, door_of(feed(LINKS[0])), mode="publish")

    story = Story.objects.get()
    assert (story.state, story.expires_at) == (StoryState.PUBLISHED, now + timedelta(days=14))


def test_source_that_publishes_leaves_to_an_editor_what_needs_judgement(cast: Cast, now: datetime) -> None:
    arabic = Audience.objects.create(organisation=cast.atlas, name="Arabe", rule={"languages": ["ar"]})
    Destination.objects.create(organisation=cast.atlas, host="autre.example", confirmed_at=now)

    add(cast, now, door_of(feed(LINKS[0])), mode="publish", audience=arabic)

    assert Story.objects.get().state == StoryState.IN_REVIEW


@pytest.mark.parametrize(
    ("answer", "problem"),
    [
        (b"<!doctype html><html><body>Bonjour</body></html>", "web_page"),
        (b"\x00\x01\x02", "not_a_feed"),
        (b"", "empty"),
        (outgoing.TooBig(megabytes="2"), "too_big"),
        (outgoing.TooManyRedirects(), "too_many_redirects"),
        (outgoing.AddressRefused(host="127.0.0.1"), "address_refused"),
    ],
)
def test_source_in_trouble_says_why_and_is_tried_again_later_and_later(
    cast: Cast, now: datetime, answer: bytes | outgoing.CannotFetch, problem: str
) -> None:
    door = PaperDoor({FEED: answer})
    source = add(cast, now, door)
    waits = [source.due_at - now]

    for _try in range(2):
        at = source.due_at
        poll_due_sources(at, door)
        source.refresh_from_db()
        waits.append(source.due_at - at)

    assert source.problem == problem
    assert waits == [timedelta(minutes=15), timedelta(minutes=30), timedelta(minutes=60)]


def test_source_recovers(cast: Cast, now: datetime) -> None:
    door = PaperDoor({FEED: b"<html></html>"})
    source = add(cast, now, door)
    door.answers |= door_of(feed(LINKS[0])).answers

    poll_due_sources(source.due_at, door)

    source.refresh_from_db()
    assert (source.problem, source.attempts, Story.objects.count()) == ("", 0, 1)


def test_source_takes_the_picture_of_the_page_or_else_of_the_entry(cast: Cast, now: datetime) -> None:
    shown = "https://gazette.example/toit.png"
    entry = feed(LINKS[0]).replace(
        b"</item>", f'<enclosure url="{shown}" type="image/png" length="1"/></item>'.encode()
    )
    door = door_of(entry)
    door.answers[shown] = picture()

    add(cast, now, door)

    assert Story.objects.get().pictures.get().width == 640


def test_source_paused_is_left_alone(cast: Cast, now: datetime) -> None:
    door = door_of(feed(LINKS[0]))
    source = add(cast, now, door)
    sources.pause_source(source=source, person=cast.ines, now=now)

    assert poll_due_sources(now + timedelta(days=2), door) == 0
    sources.resume_source(source=source, person=cast.ines, now=now + timedelta(days=2))
    assert poll_due_sources(now + timedelta(days=2), door) == 1


def test_source_of_a_known_link_makes_no_second_story(cast: Cast, now: datetime) -> None:
    add(cast, now, door_of(feed(LINKS[0], LINKS[0] + "?utm_source=rss")))

    assert Story.objects.count() == 1


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"address": "pas une adresse"}, "address"),
        ({"mode": "x"}, "mode"),
        ({"active_limit": 0}, "active_limit"),
    ],
)
def test_add_source_refuses_what_will_not_do(
    cast: Cast, now: datetime, facts: dict[str, object], field: str
) -> None:
    given = {"address": FEED, **facts}

    with pytest.raises(Refusal) as refused:
        sources.add_source(organisation=cast.atlas, person=cast.ines, now=now, door=PaperDoor(), **given)

    assert refused.value.field == field


def test_add_source_twice_is_refused(cast: Cast, now: datetime) -> None:
    add(cast, now, door_of(feed()))

    with pytest.raises(Refusal) as refused:
        add(cast, now, door_of(feed()))

    assert refused.value.code == "source_exists"


def test_source_of_another_organisation_is_not_found(cast: Cast, now: datetime) -> None:
    source = add(cast, now, door_of(feed()))

    with tenancy.acting_for(cast.other.pk), pytest.raises(NotFound):
        queries.get_source_for(cast.otto, source.code)


def test_every_real_feed_is_read_without_harm(cast: Cast, now: datetime) -> None:
    files = sorted(path for path in shared_data("feeds").iterdir() if path.suffix in (".rss", ".atom"))

    for file in files:
        door = PaperDoor({f"https://{file.stem}.example/feed": file.read_bytes()})
        sources.add_source(
            organisation=cast.atlas,
            person=cast.ines,
            address=f"https://{file.stem}.example/feed",
            now=now,
            door=door,
        )

    assert Source.objects.count() == len(files)
    assert "our_fault" not in set(Source.objects.values_list("problem", flat=True))
    canonical = list(Story.objects.values_list("canonical", flat=True))
    assert len(canonical) == len(set(canonical)) > 0
