"""The yes that keeps an account, and everything that is forgotten instead: by us, and by the network."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from agora_town import Town
from cast import Cast
from make_library import make_published_story
from make_posts import plan
from make_sign_ins import DESK, PHONE, begin, bring_back, confirm, is_forgotten, refused, say_yes, signed_in
from networks.fakes.mastodon import HOST
from portevoix.core import work
from portevoix.core.errors import NotFound, Refusal
from portevoix.networks.direct import Grant
from portevoix.networks.dummy.sign_in import DummySignIn
from portevoix.networks.failures import TryLater
from portevoix.people.models import Participation
from portevoix.sharing import queries
from portevoix.sharing.actions import keeping, signing_in
from portevoix.sharing.actions.accounts import disconnect_account
from portevoix.sharing.jobs import ACCOUNTS
from portevoix.sharing.models import ConnectedAccount, Registration, SignInAttempt


def test_a_no_here_keeps_nothing_and_the_network_forgets(cast: Cast, town: Town, now: datetime) -> None:
    attempt = signed_in(town, cast.ana, now)
    token = attempt.unsealed()["grant"]["access_token"]

    signing_in.decline_account(attempt=attempt, person=cast.ana, session=PHONE, now=now)

    attempt.refresh_from_db()
    assert (attempt.sealed, attempt.identity) == ("", {})
    assert is_forgotten(town, token)
    with refused("sign_in_late"):
        confirm(cast.ana, attempt, now)


@pytest.mark.parametrize("session", [DESK, ""])
def test_yes_in_another_browser_is_refused(cast: Cast, town: Town, now: datetime, session: str) -> None:
    attempt = signed_in(town, cast.ana, now)

    with refused("sign_in_late"):
        confirm(cast.ana, attempt, now, session=session)


def test_yes_of_somebody_else_is_refused(cast: Cast, town: Town, now: datetime) -> None:
    attempt = signed_in(town, cast.ana, now)

    with refused("sign_in_late"):
        confirm(cast.noor, attempt, now)
    with pytest.raises(NotFound):
        queries.get_attempt_for(cast.noor, attempt.code)


def test_yes_said_twice_keeps_one_account(cast: Cast, town: Town, now: datetime) -> None:
    attempt = signed_in(town, cast.ana, now)
    confirm(cast.ana, attempt, now)
    attempt.refresh_from_db()

    with refused("sign_in_late"):
        confirm(cast.ana, attempt, now)

    assert ConnectedAccount.objects.count() == 1


def test_yes_that_comes_late_is_refused_and_the_grant_is_forgotten(
    cast: Cast, town: Town, now: datetime
) -> None:
    attempt = signed_in(town, cast.ana, now)

    with refused("sign_in_late"):
        confirm(cast.ana, attempt, now + timedelta(minutes=21))

    token = attempt.unsealed()["grant"]["access_token"]
    assert keeping.forget_attempts(now=now + timedelta(minutes=31)) == 1
    assert not SignInAttempt.objects.exists()
    assert is_forgotten(town, token)


def test_signing_in_anew_has_the_network_forget_the_sign_in_before(
    cast: Cast, town: Town, now: datetime, django_capture_on_commit_callbacks: Any
) -> None:
    before = confirm(cast.ana, signed_in(town, cast.ana, now), now).unsealed()["access_token"]

    with django_capture_on_commit_callbacks(execute=True):
        account = confirm(cast.ana, signed_in(town, cast.ana, now), now)

    assert is_forgotten(town, before)
    assert not is_forgotten(town, account.unsealed()["access_token"])


def test_worker_that_holds_the_account_writes_nothing_over_a_new_sign_in(
    cast: Cast, town: Town, now: datetime
) -> None:
    account = confirm(cast.ana, signed_in(town, cast.ana, now), now)
    ConnectedAccount.unscoped.filter(pk=account.pk).update(due_at=now)
    held = work.claim(ACCOUNTS.due_rows(), now=now, lease=ACCOUNTS.lease)
    assert held is not None

    confirm(cast.ana, signed_in(town, cast.ana, now), now)

    with pytest.raises(work.StaleClaim):
        work.settle(held, due_at=None)


def test_account_that_cannot_be_named_is_refused_and_the_grant_is_forgotten(
    cast: Cast, town: Town, now: datetime
) -> None:
    answer = say_yes(town, begin(cast.ana, now))
    granted: list[str] = []
    with pytest.MonkeyPatch.context() as network:
        network.setattr(DummySignIn, "who", lambda _self, grant, _wire: _cannot_say(granted, grant))
        with pytest.raises(Refusal):
            bring_back(cast.ana, answer, now)

    assert is_forgotten(town, granted[0])


def _cannot_say(granted: list[str], grant: Grant) -> Any:
    granted.append(grant.access_token)
    raise TryLater


def test_who_left_meanwhile_keeps_no_account(cast: Cast, town: Town, now: datetime) -> None:
    attempt = signed_in(town, cast.ana, now)
    cast.ana.participation = Participation.LEFT

    with refused("takes_no_part"):
        confirm(cast.ana, attempt, now)
    with refused("takes_no_part"):
        begin(cast.ana, now)


def test_what_nobody_uses_any_more_is_erased(cast: Cast, town: Town, now: datetime) -> None:
    account = confirm(cast.ana, signed_in(town, cast.ana, now), now)
    disconnect_account(account=account, now=now)
    ConnectedAccount.unscoped.update(state="ended", sealed="")
    for host in ("old.example", "young.example"):
        Registration.objects.create(
            network="mastodon", host=host, made_at=now + timedelta(days=30 if host[0] == "y" else 0)
        )

    assert keeping.forget_ended(now=now + timedelta(days=29)) == 1  # a registration of a month ago
    assert keeping.forget_ended(now=now + timedelta(days=30, seconds=1)) == 1

    assert not ConnectedAccount.objects.exists()
    assert Registration.objects.get().host == "young.example"


def test_registration_that_somebody_uses_is_kept(cast: Cast, town: Town, now: datetime) -> None:
    account = confirm(cast.ana, signed_in(town, cast.ana, now), now)
    ConnectedAccount.unscoped.filter(pk=account.pk).update(network="mastodon", host=HOST)
    Registration.objects.create(network="mastodon", host=HOST, made_at=now)

    assert keeping.forget_ended(now=now + timedelta(days=90)) == 0


def test_account_belongs_to_one_person(cast: Cast, town: Town, now: datetime) -> None:
    confirm(cast.noor, signed_in(town, cast.noor, now), now)
    attempt = signed_in(town, cast.ana, now)

    with refused("account_taken"):
        confirm(cast.ana, attempt, now)


def test_account_is_free_again_once_disconnected(cast: Cast, town: Town, now: datetime) -> None:
    first = confirm(cast.noor, signed_in(town, cast.noor, now), now)
    disconnect_account(account=first, now=now)

    assert confirm(cast.ana, signed_in(town, cast.ana, now), now).person == cast.ana


def test_another_account_on_the_same_network_asks_to_disconnect_the_first(
    cast: Cast, town: Town, now: datetime
) -> None:
    confirm(cast.ana, signed_in(town, cast.ana, now), now)
    other = next(one for one in town.agora.offered_accounts() if one.handle != "ana.belkadi")
    attempt = signed_in(town, cast.ana, now, other.handle)

    with refused("other_account") as refusal:
        confirm(cast.ana, attempt, now)

    assert "@ana.belkadi" in refusal.value.sentence


# --- what a sign-in brings back ------------------------------------------------------------------------------------
def test_posts_that_waited_for_the_sign_in_go_to_the_next_hour(cast: Cast, town: Town, now: datetime) -> None:
    account = confirm(cast.ana, signed_in(town, cast.ana, now), now)
    story = make_published_story(cast.ines, now=now)
    post = plan(cast.ana, story, now=now)
    type(post).objects.filter(pk=post.pk).update(state="held", reason="sign_in_again", due_at=None)
    ConnectedAccount.objects.filter(pk=account.pk).update(state="sign_in_again")

    confirm(cast.ana, signed_in(town, cast.ana, now), now)

    post.refresh_from_db()
    assert post.state == "scheduled"
    assert post.due_at is not None
