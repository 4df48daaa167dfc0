"""Signing in at a network: the straight way, and every way in which somebody may try to bend it, refused in words."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
import time_machine

from agora_town import Town
from cast import Cast
from make import make_person
from make_posts import play
from make_sign_ins import (
    DESK,
    PHONE,
    begin,
    bring_back,
    confirm,
    refused,
    say_yes,
    signed_in,
)
from networks.fakes.bluesky import (
    ADDRESS,
    APP_PASSWORD,
    DID,
    HANDLE,
    MAIN_PASSWORD,
    SIGNING_KEY,
    FakeBluesky,
)
from networks.fakes.mastodon import HOST, FakeMastodon
from networks.fakes.server import CODE, NOW, Fault, breaks, says
from portevoix.core import tenancy
from portevoix.core.errors import Refusal
from portevoix.people.models import Person
from portevoix.people.roles import Role
from portevoix.sharing import queries
from portevoix.sharing.actions import signing_in
from portevoix.sharing.actions.networks import set_network
from portevoix.sharing.models import ConnectedAccount, Registration, SignInAttempt


# --- the straight way ----------------------------------------------------------------------------------------------
def test_account_is_shown_before_it_is_kept_and_kept_on_a_yes(cast: Cast, town: Town, now: datetime) -> None:
    attempt = signed_in(town, cast.ana, now)
    assert attempt.identity["handle"] == "@ana.belkadi"
    assert not ConnectedAccount.objects.exists()

    account = confirm(cast.ana, attempt, now)

    assert (account.handle, account.name, account.state) == ("@ana.belkadi", "Ana Belkadi", "connected")
    assert queries.account_on(cast.ana, "dummy") == account


def test_only_hashes_of_what_travels_are_kept_and_the_rest_is_sealed(
    cast: Cast, town: Town, now: datetime
) -> None:
    url = begin(cast.ana, now)
    state = dict(parse_qsl(urlsplit(url).query))["state"]

    row = SignInAttempt.objects.values().get()

    assert len(state) >= 43  # 256 bits
    assert state not in str(row)
    assert PHONE not in str(row)
    assert "verifier" not in str(row)


def test_two_sign_ins_never_share_a_state(cast: Cast, town: Town, now: datetime) -> None:
    states = {dict(parse_qsl(urlsplit(begin(cast.ana, now)).query))["state"] for _each in range(20)}

    assert len(states) == 20


def test_signing_in_again_keeps_the_account_and_what_is_planned(
    cast: Cast, town: Town, now: datetime
) -> None:
    first = confirm(cast.ana, signed_in(town, cast.ana, now), now)
    ConnectedAccount.objects.update(state="sign_in_again")

    again = confirm(cast.ana, signed_in(town, cast.ana, now), now)

    assert again.pk == first.pk
    assert again.is_connected
    assert again.unsealed()["access_token"] != first.unsealed()["access_token"]


# --- the state -----------------------------------------------------------------------------------------------------
def test_answer_that_was_used_is_refused(cast: Cast, town: Town, now: datetime) -> None:
    answer = say_yes(town, begin(cast.ana, now))
    bring_back(cast.ana, answer, now)

    with refused("sign_in_used"):
        bring_back(cast.ana, answer, now)


def test_answer_that_was_used_is_refused_after_the_yes_and_harms_nothing(
    cast: Cast, town: Town, now: datetime
) -> None:
    answer = say_yes(town, begin(cast.ana, now))
    account = confirm(cast.ana, bring_back(cast.ana, answer, now), now)

    with refused("sign_in_used"):
        bring_back(cast.ana, answer, now)

    account.refresh_from_db()
    assert account.is_connected


def test_answer_of_somebody_else_is_refused(cast: Cast, town: Town, now: datetime) -> None:
    """Login CSRF: a stranger begins, and has a colleague's browser end."""
    answer = say_yes(town, begin(cast.noor, now))

    with refused("not_your_sign_in"):
        bring_back(cast.ana, answer, now)

    assert not ConnectedAccount.objects.exists()


def test_answer_of_another_organisation_is_refused(cast: Cast, town: Town, now: datetime) -> None:
    zoe = make_person(cast.other, "Zoé", [Role.AMBASSADOR], now=now)
    with tenancy.acting_for(cast.other.pk):
        answer = say_yes(town, begin(zoe, now))

    with refused("not_your_sign_in"):
        bring_back(cast.ana, answer, now)


def test_answer_in_another_browser_of_the_same_person_is_refused(
    cast: Cast, town: Town, now: datetime
) -> None:
    """Fixation: what was begun in one session is not ended in another."""
    answer = say_yes(town, begin(cast.ana, now, session=PHONE))

    with refused("not_your_sign_in"):
        bring_back(cast.ana, answer, now, session=DESK)


