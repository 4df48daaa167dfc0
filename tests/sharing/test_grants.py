"""A grant is refreshed by one at a time and kept before it is used; its person is needed as rarely as possible."""

from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.core import mail

from agora_town import Town, account_of
from cast import Cast
from engines.installation import installed
from make_library import make_published_story
from make_posts import connect, plan, step
from portevoix.core import tenancy, work
from portevoix.demo.agora.exchange import Reply
from portevoix.networks import registry
from portevoix.networks.direct import Grant
from portevoix.networks.dummy.sign_in import DummySignIn
from portevoix.networks.failures import SignInAgain, TryLater
from portevoix.notifications.jobs import NOTICES
from portevoix.notifications.models import Notice
from portevoix.people.actions.participation import leave_programme
from portevoix.people.actions.persons import deactivate_person
from portevoix.sharing import grants
from portevoix.sharing.actions import accounts
from portevoix.sharing.jobs import ACCOUNTS, end_accounts_of_leavers
from portevoix.sharing.models import ConnectedAccount, Post

DAY = timedelta(days=1)
HOUR = timedelta(hours=1)


@pytest.fixture
def account(cast: Cast, town: Town, now: datetime) -> ConnectedAccount:
    """Ana's account at Agora, with the tokens of a real sign-in there: an hour, and a refresh token for one use."""
    grant, _answer = town.sign_in(account=account_of(town.agora).id)
    return connect(cast.ana, now=now, grant=grant)


def later(town: Town, travel: time_machine.Traveller, by: timedelta) -> datetime:
    town.now += by
    travel.move_to(town.now)
    return town.now


def look_after(account: ConnectedAccount, now: datetime) -> ConnectedAccount:
    """One turn of a worker that finds this account; as it stands afterwards."""
    ConnectedAccount.unscoped.filter(pk=account.pk).update(due_at=now)
    row = work.claim(ACCOUNTS.due_rows().filter(pk=account.pk), now=now, lease=ACCOUNTS.lease)
    assert row is not None
    work.work_on(ACCOUNTS, row, now)
    return ConnectedAccount.unscoped.get(pk=account.pk)


# --- refreshing ----------------------------------------------------------------------------------------------------
def test_grant_that_holds_is_used_as_it_is(account: ConnectedAccount, town: Town, now: datetime) -> None:
    before = account.unsealed()

    grant = grants.usable_grant(account, now)

    assert grant.as_dict() == Grant.from_dict(before).as_dict()


def test_grant_that_ends_is_refreshed_and_kept_before_it_is_used(
    account: ConnectedAccount, town: Town, travel: time_machine.Traveller
) -> None:
    stale = account.unsealed()["access_token"]
    then = later(town, travel, HOUR)

    grant = grants.usable_grant(account, then)

    account.refresh_from_db()
    assert grant.access_token != stale
    assert account.unsealed()["access_token"] == grant.access_token
    assert account.expires_at == then + HOUR
    assert account.refreshing_until is None


def test_whoever_lost_the_race_takes_what_the_other_got(
    account: ConnectedAccount, town: Town, travel: time_machine.Traveller
) -> None:
    stale = grants.grant_of(account)
    later(town, travel, HOUR)

    first = grants.refreshed_grant(account, stale)
    second = grants.refreshed_grant(account, stale)

    assert second.access_token == first.access_token


def test_process_that_died_before_it_kept_the_pair_costs_a_sign_in_and_no_more(
    cast: Cast,
    account: ConnectedAccount,
    town: Town,
    travel: time_machine.Traveller,
    now: datetime,
) -> None:
    post = plan(cast.ana, make_published_story(cast.ines, now=now), now=now)
    then = later(town, travel, HOUR)
    # Agora gave a new pair, the old refresh token is worth nothing any more, and nobody wrote the new one down.
    DummySignIn().refresh(grants.grant_of(account), grants.keys_of(account), town.wire)
    ConnectedAccount.unscoped.update(refreshing_until=then + timedelta(seconds=20))
    Post.unscoped.update(due_at=then, scheduled_at=then)
    then = later(town, travel, timedelta(seconds=21))  # the dead one's turn is over

    post = step(post, then)

    account.refresh_from_db()
    assert (post.state, post.reason, account.state) == ("held", "sign_in_again", "sign_in_again")
    assert {notice.kind for notice in Notice.objects.all()} == {"account_ended", "post_held"}


