"""What the library does by itself: reads sources, publishes and ends stories when their moment comes."""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta

from django.db.models import QuerySet

from portevoix.core import tenancy, work
from portevoix.core.errors import Refusal
from portevoix.core.http import Door
from portevoix.library.actions.polling import LEASE, poll_source
from portevoix.library.actions.publishing import expire_story, publish_scheduled_story
from portevoix.library.models import Source, Story, StoryState

log = logging.getLogger(__name__)


def poll_claimed_source(source: Source, now: datetime, door: Door | None = None) -> None:
    """Reads a claimed source."""
    with tenancy.acting_for(source.organisation_id):
        _poll(source, now, door)


SOURCES = work.RowWork(
    model=Source,
    act=poll_claimed_source,
    rows=lambda: Source.unscoped.select_related("organisation", "pillar", "audience").filter(paused_at=None),
    lease=LEASE,
)


def publish_due_stories(now: datetime) -> int:
    """Publishes every scheduled story whose moment has come; one that finds the library full waits for a place."""
    due = Story.unscoped.filter(state=StoryState.SCHEDULED, publish_at__lte=now).order_by("publish_at", "pk")
    return _each(due, lambda story: publish_scheduled_story(story=story, now=now))


def expire_stories(now: datetime) -> int:
    """Ends every story whose day has come; says how many."""
    over = Story.unscoped.filter(state=StoryState.PUBLISHED, expires_at__lte=now).order_by("expires_at", "pk")
    return _each(over, lambda story: expire_story(story=story, now=now))


def _poll(source: Source, now: datetime, door: Door | None) -> None:
    try:
        poll_source(source=source, now=now, door=door)
    except Exception:
        # Our bug, not the feed's: said once, and the source is tried again later like any that failed.
        log.exception("source %s could not be read", source.code)
        work.settle(
            source, due_at=now + timedelta(hours=1), error="our_fault", problem="our_fault", polled_at=now
        )


def _each(stories: "QuerySet[Story]", act: Callable[[Story], Story]) -> int:
    done = 0
    for story in stories:
        with tenancy.acting_for(story.organisation_id):
            try:
                before = story.state
                done += act(story).state != before
            except Refusal as why:
                log.info("story %s waits: %s", story.code, why.code)
    return done