@pytest.mark.parametrize("state", ["", "guessed", "x" * 100_000, "\x00", "état"])
def test_answer_to_no_question_is_refused(cast: Cast, town: Town, now: datetime, state: str) -> None:
    begin(cast.ana, now)

    with refused("not_your_sign_in"):
        bring_back(cast.ana, {"state": state, "code": "any"}, now)


def test_answer_after_ten_minutes_is_refused(cast: Cast, town: Town, now: datetime) -> None:
    answer = say_yes(town, begin(cast.ana, now))

    with refused("sign_in_late"):
        bring_back(cast.ana, answer, now + timedelta(minutes=10, seconds=1))


def test_answer_within_ten_minutes_is_taken(
    cast: Cast, town: Town, now: datetime, travel: time_machine.Traveller
) -> None:
    answer = say_yes(town, begin(cast.ana, now))

    assert bring_back(cast.ana, answer, now + timedelta(minutes=10)).stage == "waiting"


# --- which network -------------------------------------------------------------------------------------------------
def test_answer_of_one_network_at_the_address_of_another_is_refused(
    cast: Cast, town: Town, now: datetime
) -> None:
    """Mix-up: each network, and each server, has an address of its own to come back to."""
    answer = say_yes(town, begin(cast.ana, now))

    with refused("not_your_sign_in"):
        bring_back(cast.ana, answer, now, network="bluesky")


def test_answer_at_the_address_of_another_server_is_refused(cast: Cast, settings: Any, now: datetime) -> None:
    with FakeMastodon() as mastodon:
        play(settings, mastodon)
        url = begin(cast.ana, now, network="mastodon", typed=HOST)
        state = dict(parse_qsl(urlsplit(url).query))["state"]

        with refused("not_your_sign_in"):
            bring_back(cast.ana, {"state": state, "code": "c"}, now, network="mastodon", host="evil.example")


def test_answer_of_another_issuer_is_refused_and_its_code_is_not_sent(cast: Cast, settings: Any) -> None:
    """Mix-up: the authority that was asked is the one that must answer (RFC 9207)."""
    then = datetime.fromtimestamp(NOW, UTC)
    with FakeBluesky() as bluesky, time_machine.travel(then, tick=False):
        play(settings, bluesky)
        settings.PUBLIC_ADDRESS = ADDRESS
        ours = Registration(network="bluesky", made_at=then)
        ours.sealed = ours.seal({"extra": {"signing_key": SIGNING_KEY}})
        ours.save()
        begin(cast.ana, then, network="bluesky", typed=HANDLE)
        answer = {"state": bluesky.pushed[-1]["state"], "code": CODE, "iss": "https://evil.example"}
        asked = len(bluesky.requests)

        with refused("other_issuer"):
            bring_back(cast.ana, answer, then, network="bluesky")

        assert len(bluesky.requests) == asked


def test_answer_for_a_network_that_was_closed_meanwhile_is_refused(
    cast: Cast, town: Town, now: datetime
) -> None:
    answer = say_yes(town, begin(cast.ana, now))
    set_network(by=cast.driss, network="dummy", is_on=False, now=now)

    with refused("network_closed"):
        bring_back(cast.ana, answer, now)


# --- the code ------------------------------------------------------------------------------------------------------
def test_code_of_another_sign_in_is_refused_by_its_verifier(cast: Cast, town: Town, now: datetime) -> None:
    """Code injection: Noor's code in Ana's answer. What Ana's sign-in alone knows does not fit it."""
    stolen = say_yes(town, begin(cast.noor, now), "ana.belkadi")["code"]
    mine = say_yes(town, begin(cast.ana, now))

    with refused("sign_in_refused"):
        bring_back(cast.ana, {**mine, "code": stolen}, now)

    assert not ConnectedAccount.objects.exists()


def test_code_is_sent_once_even_when_the_network_is_silent(cast: Cast, town: Town, now: datetime) -> None:
    answer = say_yes(town, begin(cast.ana, now))
    town.drop = {"POST"}
    with refused("network_silent"):
        bring_back(cast.ana, answer, now)
    town.drop = set()

    with refused("sign_in_used"):
        bring_back(cast.ana, answer, now)


def test_answer_without_a_code_is_refused(cast: Cast, town: Town, now: datetime) -> None:
    answer = say_yes(town, begin(cast.ana, now))

    with refused("sign_in_refused"):
        bring_back(cast.ana, {"state": answer["state"]}, now)