@pytest.mark.parametrize(
    "reply",
    [
        Reply(403, "text/html", b"<h1>Forbidden by the proxy</h1>"),
        Reply(400, "text/html", b""),
        Reply(400, "application/json", b'{"error": "server_error"}'),
        Reply(429, "application/json", b"{}"),
        Reply(502, "text/html", b"<h1>Bad gateway</h1>"),
        Reply(200, "application/json", b"[]"),
    ],
    ids=["403", "400", "server_error", "429", "502", "nonsense"],
)
def test_network_that_is_down_is_no_disconnection(
    account: ConnectedAccount, town: Town, travel: time_machine.Traveller, reply: Reply
) -> None:
    then = later(town, travel, HOUR)
    town.instead = reply

    with pytest.raises(TryLater):
        grants.usable_grant(account, then)

    account.refresh_from_db()
    assert account.is_connected
    assert account.refreshing_until is None
    town.instead = None
    assert grants.usable_grant(account, then).access_token


def test_network_that_disowns_the_refresh_token_asks_for_the_person(
    account: ConnectedAccount, town: Town, travel: time_machine.Traveller
) -> None:
    town.agora.revoke(account.unsealed()["refresh_token"])
    then = later(town, travel, HOUR)

    with pytest.raises(SignInAgain):
        grants.usable_grant(account, then)


