"""What changes connected accounts: their reminders, their needing the person again, their end."""

from datetime import datetime, timedelta

from django.db import transaction

from portevoix.core import clock, work
from portevoix.networks.failures import NetworkFailure, SignInAgain
from portevoix.people import trail
from portevoix.sharing import accounts, grants, hours, news, outgoing, queries, timing
from portevoix.sharing.actions import moving
from portevoix.sharing.actions.composition import lock_person
from portevoix.sharing.models import ConnectedAccount, NetworkSetting, Post
from portevoix.sharing.states import BEFORE_SENDING, IN_THE_BALANCE, PostState

MOST_REVOCATIONS = 3
REVOKE_AGAIN = timedelta(seconds=10)
RENEW_AGAIN = timedelta(hours=1)
State = ConnectedAccount.State


@transaction.atomic
def need_sign_in(*, account: ConnectedAccount, now: datetime) -> bool:
    """The network no longer takes our word for the person: they are asked to sign in again, once.

    `account` as it was when its sign-in was tried. False when its person signed in since: nothing is asked of them.
    """
    row = ConnectedAccount.unscoped.select_for_update().get(pk=account.pk)
    if row.unsealed() != account.unsealed():
        return False
    if row.state == State.CONNECTED:
        ConnectedAccount.unscoped.filter(pk=row.pk).update(state=State.SIGN_IN_AGAIN, due_at=None)
        account.state = State.SIGN_IN_AGAIN
        news.tell_of_account(account, "account_ended", f"{now:%Y-%m-%d}", now)
    return True


@transaction.atomic
def note_keys_problem(*, account: ConnectedAccount, reason: str, now: datetime) -> None:
    """The operator's keys are not accepted any more: it stands where the operator looks."""
    NetworkSetting.unscoped.filter(organisation_id=account.organisation_id, network=account.network).update(
        problem=reason[:40], checked_at=now
    )


def look_after(*, account: ConnectedAccount, now: datetime) -> None:
    """Renews a sign-in whose time has come, and reminds its person of one that they alone can renew."""
    if account.renew_at is not None and account.renew_at <= now:
        try:
            grants.refreshed_grant(account, grants.grant_of(account))
        except SignInAgain:
            work.settle(account, due_at=None)
            need_sign_in(account=account, now=now)
            return
        except NetworkFailure as why:
            work.settle(account, due_at=now + RENEW_AGAIN, error=why.code)
            return
        account.refresh_from_db(fields=["sealed", "expires_at", "ends_at", "renew_at"])  # never the fence
    remind_person(account=account, now=now)


@transaction.atomic
def remind_person(*, account: ConnectedAccount, now: datetime) -> None:
    """Reminds of a sign-in that ends, 14, 7 and 1 days before; once it has ended, asks to sign in again."""
    days = accounts.days_left(account, now)
    if days == 0:
        work.settle(account, due_at=None)
        need_sign_in(account=account, now=now)
        return
    if days is not None and days <= accounts.REMINDERS[0]:
        said = min(mark for mark in accounts.REMINDERS if days <= mark)
        if account.reminded_days is None or said < account.reminded_days:
            kind = "account_ends_tomorrow" if days == 1 else "account_ends"
            day = f"{hours.wall_of(account.ends_at or now, queries.place_of(account.person)):%Y-%m-%d}"
            news.tell_of_account(account, kind, f"{day}:{said}", now, day=day)
            account.reminded_days = said
    work.settle(account, due_at=accounts.next_turn(account, now), reminded_days=account.reminded_days)


def plan_held_posts(account: ConnectedAccount, now: datetime) -> None:
    """Posts that waited for the sign-in go to the person's next hours: their own moment is past."""
    waiting = Post.unscoped.filter(account=account, state=PostState.HELD, reason="sign_in_again")
    for post in waiting.order_by("scheduled_at"):
        plan_again(post, now, tells=False)


def plan_again(post: Post, now: datetime, *, tells: bool = True) -> None:
    """A post that was held gets the person's next free hour, or its own moment when that is still to come.

    `tells`: the person hears of it, unless it is they who brought it about.
    """
    row = moving.seize(post, (PostState.HELD,))
    if row is None:
        return
    share, place = row.share, queries.place_of(row.share.person)
    if row.scheduled_at > now:
        moment = hours.Moment(row.scheduled_at, hours.wall_of(row.scheduled_at, place))
    else:
        found = timing.next_hour(share.person, share.story, now, queries.own_moments(share.person, now, row))
        if found is None:
            moving.move_seized(post=row, to=PostState.REFUSED, now=now, due_at=None, reason="story_over")
            news.tell_of_post(row, "post_refused", now)
            return
        moment = found
    planned = timing.Planned(moment, place, is_chosen=row.is_chosen and row.scheduled_at > now)
    moving.move_seized(
        post=row,
        to=PostState.SCHEDULED,
        now=now,
        due_at=moment.at,
        reason="planned_again",
        moved_from=row.wall_at,
        **planned.facts(),
    )
    if tells:
        news.tell_of_post(row, "post_moved", now)


@transaction.atomic
def disconnect_account(*, account: ConnectedAccount, now: datetime) -> None:
    """Ends the connection: nothing goes out from it from this moment on; the worker has the network forget us.

    What was planned is withdrawn, its words kept; what may be on its way is asked of the person.
    """
    lock_person(account.person)  # who may be planning a post there at this very moment
    there = ConnectedAccount.unscoped.select_for_update().filter(
        pk=account.pk, state__in=(State.CONNECTED, State.SIGN_IN_AGAIN)
    )
    row = there.first()
    if row is None:
        return
    row.state, row.place, row.ended_at, row.due_at = State.ENDING, None, now, now
    row.claimed_by, row.claimed_until, row.attempts, row.fence = "", None, 0, row.fence + 1
    row.refreshing_until = None  # a refresh under way writes nothing more
    row.save()
    work.ask(row)
    for post in Post.unscoped.filter(account=row, state__in=(*BEFORE_SENDING, *IN_THE_BALANCE)):
        _let_go(post, now)
    record("disconnect_account", row, now)


def _let_go(post: Post, now: datetime) -> None:
    row = moving.seize(post, (*BEFORE_SENDING, *IN_THE_BALANCE))
    if row is None:
        return
    if row.state in BEFORE_SENDING:
        moving.move_seized(post=row, to=PostState.WITHDRAWN, now=now, due_at=None, reason="disconnected")
    else:
        moving.move_seized(post=row, to=PostState.NEEDS_PERSON, now=now, due_at=None, reason="disconnected")


def end_account(*, account: ConnectedAccount, now: datetime) -> None:
    """Has the network forget us, and erases the tokens: at once, or after three tries that it does not answer."""
    try:
        grant = grants.grant_of(account)
        grants.direct_of(account).sign_in.revoke(grant, grants.keys_of(account), outgoing.wire_within(8))
    except NetworkFailure as why:
        if account.attempts < MOST_REVOCATIONS and account.sealed:
            work.settle(account, due_at=clock.now() + REVOKE_AGAIN, error=why.code)
            return
    work.settle(account, due_at=None, state=State.ENDED, sealed="", expires_at=None, ends_at=None)


def record(act: str, account: ConnectedAccount, now: datetime) -> None:
    trail.record(
        organisation_id=account.organisation_id,
        person=account.person,
        act=act,
        subject=account.code,
        now=now,
        network=account.network,
    )
