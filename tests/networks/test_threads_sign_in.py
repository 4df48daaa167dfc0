"""Signing in at Threads: what is asked for, what comes back, what is refused."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from networks.fakes.server import (
    CODE,
    NOW,
    SECRET,
    SECRETS,
    TOKEN,
    Fault,
    Reply,
    resets,
    says,
)
from networks.fakes.threads import CLIENT, SHORT, USER, FakeThreads, error
from portevoix.networks.direct import Ask, Keys
from portevoix.networks.failures import (
    NetworkFailure,
    OperatorMust,
    Refused,
    SignInAgain,
    TryLater,
)
from portevoix.networks.threads.publisher import ThreadsPublisher
from portevoix.networks.threads.sign_in import SCOPES, ThreadsSignIn

PUBLISHER, SIGN_IN = ThreadsPublisher(), ThreadsSignIn()
KEYS = Keys(CLIENT, SECRET)
BACK = "https://portevoix.acme.example/oauth/threads"
ASK = Ask(KEYS, BACK, "st4te")
DAY = 24 * 3600


@pytest.fixture
def threads() -> Iterator[FakeThreads]:
    with FakeThreads() as network:
        yield network


def said(reply: Reply) -> Fault:
    return Fault(reply=reply)


def test_sign_in_asks_for_four_permissions(threads: FakeThreads) -> None:
    begun = SIGN_IN.begin(ASK, threads.wire())

    assert begun.url.startswith("https://threads.net/oauth/authorize?")
    assert parse_qs(urlsplit(begun.url).query) == {
        "response_type": ["code"],
        "client_id": [CLIENT],
        "redirect_uri": [BACK],
        "state": ["st4te"],
        "scope": ["threads_basic,threads_content_publish,threads_manage_insights,threads_delete"],
    }


@pytest.mark.parametrize("code", [CODE, f"{CODE}#_"])
def test_sign_in_exchanges_the_hour_for_sixty_days_at_once(threads: FakeThreads, code: str) -> None:
    grant = SIGN_IN.finish(ASK, {}, {"code": code}, threads.wire())

    assert threads.lines() == ["POST /oauth/access_token", "GET /access_token"]
    assert (grant.account_id, grant.access_token, grant.refresh_token) == (USER, TOKEN, TOKEN)
    assert (grant.expires_at, grant.refresh_expires_at) == (NOW + 5_183_944 / 2, NOW + 5_183_944)
    assert grant.scopes == SCOPES
    assert SHORT not in repr(grant)


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        ({"error": "access_denied", "error_reason": "user_denied"}, "sign_in_declined"),
        ({"code": "other"}, "sign_in_refused"),
    ],
)
def test_sign_in_that_fails_is_said_so(threads: FakeThreads, answer: dict[str, str], reason: str) -> None:
    with pytest.raises(Refused) as why:
        SIGN_IN.finish(ASK, {}, answer, threads.wire())

    assert why.value.reason == reason
    assert "other" not in why.value.detail


def test_sign_in_with_keys_that_are_not_known_is_for_the_operator(threads: FakeThreads) -> None:
    with pytest.raises(OperatorMust) as why:
        SIGN_IN.finish(
            replace(ASK, keys=replace(KEYS, client_secret="wr0ng")), {}, {"code": CODE}, threads.wire()
        )

    assert (why.value.reason, why.value.detail) == ("bad_keys", "Error validating client secret ….")


def test_sign_in_knows_whose_account_it_is(threads: FakeThreads) -> None:
    identity = SIGN_IN.who(threads.grant(), threads.wire())

    assert (identity.account_id, identity.handle, identity.name) == (USER, "@analopes", "Ana Lopes")
    assert identity.url == "https://www.threads.net/@analopes"


def test_account_that_threads_does_not_name_is_asked_for_later(threads: FakeThreads) -> None:
    threads.plan(says(200, {"id": USER}), says(200, {"username": "ana"}), says(302), on=".*")

    for _answer in range(3):
        with pytest.raises(TryLater):
            SIGN_IN.who(threads.grant(), threads.wire())


def test_sign_in_whose_token_is_not_accepted_is_made_again(threads: FakeThreads) -> None:
    with pytest.raises(SignInAgain):
        SIGN_IN.who(replace(threads.grant(), access_token="old"), threads.wire())


def test_refresh_gives_sixty_days_again(threads: FakeThreads) -> None:
    fresh = SIGN_IN.refresh(threads.grant(), KEYS, threads.wire())

    assert (fresh.account_id, fresh.access_token, fresh.refresh_token) == (USER, f"{TOKEN}-2", f"{TOKEN}-2")
    assert (fresh.expires_at, fresh.refresh_expires_at) == (NOW + 5_183_944 / 2, NOW + 5_183_944)
    assert SIGN_IN.lasts_days is None


@pytest.mark.parametrize(("days_left", "good_for"), [(59, 1), (30, 1), (0.5, 0.5)])
def test_token_that_is_not_renewed_today_is_good_until_its_end(
    threads: FakeThreads, days_left: float, good_for: float
) -> None:
    threads.renews = False
    grant = replace(threads.grant(), expires_at=NOW, refresh_expires_at=NOW + days_left * DAY)

    fresh = SIGN_IN.refresh(grant, KEYS, threads.wire())

    assert fresh == replace(grant, expires_at=NOW + good_for * DAY)


def test_refresh_that_fails_is_not_a_disconnection(threads: FakeThreads) -> None:
    threads.plan(says(503), said(error(4, "limit")), said(error(2, "later")), says(400), on=".*")
    for _answer in range(4):
        with pytest.raises(TryLater):
            SIGN_IN.refresh(threads.grant(), KEYS, threads.wire())

    threads.renews = False
    with pytest.raises(TryLater):
        SIGN_IN.refresh(replace(threads.grant(), refresh_expires_at=NOW), KEYS, threads.wire())


def test_token_that_threads_disowns_ends_the_sign_in(threads: FakeThreads) -> None:
    for stale in (replace(threads.grant(), refresh_token="old"), replace(threads.grant(), refresh_token="")):
        with pytest.raises(SignInAgain):
            SIGN_IN.refresh(stale, KEYS, threads.wire())


def test_keys_that_threads_knows_are_good(threads: FakeThreads) -> None:
    SIGN_IN.check_keys(KEYS, threads.wire())

    assert threads.lines() == ["GET /oauth/access_token"]


@pytest.mark.parametrize("keys", [replace(KEYS, client_id="1"), replace(KEYS, client_secret="wr0ng")])
def test_keys_that_threads_does_not_know_are_for_the_operator(threads: FakeThreads, keys: Keys) -> None:
    with pytest.raises(OperatorMust) as why:
        SIGN_IN.check_keys(keys, threads.wire())

    assert why.value.reason == "bad_keys"
    assert "wr0ng" not in why.value.detail


def test_keys_cannot_be_judged_when_threads_makes_no_sense(threads: FakeThreads) -> None:
    threads.plan(says(200, {}), says(400), said(error(2, "later")), on=".*")

    for _answer in range(3):
        with pytest.raises(TryLater):
            SIGN_IN.check_keys(KEYS, threads.wire())


def test_secrets_of_a_sign_in_show_nowhere(threads: FakeThreads) -> None:
    told: list[Any] = [ASK, KEYS, threads.grant()]
    for fault in (says(500), resets(), said(error(100, f"{SECRET} {CODE}")), says(200)):
        threads.plan(fault, on=".*")
        with pytest.raises(NetworkFailure) as why:
            SIGN_IN.finish(ASK, {}, {"code": CODE}, threads.wire())
        told += [why.value, vars(why.value), why.value.__cause__, why.value.__context__]

    assert not any(secret in repr(one) for one in told for secret in SECRETS)