def test_account_disconnected_during_a_refresh_keeps_no_token(
    account: ConnectedAccount, town: Town, travel: time_machine.Traveller, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What the network gives meanwhile is nobody's: it is given back, and not written down."""
    stale, then = grants.grant_of(account), later(town, travel, HOUR)
    refresh, given = DummySignIn.refresh, []

    def slowly(self: DummySignIn, *facts: Any) -> Grant:
        accounts.disconnect_account(account=ConnectedAccount.unscoped.get(pk=account.pk), now=then)
        end = work.claim(ACCOUNTS.due_rows(), now=then, lease=ACCOUNTS.lease)
        work.work_on(ACCOUNTS, end, then)
        given.append(refresh(self, *facts))
        return given[0]

    monkeypatch.setattr(DummySignIn, "refresh", slowly)
    with pytest.raises((SignInAgain, TryLater)):
        grants.refreshed_grant(account, stale)

    account.refresh_from_db()
    assert (account.state, account.sealed) == ("ended", "")
    for grant in given:
        assert town.ask("/api/me", Authorization=f"Bearer {grant.access_token}")[0] == 401


def test_account_disconnected_just_after_a_refresh_keeps_no_token(
    account: ConnectedAccount, town: Town, travel: time_machine.Traveller, monkeypatch: pytest.MonkeyPatch
) -> None:
    stale, then = grants.grant_of(account), later(town, travel, HOUR)
    refresh, given = DummySignIn.refresh, []

    def slowly(self: DummySignIn, *facts: Any) -> Grant:
        given.append(refresh(self, *facts))
        accounts.disconnect_account(account=ConnectedAccount.unscoped.get(pk=account.pk), now=then)
        return given[0]

    monkeypatch.setattr(DummySignIn, "refresh", slowly)
    with pytest.raises(SignInAgain):
        grants.refreshed_grant(account, stale)

    account.refresh_from_db()
    assert account.state == "ending"
    assert account.unsealed()["access_token"] == stale.access_token
    assert town.ask("/api/me", Authorization=f"Bearer {given[0].access_token}")[0] == 401


def test_sign_in_that_failed_is_not_held_against_a_newer_one(
    account: ConnectedAccount, town: Town, now: datetime
) -> None:
    """A worker tried the old one; meanwhile the person signed in anew."""
    grant, _answer = town.sign_in(account=account_of(town.agora).id)
    ConnectedAccount.unscoped.filter(pk=account.pk).update(sealed=account.seal(grant.as_dict()))

    assert not accounts.need_sign_in(account=account, now=now)

    account.refresh_from_db()
    assert account.is_connected
    assert accounts.need_sign_in(account=account, now=now)


def test_looking_after_an_account_never_takes_another_s_claim(
    account: ConnectedAccount, town: Town, travel: time_machine.Traveller, now: datetime
) -> None:
    """It slept through its lease while it renewed the sign-in."""
    ConnectedAccount.unscoped.filter(pk=account.pk).update(due_at=now, renew_at=now)
    slow = work.claim(ACCOUNTS.due_rows(), now=now, lease=ACCOUNTS.lease)
    assert slow is not None
    other = work.claim(ACCOUNTS.due_rows(), now=now + 2 * ACCOUNTS.lease, lease=ACCOUNTS.lease)

    with pytest.raises(work.StaleClaim):
        ACCOUNTS.act(slow, now)

    account.refresh_from_db()
    assert other is not None
    assert (account.fence, account.claimed_until) == (other.fence, other.claimed_until)


def test_refresh_is_asked_once_however_many_processes_need_it(tmp_path: Path, db: None) -> None:
    """Fifty callers in two processes, a network that takes a refresh token once, and revokes all if it comes twice."""
    with Town.served() as town, installed(tmp_path, "embedded") as place:
        town.now = datetime.now(town.now.tzinfo)
        grant, _answer = town.sign_in(account=account_of(town.agora).id)
        ended = replace(grant, expires_at=town.now.timestamp() - 1)
        place.environ["PORTEVOIX_STAND_INS"] = f"agora.example=127.0.0.1:{town.port}"
        place.run(_MAKE.format(grant=ended.as_dict()))
        said = place.run_together([_REFRESH] * 2)

        tokens = [line for output in said for line in output.split()]
        assert len(tokens) == 50
        assert len(set(tokens)) == 1
        asked = [request.form.get("grant_type") for request in town.heard]
        assert asked.count("refresh_token") == 1


_MAKE = """
from portevoix.core import clock, tenancy
from portevoix.people.actions.organisations import create_organisation
from portevoix.people.actions.persons import create_person
from portevoix.sharing.models import ConnectedAccount
now = clock.now()
atlas = create_organisation(name="Atlas", website="https://atlas.example/", now=now)
with tenancy.acting_for(atlas.pk):
    ana = create_person(organisation=atlas, email="ana@atlas.example", given_name="Ana", roles=["ambassador"], now=now)
    row = ConnectedAccount(organisation=atlas, person=ana, network="dummy", account_id="ana", connected_at=now)
    row.sealed = row.seal({grant!r})
    row.save()
"""
_REFRESH = """
from concurrent.futures import ThreadPoolExecutor
from django.db import connection
from portevoix.core import clock
from portevoix.sharing import grants
from portevoix.sharing.models import ConnectedAccount
account = ConnectedAccount.unscoped.get()
def refreshed(_each):
    try:
        return grants.usable_grant(account, clock.now())
    finally:
        connection.close()

with ThreadPoolExecutor(25) as pool:
    for grant in pool.map(refreshed, range(25)):
        print(grant.access_token)
"""


# --- keeping alive, and reminding ------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("facts", "network", "ends_days", "renew_days"),
    [
        ({"expires_at": 60}, "linkedin", 60, None),
        ({"expires_at": 60, "refresh_token": "r", "refresh_expires_at": 365}, "linkedin", None, 182.5),
        ({"expires_at": 0.08, "refresh_token": "r"}, "x", None, 30),
        ({"expires_at": 60, "refresh_expires_at": 60, "refresh_token": "r"}, "threads", None, 30),
        ({}, "mastodon", None, None),
        ({"expires_at": 0.04, "refresh_token": "r", "refresh_expires_at": 90}, "bluesky", None, 45),
        ({"expires_at": 0.04, "refresh_token": "r", "refresh_expires_at": 14}, "bluesky", 14, 7),
        ({"expires_at": 0.04, "refresh_token": "r", "refresh_expires_at": 1}, "bluesky", 1, None),
    ],
)
def test_sign_in_is_renewed_while_it_can_be_and_its_end_is_said_when_it_cannot(
    now: datetime, facts: dict[str, Any], network: str, ends_days: float | None, renew_days: float | None
) -> None:
    moments = {
        name: (now + value * DAY).timestamp() if name.endswith("_at") else value
        for name, value in facts.items()
    }
    direct = registry.direct(network)
    assert direct is not None

    found = grants.facts_of(Grant(access_token="t", **moments), direct, now)

    assert found["ends_at"] == (now + ends_days * DAY if ends_days else None)
    assert found["renew_at"] == (now + renew_days * DAY if renew_days else None)