def test_a_no_at_the_network_is_said_as_one(cast: Cast, town: Town, now: datetime) -> None:
    _status, headers, _page = town.consent(begin(cast.ana, now), answer="refuse")
    answer = dict(parse_qsl(urlsplit(headers["Location"]).query))

    with refused("sign_in_declined"):
        bring_back(cast.ana, answer, now)


# --- by a password made for it -------------------------------------------------------------------------------------
@pytest.fixture
def bluesky(settings: Any, travel: object) -> Iterator[FakeBluesky]:
    with FakeBluesky() as network:
        play(settings, network)
        yield network


def by_password(person: Person, now: datetime, password: str, handle: str = HANDLE) -> SignInAttempt:
    return signing_in.sign_in_with_password(
        person=person, network="bluesky", handle=handle, password=password, session=PHONE, now=now
    )


def test_app_password_signs_in_and_is_never_kept(cast: Cast, bluesky: FakeBluesky, now: datetime) -> None:
    account = confirm(cast.ana, by_password(cast.ana, now, APP_PASSWORD), now)

    assert (account.account_id, account.handle) == (DID, f"@{HANDLE}")
    assert APP_PASSWORD not in str(account.unsealed())


@pytest.mark.parametrize(
    ("password", "code"),
    [
        ("zzzz-zzzz-zzzz-zzzz", "bad_password"),
        (MAIN_PASSWORD, "not_app_password"),
        ("my own long password", "not_app_password"),
        ("", "not_app_password"),
    ],
)
def test_password_that_will_not_do_is_refused_beside_the_field(
    cast: Cast, bluesky: FakeBluesky, now: datetime, password: str, code: str
) -> None:
    with refused(code):
        by_password(cast.ana, now, password)


def test_sign_in_at_bluesky_needs_an_address_that_its_servers_can_read(
    cast: Cast, bluesky: FakeBluesky, settings: Any, now: datetime
) -> None:
    settings.PUBLIC_ADDRESS = "http://intranet.acme.example"

    with refused("operator_must") as refusal:
        begin(cast.ana, now, network="bluesky", typed=HANDLE)

    assert "https" in refusal.value.sentence


# --- servers at which we register ----------------------------------------------------------------------------------
def test_server_knows_us_from_the_first_sign_in_on(cast: Cast, settings: Any, now: datetime) -> None:
    with FakeMastodon() as mastodon:
        play(settings, mastodon)

        begin(cast.ana, now, network="mastodon", typed=f"@ana@{HOST}")
        begin(cast.noor, now, network="mastodon", typed=f"https://{HOST}/@noor")

        assert len(mastodon.apps) == 1
    assert Registration.objects.get().host == HOST


def test_server_that_forgot_us_is_introduced_to_us_again(cast: Cast, settings: Any, now: datetime) -> None:
    with FakeMastodon() as mastodon:
        play(settings, mastodon)
        begin(cast.ana, now, network="mastodon", typed=HOST)
        mastodon.plan(says(401, {"error": "invalid_client"}), on="POST /oauth/token")

        begin(cast.ana, now, network="mastodon", typed=HOST)

        assert len(mastodon.apps) == 2
    assert Registration.objects.count() == 1


def test_server_is_asked_anew_when_our_own_address_changed(cast: Cast, settings: Any, now: datetime) -> None:
    with FakeMastodon() as mastodon:
        play(settings, mastodon)
        begin(cast.ana, now, network="mastodon", typed=HOST)
        settings.PUBLIC_ADDRESS = "https://parler.acme.example"

        begin(cast.ana, now, network="mastodon", typed=HOST)

        assert mastodon.apps[-1]["redirect_uris"].startswith("https://parler.acme.example/")


@pytest.mark.parametrize("typed", ["", "not a server", "127.0.0.1", "localhost", "a.example:22", "[::1]"])
def test_server_that_is_none_is_refused_beside_the_field(
    cast: Cast, now: datetime, travel: object, typed: str
) -> None:
    with pytest.raises(Refusal) as refusal:
        begin(cast.ana, now, network="mastodon", typed=typed)

    assert refusal.value.field == "typed"
    assert not SignInAttempt.objects.exists()


@pytest.mark.parametrize("fault", [breaks(502), says(404), says(200, content_type="text/html")])
def test_server_that_is_no_mastodon_is_refused(
    cast: Cast, settings: Any, now: datetime, fault: Fault
) -> None:
    with FakeMastodon() as mastodon:
        play(settings, mastodon)
        mastodon.plan(*[fault] * 9, on=".*")

        with pytest.raises(Refusal) as refusal:
            begin(cast.ana, now, network="mastodon", typed=HOST)

    assert refusal.value.field == "typed"
    assert not Registration.objects.exists()
