"""Signing in at X: what is asked for, what comes back, what is refused."""

from collections.abc import Iterator
from dataclasses import replace
from urllib.parse import parse_qs, urlsplit

import pytest
from pydantic import BaseModel

from networks.fakes.server import CODE, NOW, REFRESH, SECRET, TOKEN, says
from networks.fakes.x import CLIENT, USER, FakeX
from portevoix.networks.direct import Ask, Keys
from portevoix.networks.failures import (
    OperatorMust,
    SignInAgain,
    TryLater,
)
from portevoix.networks.oauth import challenge_of
from portevoix.networks.x.publisher import XPublisher
from portevoix.networks.x.sign_in import SCOPES, XSignIn

PUBLISHER, SIGN_IN = XPublisher(), XSignIn()
KEYS = Keys(CLIENT, SECRET)
BACK = "https://portevoix.acme.example/oauth/x"
ASK = Ask(KEYS, BACK, "st4te")


@pytest.fixture
def x() -> Iterator[FakeX]:
    with FakeX() as network:
        yield network


def unknown_in(found: object) -> list[str]:
    """The fields that a model does not name, here and below."""
    if isinstance(found, list):
        return [name for one in found for name in unknown_in(one)]
    if not isinstance(found, BaseModel):
        return []
    below = [name for _field, value in found for name in unknown_in(value)]
    return [*(found.model_extra or {}), *below]


def test_sign_in_sends_a_challenge_and_keeps_the_verifier(x: FakeX) -> None:
    begun = SIGN_IN.begin(ASK, x.wire())

    asked = parse_qs(urlsplit(begun.url).query)
    assert begun.url.startswith("https://x.com/i/oauth2/authorize?")
    assert asked["scope"] == ["tweet.read tweet.write users.read media.write offline.access"]
    assert asked["code_challenge"] == [challenge_of(begun.kept["verifier"])]
    assert asked["code_challenge_method"] == ["S256"]
    assert SECRET not in begun.url
    assert begun.kept["verifier"] not in f"{begun.url} {begun!r}"


def test_sign_in_gives_two_hours_and_a_token_that_turns(x: FakeX) -> None:
    grant = SIGN_IN.finish(ASK, {"verifier": "v"}, {"code": CODE}, x.wire())

    assert (grant.access_token, grant.refresh_token) == (TOKEN, f"{REFRESH}-1")
    assert grant.expires_at == NOW + 7_200
    assert grant.scopes == SCOPES
    assert grant.account_id == USER
    assert x.lines() == ["POST /2/oauth2/token", "GET /2/users/me"]
    assert x.requests[0].form()["code_verifier"] == "v"
    assert SECRET not in x.requests[0].body.decode()


def test_refresh_gives_another_pair_and_kills_the_family_of_a_used_token(x: FakeX) -> None:
    first = x.grant()

    second = SIGN_IN.refresh(first, KEYS, x.wire())

    assert (second.account_id, second.refresh_token) == (USER, f"{REFRESH}-1")
    with pytest.raises(SignInAgain):
        SIGN_IN.refresh(first, KEYS, x.wire())
    with pytest.raises(SignInAgain):
        SIGN_IN.refresh(second, KEYS, x.wire())


def test_refresh_without_an_answer_is_not_a_disconnection(x: FakeX) -> None:
    x.plan(says(503), says(429, {}, Retry_After="5"), on=".*")

    for _answer in range(2):
        with pytest.raises(TryLater):
            SIGN_IN.refresh(x.grant(), KEYS, x.wire())


def test_sign_in_knows_whose_account_it_is(x: FakeX) -> None:
    identity = SIGN_IN.who(x.grant(), x.wire())

    assert (identity.account_id, identity.handle) == (USER, "@analopes")
    assert (identity.name, identity.url) == ("Ana Lopes", "https://x.com/analopes")


def test_sign_in_whose_token_is_not_accepted_is_made_again(x: FakeX) -> None:
    with pytest.raises(SignInAgain):
        SIGN_IN.who(replace(x.grant(), access_token="old"), x.wire())


def test_revocation_forgets_both_tokens(x: FakeX) -> None:
    SIGN_IN.revoke(x.grant(), KEYS, x.wire())

    assert x.revoked == [REFRESH, TOKEN]


def test_keys_that_x_knows_are_good(x: FakeX) -> None:
    SIGN_IN.check_keys(KEYS, x.wire())

    assert x.lines() == ["POST /2/oauth2/token"]
    assert x.refresh_tokens == [REFRESH]


def test_keys_that_x_does_not_know_are_for_the_operator(x: FakeX) -> None:
    with pytest.raises(OperatorMust) as why:
        SIGN_IN.check_keys(replace(KEYS, client_secret="other"), x.wire())

    assert why.value.reason == "bad_keys"


def test_keys_cannot_be_judged_when_x_makes_no_sense(x: FakeX) -> None:
    x.plan(says(200, {}), says(403), says(400), on=".*")

    for _answer in range(3):
        with pytest.raises(TryLater):
            SIGN_IN.check_keys(KEYS, x.wire())
