"""Signing in at LinkedIn: what is asked for, what comes back, what is refused."""

import json
from collections.abc import Iterator
from dataclasses import replace
from urllib.parse import parse_qs, urlsplit

import pytest

from networks.fakes.linkedin import AUTHOR, CLIENT, FakeLinkedIn
from networks.fakes.server import CODE, NOW, REFRESH, SECRET, SECRETS, TOKEN, says
from networks.publishing_conformance import CARD, DRAFT
from portevoix.networks.direct import Ask, Grant, Keys
from portevoix.networks.failures import (
    OperatorMust,
    Refused,
    SignInAgain,
    TryLater,
)
from portevoix.networks.linkedin.publisher import LinkedInPublisher
from portevoix.networks.linkedin.sign_in import LinkedInSignIn

PUBLISHER, SIGN_IN = LinkedInPublisher(), LinkedInSignIn()
KEYS = Keys(CLIENT, SECRET)
BACK = "https://portevoix.acme.example/oauth/linkedin"
ASK = Ask(KEYS, BACK, "st4te")


@pytest.fixture
def linkedin() -> Iterator[FakeLinkedIn]:
    with FakeLinkedIn() as network:
        yield network


def test_sign_in_asks_for_no_more_than_it_needs(linkedin: FakeLinkedIn) -> None:
    begun = SIGN_IN.begin(ASK, linkedin.wire())

    parts, asked = urlsplit(begun.url), parse_qs(urlsplit(begun.url).query)
    assert f"{parts.scheme}://{parts.netloc}{parts.path}" == "https://www.linkedin.com/oauth/v2/authorization"
    assert asked == {
        "response_type": ["code"],
        "client_id": [CLIENT],
        "redirect_uri": [BACK],
        "state": ["st4te"],
        "scope": ["openid profile w_member_social"],
    }
    assert begun.kept == {}
    assert linkedin.requests == []


def test_sign_in_asks_for_figures_where_the_operator_has_them(linkedin: FakeLinkedIn) -> None:
    keys = replace(KEYS, extra={"analytics": "yes"})

    begun = SIGN_IN.begin(replace(ASK, keys=keys), linkedin.wire())

    assert parse_qs(urlsplit(begun.url).query)["scope"] == [
        "openid profile w_member_social r_member_postAnalytics"
    ]


def test_sign_in_gives_sixty_days(linkedin: FakeLinkedIn) -> None:
    grant = SIGN_IN.finish(ASK, {}, {"code": CODE, "state": "st4te"}, linkedin.wire())

    assert linkedin.lines() == ["POST /oauth/v2/accessToken", "GET /v2/userinfo"]
    assert grant == Grant(
        AUTHOR,
        access_token=TOKEN,
        expires_at=NOW + 60 * 86_400,
        scopes=("openid", "profile", "w_member_social"),
    )
    assert SIGN_IN.lasts_days == 60


def test_sign_in_keeps_the_permissions_that_were_given(linkedin: FakeLinkedIn) -> None:
    ask = replace(ASK, keys=replace(KEYS, extra={"analytics": "yes"}))

    grant = SIGN_IN.finish(ask, {}, {"code": CODE}, linkedin.wire())

    assert grant.scopes == ("openid", "profile", "w_member_social")


def test_sign_in_knows_whose_account_it_is(linkedin: FakeLinkedIn) -> None:
    identity = SIGN_IN.who(linkedin.grant(), linkedin.wire())

    assert (identity.account_id, identity.name) == (AUTHOR, "Ana Lopes")
    assert "linkedin-version" not in linkedin.requests[-1].headers


def test_sign_in_whose_token_is_not_accepted_is_made_again(linkedin: FakeLinkedIn) -> None:
    with pytest.raises(SignInAgain):
        SIGN_IN.who(replace(linkedin.grant(), access_token="old"), linkedin.wire())


def test_sign_in_again_without_a_refresh_token(linkedin: FakeLinkedIn) -> None:
    with pytest.raises(SignInAgain):
        SIGN_IN.refresh(linkedin.grant(), KEYS, linkedin.wire())


def test_refresh_token_of_the_few_keeps_its_end(linkedin: FakeLinkedIn) -> None:
    before = replace(linkedin.grant(), refresh_token=REFRESH, refresh_expires_at=NOW + 500)

    fresh = SIGN_IN.refresh(before, KEYS, linkedin.wire())

    assert (fresh.account_id, fresh.refresh_token) == (AUTHOR, REFRESH)
    assert fresh.refresh_expires_at == NOW + 500
    assert fresh.expires_at == NOW + 60 * 86_400


def test_sign_in_that_was_declined_is_said_so(linkedin: FakeLinkedIn) -> None:
    with pytest.raises(Refused) as why:
        SIGN_IN.finish(ASK, {}, {"error": "user_cancelled_authorize"}, linkedin.wire())

    assert why.value.reason == "sign_in_declined"
    assert linkedin.requests == []


def test_code_that_is_not_known_is_refused(linkedin: FakeLinkedIn) -> None:
    with pytest.raises(Refused) as why:
        SIGN_IN.finish(ASK, {}, {"code": "other"}, linkedin.wire())

    assert why.value.reason == "sign_in_refused"


def test_keys_that_linkedin_knows_are_good(linkedin: FakeLinkedIn) -> None:
    SIGN_IN.check_keys(KEYS, linkedin.wire())

    assert linkedin.lines() == ["POST /oauth/v2/accessToken"]


@pytest.mark.parametrize("keys", [replace(KEYS, client_id="other"), replace(KEYS, client_secret="other")])
def test_keys_that_linkedin_does_not_know_are_for_the_operator(linkedin: FakeLinkedIn, keys: Keys) -> None:
    with pytest.raises(OperatorMust) as why:
        SIGN_IN.check_keys(keys, linkedin.wire())

    assert why.value.reason == "bad_keys"


def test_keys_cannot_be_judged_when_linkedin_makes_no_sense(linkedin: FakeLinkedIn) -> None:
    linkedin.plan(says(200, {"rien": 1}), says(403), on=".*")

    for _answer in range(2):
        with pytest.raises(TryLater):
            SIGN_IN.check_keys(KEYS, linkedin.wire())


def test_secrets_of_a_sign_in_show_nowhere() -> None:
    grant = Grant(access_token=TOKEN, refresh_token=REFRESH)

    shown = f"{ASK!r} {KEYS!r} {grant!r} {json.dumps(DRAFT.text)}"

    assert not any(secret in shown for secret in SECRETS)
    assert CARD.title not in shown