def test_account_on_which_nothing_goes_out_is_kept_alive(
    account: ConnectedAccount, town: Town, travel: time_machine.Traveller
) -> None:
    stale = account.unsealed()["access_token"]
    ConnectedAccount.unscoped.update(renew_at=town.now + 30 * DAY)
    then = later(town, travel, 30 * DAY)

    renewed = look_after(account, then)

    assert renewed.unsealed()["access_token"] != stale
    assert renewed.renew_at == renewed.due_at == then + 30 * DAY


def test_person_is_reminded_two_weeks_one_week_and_a_day_before(
    cast: Cast, account: ConnectedAccount, town: Town, travel: time_machine.Traveller, now: datetime
) -> None:
    ends = now + 60 * DAY + 2 * HOUR
    ConnectedAccount.unscoped.update(ends_at=ends, renew_at=None, due_at=ends - 14 * DAY)
    told: list[tuple[int, str]] = []
    for day in range(62):
        then = later(town, travel, DAY)
        row = ConnectedAccount.unscoped.get(pk=account.pk)
        if row.due_at is not None and row.due_at <= then:
            look_after(account, then)
        new = Notice.objects.filter(created_at=then).values_list("kind", flat=True)
        told += [(day + 1, kind) for kind in new]

    assert told == [
        (47, "account_ends"),
        (54, "account_ends"),
        (60, "account_ends_tomorrow"),
        (61, "account_ended"),
    ]
    assert ConnectedAccount.unscoped.get(pk=account.pk).state == "sign_in_again"


def test_reminder_says_the_day_in_the_reader_s_language(
    cast: Cast, account: ConnectedAccount, town: Town, travel: time_machine.Traveller, now: datetime
) -> None:
    cast.ana.account.language = "fr"
    cast.ana.account.save()
    ConnectedAccount.unscoped.update(ends_at=now + 7 * DAY, renew_at=None)
    look_after(account, now)

    work.work_through(NOTICES, now)

    (letter,) = mail.outbox
    assert "1er décembre" in letter.body
    assert "Agora" in letter.subject
    assert "/me/accounts" in letter.body


# --- the end ---------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("leaves", ["programme", "company"])
def test_whoever_leaves_is_forgotten_at_the_network_and_here_within_the_minute(
    cast: Cast,
    account: ConnectedAccount,
    town: Town,
    travel: time_machine.Traveller,
    now: datetime,
    leaves: str,
) -> None:
    post = plan(cast.ana, make_published_story(cast.ines, now=now), now=now)
    token = account.unsealed()["access_token"]
    assert town.ask("/api/me", Authorization=f"Bearer {token}")[0] == 200
    if leaves == "programme":
        leave_programme(person=cast.ana, now=now)
    else:
        deactivate_person(person=cast.ana, by=cast.driss, now=now)
    then = later(town, travel, timedelta(seconds=20))

    end_accounts_of_leavers(then)  # the sweep of each twenty seconds, should the event have been lost
    work.work_through(ACCOUNTS, then)

    account.refresh_from_db()
    post.refresh_from_db()
    assert (account.state, account.sealed, account.place) == ("ended", "", None)
    assert town.ask("/api/me", Authorization=f"Bearer {token}")[0] == 401
    assert post.state == "withdrawn"


def test_network_that_is_down_delays_no_erasure(
    cast: Cast, account: ConnectedAccount, town: Town, travel: time_machine.Traveller, now: datetime
) -> None:
    town.drop = {"POST"}
    leave_programme(person=cast.ana, now=now)
    end_accounts_of_leavers(now)

    for _second in range(60):
        work.work_through(ACCOUNTS, later(town, travel, timedelta(seconds=1)))

    account.refresh_from_db()
    assert (account.state, account.sealed) == ("ended", "")


def test_other_organisations_are_not_touched_by_a_leaver(
    cast: Cast, account: ConnectedAccount, town: Town, travel: object, now: datetime
) -> None:
    with tenancy.acting_for(cast.other.pk):
        theirs = connect(cast.otto, now=now)
    leave_programme(person=cast.ana, now=now)

    end_accounts_of_leavers(now)

    theirs.refresh_from_db()
    assert theirs.is_connected
