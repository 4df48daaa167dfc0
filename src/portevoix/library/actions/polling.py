"""Reading a source that we claimed: what is new becomes stories, what went wrong is written on the source."""

import logging
from datetime import datetime, timedelta

from django.db import transaction

from portevoix.core import clock, work
from portevoix.core.errors import Refusal
from portevoix.core.http import Door
from portevoix.core.outgoing import Answer, CannotFetch
from portevoix.library.actions.fetching import Fetched, fetch_page
from portevoix.library.actions.publishing import is_confirmed, publish_checked
from portevoix.library.actions.starting import write_fetched
from portevoix.library.addresses import NotAnAddress, canonical_address
from portevoix.library.door import outgoing_door
from portevoix.library.feeds import Entry, FeedReading, read_feed
from portevoix.library.models import Caption, Source, Story, StoryState
from portevoix.library.rules import SUMMARY_LENGTH, TITLE_LENGTH, language_of
from portevoix.people import trail
from portevoix.people.models import Language

log = logging.getLogger(__name__)
EVERY = timedelta(minutes=30)
FIRST_WAIT = timedelta(minutes=15)
LONGEST_WAIT = timedelta(hours=24)
LEASE = timedelta(minutes=3)
FEEDS = "application/rss+xml,application/atom+xml,application/xml;q=0.9,text/xml;q=0.9,*/*;q=0.5"


def poll_source(*, source: Source, now: datetime, door: Door | None = None) -> int:
    """Reads a source claimed by the caller and says how many stories came of it; never raises on what it reads.

    An unchanged feed costs one answer 304. A failure is written in words on the source, and tried again later and later.
    """
    way_out = door or outgoing_door()
    try:
        answer = way_out.get(
            source.address,
            etag=source.etag or None,
            last_modified=source.last_modified or None,
            accept=FEEDS,
        )
    except CannotFetch as why:
        _settle_failure(source, why.code, now)
        return 0
    if answer.is_unchanged:
        _settle_success(source, answer, now, True)
        return 0
    reading = read_feed(answer.content, answer.url, answer.content_type)
    if reading.problem:
        _settle_failure(source, reading.problem.value, now)
        return 0
    taken, all_taken = _take(source, reading, way_out, now)
    _settle_success(source, answer, now, all_taken)
    return taken


def _take(source: Source, reading: FeedReading, door: Door, now: datetime) -> tuple[int, bool]:
    """Makes stories of what is new, within the throttles; says whether nothing was left for another day."""
    room, taken = _room(source, now), 0
    for entry in reading.entries:
        canonical = _canonical(entry.link)
        if (
            not canonical
            or Story.unscoped.filter(organisation_id=source.organisation_id, canonical=canonical).exists()
        ):
            continue
        if taken >= room:
            return taken, False
        taken += _take_entry(source, entry, reading.language or "", door, now)
    return taken, True


def _room(source: Source, now: datetime) -> int:
    """How many stories the source may still bring today."""
    midnight = now.astimezone(clock.zone(source.organisation.time_zone)).replace(
        hour=0, minute=0, second=0, microsecond=0
    )
    own = Story.unscoped.filter(source=source)
    today = own.filter(created_at__gte=midnight).count()
    active = own.filter(state__in=(StoryState.IN_REVIEW, StoryState.SCHEDULED, StoryState.PUBLISHED)).count()
    return max(0, min(source.new_per_day_limit - today, source.active_limit - active))


def _take_entry(source: Source, entry: Entry, language: str, door: Door, now: datetime) -> bool:
    """One story of one entry, its page read for the picture; False when the link has its story after all."""
    fetched = fetch_page(entry.link, door, picture=entry.picture)
    spoken = (fetched.preview and fetched.preview.language) or language
    try:
        with transaction.atomic():
            story = _write(source, entry, fetched, spoken, now)
            if source.mode == Source.Mode.PUBLISH:
                _publish_at_once(story, source, now)
    except Refusal:
        return False
    return True


def _write(source: Source, entry: Entry, fetched: Fetched, spoken: str, now: datetime) -> Story:
    organisation = source.organisation
    language = language_of(spoken, Language.values, organisation.language)
    title = entry.title or (fetched.preview and fetched.preview.title) or ""
    summary = entry.summary or (fetched.preview and fetched.preview.description) or ""
    story = write_fetched(
        organisation=organisation,
        fetched=fetched,
        author=None,
        now=now,
        act="take_entry",
        title=title[:TITLE_LENGTH],
        summary=summary[:SUMMARY_LENGTH],
        language=language,
        state=StoryState.IN_REVIEW,
        source=source,
        pillar=source.pillar,
        audience=source.audience,
    )
    if title:
        Caption.unscoped.create(
            organisation=organisation, story=story, language=language, text=title[:TITLE_LENGTH]
        )
    return story


def _publish_at_once(story: Story, source: Source, now: datetime) -> None:
    """Publishes what needs no judgement; anything that does waits in the review queue."""
    if not is_confirmed(source.organisation, story.link):
        return
    try:
        with transaction.atomic():
            publish_checked(story=story, now=now)
    except Refusal as why:
        trail.record(
            organisation_id=story.organisation_id,
            person=None,
            act="queue_story",
            subject=story.code,
            now=now,
            reason=why.code,
        )


def _canonical(link: str) -> str:
    try:
        return canonical_address(link)
    except NotAnAddress:
        return ""


def _settle_success(source: Source, answer: Answer, now: datetime, all_taken: bool) -> None:
    # With entries left for another day, the feed must come whole again: its version is forgotten.
    seen = {
        "etag": (answer.etag or source.etag)[:300] if all_taken else "",
        "last_modified": (answer.last_modified or source.last_modified)[:80] if all_taken else "",
    }
    _settle(source, now + EVERY, "", now, succeeded_at=now, **seen)


def _settle_failure(source: Source, code: str, now: datetime) -> None:
    wait = work.back_off(source.attempts - 1, base=FIRST_WAIT, ceiling=LONGEST_WAIT)
    _settle(source, now + wait, code, now)


def _settle(source: Source, due_at: datetime, problem: str, now: datetime, **changes: object) -> None:
    try:
        work.settle(source, due_at=due_at, error=problem, problem=problem, polled_at=now, **changes)
    except work.StaleClaim:
        # Somebody else reads it now, or it was removed while we read: their word counts.
        log.info("source %s was taken up by another worker", source.code)
