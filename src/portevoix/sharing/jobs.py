"""Work on posts and accounts: one step further with each that is due, and looks at what may have been forgotten."""

from collections.abc import Callable
from datetime import datetime

from django.db.models import Q

from portevoix.core import clock, tenancy, work
from portevoix.links.actions.cards import show_card
from portevoix.links.models import Link
from portevoix.people.models import Participation
from portevoix.sharing import cards
from portevoix.sharing.actions import accounts, keeping, looking, publishing, replanning, steps
from portevoix.sharing.actions.steps import Step, step_of
from portevoix.sharing.models import ConnectedAccount, Post
from portevoix.sharing.states import PostState

CARDS_PER_TURN = 20  # each is drawn in a fraction of a second
_STEPS = {
    PostState.SCHEDULED: publishing.start,
    PostState.DUE: publishing.start,
    PostState.HELD: lambda step: publishing.resume(step=step, now=step.now),
    PostState.SENDING: looking.note_lost_answer,
    PostState.UNKNOWN: looking.reconcile,
    PostState.RECONCILING: looking.reconcile,
    PostState.DELETING: looking.delete,
    PostState.PUBLISHED: looking.go_on_published,
}
# Where we fail again and again, by our own fault too, the person is not left waiting.
_PATIENCE: dict[str, tuple[int, Callable[[Step], None]]] = {
    PostState.UNKNOWN: (4, lambda step: steps.ask_person(step, "network_silent")),
    PostState.RECONCILING: (4, lambda step: steps.ask_person(step, "network_silent")),
    PostState.DELETING: (looking.MOST_DELETIONS + 1, steps.leave_online),
}
State = ConnectedAccount.State


def work_on_post(post: Post, now: datetime) -> None:
    """Takes a claimed post one step further, and settles it."""
    with tenancy.acting_for(post.organisation_id):
        usual = _STEPS[PostState(post.state)]
        most, instead = _PATIENCE.get(post.state, (post.attempts, usual))
        # A worker that only died leaves no error: others go on where it was, however often.
        act = instead if post.last_error and post.attempts > most else usual
        act(step_of(post, now))


def work_on_account(account: ConnectedAccount, now: datetime) -> None:
    """Ends a claimed account that is being disconnected; keeps the sign-in of the others, or reminds their people."""
    with tenancy.acting_for(account.organisation_id):
        if account.state == State.ENDING:
            accounts.end_account(account=account, now=now)
        elif account.state == State.CONNECTED:
            accounts.look_after(account=account, now=now)
        else:
            work.settle(account, due_at=None)


POSTS = work.RowWork(
    model=Post,
    act=work_on_post,
    rows=lambda: Post.unscoped.select_related(
        "share__person__account", "share__person__organisation", "share__story__organisation", "share__link"
    ).select_related("account__person"),
    lease=publishing.LEASE,
    # A post's lease is not renewed: one that runs out means that its sending may have been cut short.
    renews=False,
    may_retry=False,
    lane=("account__network", "account__server"),
)
ACCOUNTS = work.RowWork(
    model=ConnectedAccount,
    act=work_on_account,
    rows=lambda: ConnectedAccount.unscoped.select_related("person__account", "person__organisation"),
)


def end_accounts_of_leavers(now: datetime) -> int:
    """Disconnects the accounts of people who left the programme or the company, should anything have been forgotten."""
    gone = Q(person__participation=Participation.LEFT) | Q(person__is_active=False)
    rows = ConnectedAccount.unscoped.filter(gone, state__in=(State.CONNECTED, State.SIGN_IN_AGAIN))
    count = 0
    for account in rows.select_related("person"):
        with tenancy.acting_for(account.organisation_id):
            accounts.disconnect_account(account=account, now=now)
            count += 1
    return count


def draw_missing_cards(now: datetime) -> int:
    """Makes the cards of stories that are out without one, and has their links show them; says how many stories."""
    stories = cards.stories_without_card(CARDS_PER_TURN)
    for story in stories:
        with tenancy.acting_for(story.organisation_id):
            card = cards.keep_card_of(story, now)
            if card is not None:
                show_card(links=Link.objects.filter(share__story=story), card=card, now=now)
    return len(stories)


def forget_attempts(now: datetime) -> int:
    """Erases sign-ins that nobody finished, accounts that ended long ago, registrations that nobody uses."""
    return keeping.forget_attempts(now=now) + keeping.forget_ended(now=now)


def plan_by_new_zones(now: datetime) -> int:
    """Works out again the moments of planned posts when the time zones' data changed; says how many moved."""
    return replanning.plan_by_new_zones(now=now, edition=clock.tzdata_version())
