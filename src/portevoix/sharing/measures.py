"""When a post's figures are read at its network: often at first, then less and less, for thirty days."""

from datetime import datetime, timedelta

from portevoix.networks import registry
from portevoix.sharing.models import Post
from portevoix.sharing.states import PostState

AFTER_HOURS = (0.25, 1, 3, 6, 12, 24, 36, 48, 72, 96, 120, 168, 240, 336, 504, 720)
# What its person just read is not asked for again at once: networks count, and some ask for money.
FRESH = timedelta(minutes=5)


def next_reading(published_at: datetime, now: datetime) -> datetime | None:
    """The moment of the next reading after `now`; None once thirty days are over."""
    moments = (published_at + timedelta(hours=hours) for hours in AFTER_HOURS)
    return next((moment for moment in moments if moment > now), None)


def are_read(post: Post) -> bool:
    """Whether the network tells its author figures of this post."""
    direct = registry.direct(post.account.network)
    is_there = post.state == PostState.PUBLISHED and bool(post.post_id) and post.account.is_connected
    return is_there and direct is not None and direct.publisher.terms.measures


def may_be_asked_for(post: Post, now: datetime) -> bool:
    """Whether its person may have the figures read now, besides the readings that come by themselves."""
    last = max(filter(None, (post.figures_at, post.figures_asked_at)), default=None)
    is_stale = last is None or now - last >= FRESH
    return are_read(post) and is_stale and not is_being_read(post, now)


def is_being_read(post: Post, now: datetime) -> bool:
    """Whether figures are about to come."""
    return are_read(post) and post.due_at is not None and post.due_at <= now
