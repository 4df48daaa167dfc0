"""Signing in at Bluesky with an app password, where the server offers nothing better."""

import traceback
from collections.abc import Callable, Iterator

import pytest

from networks.fakes.bluesky import (
    APP_PASSWORD,
    DID,
    HANDLE,
    MAIN_PASSWORD,
    FakeBluesky,
)
from networks.fakes.server import NOW
from portevoix.networks.bluesky.sign_in import BlueskySignIn
from portevoix.networks.direct import Keys
from portevoix.networks.failures import (
    Disconnected,
    Refused,
    SignInAgain,
)

SIGN_IN = BlueskySignIn()
DAY = 86_400


@pytest.fixture
def bluesky() -> Iterator[FakeBluesky]:
    with FakeBluesky() as network:
        assert isinstance(network, FakeBluesky)
        yield network


def refusal(act: Callable[[], object]) -> Refused:
    with pytest.raises(Refused) as why:
        act()
    return why.value


def test_app_password_signs_in(bluesky: FakeBluesky) -> None:
    grant = SIGN_IN.sign_in_with_password(f"@{HANDLE}", f" {APP_PASSWORD.upper()} ", bluesky.wire())

    assert (grant.account_id, grant.expires_at) == (DID, NOW + 7200)
    assert grant.refresh_expires_at == NOW + 90 * DAY
    assert SIGN_IN.who(grant, bluesky.wire()).handle == f"@{HANDLE}"
    assert SIGN_IN.refresh(grant, Keys(), bluesky.wire()).account_id == DID


@pytest.mark.parametrize(
    "password", ["", "correct horse", "abcd-efgh-ijkl", "abcd-efgh-ijkl-mno1", "abcdefghijklmnop"]
)
def test_what_is_no_app_password_is_not_even_sent(bluesky: FakeBluesky, password: str) -> None:
    why = refusal(lambda: SIGN_IN.sign_in_with_password(HANDLE, password, bluesky.wire()))

    assert why.reason == "not_app_password"
    assert [line for line in bluesky.lines() if "createSession" in line] == []


def test_main_password_in_the_shape_of_another_is_not_kept(bluesky: FakeBluesky) -> None:
    why = refusal(lambda: SIGN_IN.sign_in_with_password(HANDLE, MAIN_PASSWORD, bluesky.wire()))

    assert why.reason == "not_app_password"
    assert bluesky.lines()[-1] == "POST /xrpc/com.atproto.server.deleteSession"


def test_wrong_app_password_is_refused_without_repeating_it(bluesky: FakeBluesky) -> None:
    wrong = "zzzz-zzzz-zzzz-zzzz"

    with pytest.raises(Refused) as why:
        SIGN_IN.sign_in_with_password(HANDLE, wrong, bluesky.wire())

    assert why.value.reason == "bad_password"
    assert wrong not in "".join(traceback.format_exception(why.value)) + repr(vars(why.value))


def test_app_password_of_a_suspended_account_is_disconnected(bluesky: FakeBluesky) -> None:
    bluesky.account_error = "AccountTakedown"

    with pytest.raises(Disconnected):
        SIGN_IN.sign_in_with_password(HANDLE, APP_PASSWORD, bluesky.wire())


def test_session_that_was_taken_back_asks_to_sign_in_again(bluesky: FakeBluesky) -> None:
    grant = SIGN_IN.sign_in_with_password(HANDLE, APP_PASSWORD, bluesky.wire())
    SIGN_IN.revoke(grant, Keys(), bluesky.wire())
    SIGN_IN.revoke(grant, Keys(), bluesky.wire())

    with pytest.raises(SignInAgain):
        SIGN_IN.refresh(grant, Keys(), bluesky.wire())
