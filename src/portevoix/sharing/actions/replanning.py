"""When countries change their clocks, what was planned by the wall clock stays there, and its person is told."""

from datetime import datetime

from django.db import transaction

from portevoix.core import clock, tenancy
from portevoix.sharing import news
from portevoix.sharing.actions import moving
from portevoix.sharing.models import Post
from portevoix.sharing.states import PostState
from portevoix.sharing.timing import wall_from, wall_text

AT_ONCE = 500


def plan_by_new_zones(*, now: datetime, edition: str) -> int:
    """Resolves again every planned post that was resolved by another edition of the zones; says how many moved."""
    old = Post.unscoped.filter(state__in=(PostState.SCHEDULED, PostState.HELD)).exclude(tzdata=edition)
    moved = 0
    for post in old.order_by("scheduled_at")[:AT_ONCE]:
        with tenancy.acting_for(post.organisation_id):
            moved += _plan(post, now, edition)
    return moved


@transaction.atomic
def _plan(post: Post, now: datetime, edition: str) -> bool:
    row = moving.seize(post, (PostState.SCHEDULED, PostState.HELD))
    wall = wall_from(row.wall_at) if row else None
    if row is None or wall is None:
        return False
    at = clock.resolve(wall, row.zone)
    if at == row.scheduled_at or row.state == PostState.HELD or at <= now:
        row.tzdata = edition
        row.save(update_fields=["tzdata"])
        return False
    shown = wall_text(at.astimezone(clock.zone(row.zone)).replace(tzinfo=None))
    moving.move_seized(
        post=row,
        to=PostState.SCHEDULED,
        now=now,
        due_at=at,
        reason="zone_changed",
        scheduled_at=at,
        wall_at=shown,
        tzdata=edition,
    )
    news.tell_of_post(row, "post_moved", now)
    return True
