"""Canaries: secrets are planted wherever the product holds some, and then looked for wherever they must not be."""

import importlib
import json
import logging
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
import time_machine
from django.core import mail
from django.db import connection
from django.test import Client
from django.urls import reverse

from agora_town import Town, account_of
from cast import Cast
from make_library import make_published_story
from make_posts import connect, plan, step
from networks.fakes.linkedin import CLIENT, FakeLinkedIn
from networks.fakes.server import SECRET, SECRETS
from networks.fakes.threads import FakeThreads
from portevoix.core.rotation import rotate
from portevoix.demo.agora.exchange import Reply
from portevoix.demo.agora.server import stand_ins
from portevoix.networks.bluesky.sign_in import BlueskySignIn
from portevoix.networks.dummy.publisher import DummyPublisher
from portevoix.networks.failures import NetworkFailure
from portevoix.people.actions.participation import join_programme
from portevoix.people.actions.roles import grant_role
from portevoix.people.models import Person
from portevoix.people.roles import Role
from portevoix.sharing import grants, registrations
from portevoix.sharing.actions import signing_in
from portevoix.sharing.actions.networks import set_network
from portevoix.sharing.models import ConnectedAccount, NetworkSetting, Registration, SignInAttempt
from undoing import undone
from web.access_table import ROUTES

ROOMS = ("analytics", "feed", "library", "notifications", "people", "sharing")


@dataclass
class Planted:
    """What was planted, by name; and where to go on from."""

    secrets: dict[str, str]
    account: ConnectedAccount
    town: Town
    logs: pytest.LogCaptureFixture

    def found_in(self, text: str) -> list[str]:
        """The names of the secrets that stand in that text."""
        return [name for name, secret in self.secrets.items() if secret and secret in text]


@pytest.fixture
def planted(
    cast: Cast, settings: Any, now: datetime, caplog: pytest.LogCaptureFixture, tmp_path: Path
) -> Iterator[Planted]:
    """Every kind of secret, got as people and operators get them, while all that is logged is kept."""
    settings.SEALING_KEYS, settings.SEALING_KEYS_FILE = "", tmp_path / "sealing.keys"
    caplog.set_level(logging.DEBUG)
    with Town.served() as town, FakeLinkedIn() as linkedin, FakeThreads() as threads:
        played = {host: ("127.0.0.1", one.port) for one in (linkedin, threads) for host in one.hosts}
        settings.ENVIRONMENT = replace(settings.ENVIRONMENT, stand_ins={**stand_ins(town.port), **played})
        with time_machine.travel(now, tick=False):
            secrets = dict(zip(("token", "refresh", "client secret", "code of a fake"), SECRETS, strict=True))
            account = _connect(cast.ana, town, now, secrets)
            _begin(cast.noor, now, secrets)
            _set_keys(cast, now, linkedin, secrets)
            _refresh_at_threads(cast.noor, threads, now)
            yield Planted(secrets, account, town, caplog)


def _connect(person: Person, town: Town, now: datetime, secrets: dict[str, str]) -> ConnectedAccount:
    url = signing_in.begin_sign_in(person=person, network="dummy", typed="", session="mark", now=now)
    secrets["verifier"] = SignInAttempt.unscoped.get(person=person).unsealed()["kept"]["verifier"]
    _status, headers, _page = town.consent(url, answer="accept", account=account_of(town.agora).id)
    answer = dict(parse_qsl(urlsplit(headers["Location"]).query))
    secrets["state"], secrets["code"] = answer["state"], answer["code"]
    attempt = signing_in.come_back(
        person=person, network="dummy", host="", answer=answer, session="mark", now=now
    )
    account = signing_in.confirm_account(attempt=attempt, person=person, session="mark", now=now)
    secrets["access token"] = account.unsealed()["access_token"]
    secrets["refresh token"] = account.unsealed()["refresh_token"]
    return account


def _begin(person: Person, now: datetime, secrets: dict[str, str]) -> None:
    """A sign-in that nobody finished."""
    signing_in.begin_sign_in(person=person, network="dummy", typed="", session="mark", now=now)
    secrets["verifier that waits"] = SignInAttempt.unscoped.get(person=person).unsealed()["kept"]["verifier"]


def _set_keys(cast: Cast, now: datetime, linkedin: FakeLinkedIn, secrets: dict[str, str]) -> None:
    set_network(
        by=cast.driss, network="linkedin", is_on=True, client_id=CLIENT, client_secret=SECRET, now=now
    )
    registrations.own_keys("bluesky", BlueskySignIn(), now)
    key = json.loads(Registration.objects.get(network="bluesky").unsealed()["extra"]["signing_key"])
    secrets["signing key"] = key["d"]


def _refresh_at_threads(person: Person, threads: FakeThreads, now: datetime) -> None:
    """A network that wants the token in the address of the request."""
    account = connect(person, now=now, network="threads", grant=threads.grant())
    with suppress(NetworkFailure):
        grants.refreshed_grant(account, grants.grant_of(account))
    assert threads.requests


def _tables() -> Iterator[tuple[str, str]]:
    """Each table of the database, with all that it holds."""
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT * FROM "{table}"')  # noqa: S608  a name of our own
            yield table, "\n".join(repr(row) for row in cursor.fetchall())


def test_database_holds_no_secret_in_clear(planted: Planted) -> None:
    found = {table: names for table, text in _tables() if (names := planted.found_in(text))}

    assert found == {}


def test_secrets_are_there_all_the_same(planted: Planted) -> None:
    """What is looked for can be found where it belongs: the test above looks for the right words."""
    opened = [*ConnectedAccount.unscoped.all(), *NetworkSetting.unscoped.all(), *Registration.objects.all()]

    text = json.dumps([row.unsealed() for row in opened])

    assert {"access token", "refresh token", "client secret", "signing key"} <= {
        name for name in planted.secrets if planted.secrets[name] in text.replace('\\"', '"')
    }


def test_database_holds_none_after_the_keys_were_changed(planted: Planted) -> None:
    rotate()
    rotate(forget=True)

    test_database_holds_no_secret_in_clear(planted)
    assert ConnectedAccount.unscoped.get(pk=planted.account.pk).unsealed()["access_token"]


def test_network_that_repeats_our_secrets_has_them_written_nowhere(
    cast: Cast, planted: Planted, now: datetime
) -> None:
    post = plan(cast.ana, make_published_story(cast.ines, now=now), now=now)
    said = {
        "error": f"bad token {planted.secrets['access token']}",
        "message": planted.secrets["access token"],
    }
    planted.town.instead = Reply(400, "application/json", json.dumps(said).encode())

    post = step(post)

    assert post.state == "refused"
    test_database_holds_no_secret_in_clear(planted)
    assert planted.found_in(planted.logs.text) == []


def test_pages_show_no_secret(cast: Cast, planted: Planted, browse: Callable[[Person], Client]) -> None:
    for role in set(Role) - {Role.CONSULTANT}:
        grant_role(person=cast.driss, role=role, by=None, now=planted.account.connected_at)
    join_programme(person=cast.driss, now=planted.account.connected_at)
    found = {}
    for person in (cast.driss, cast.ana):
        client = browse(person)
        for route in ROUTES:
            with undone():
                kwargs = route.sample(cast, planted.account.connected_at) if route.sample else {}
                answer = client.get(reverse(route.name, kwargs=kwargs))
                text = b"".join(answer).decode("utf-8", "replace") + str(answer.headers)
            if names := planted.found_in(text):
                found[route.name] = names

    assert found == {}


def test_exports_hand_over_no_secret(cast: Cast, planted: Planted) -> None:
    exported = [
        importlib.import_module(f"portevoix.{room}.privacy").export_person(cast.ana) for room in ROOMS
    ]

    assert "@ana.belkadi" in str(exported)
    assert planted.found_in(json.dumps(exported, default=str)) == []


def test_logs_and_mails_hold_no_secret(cast: Cast, planted: Planted, now: datetime) -> None:
    step(plan(cast.ana, make_published_story(cast.ines, now=now), now=now))
    with suppress(NetworkFailure):
        grants.usable_grant(planted.account, now + timedelta(days=2))

    assert planted.found_in(planted.logs.text) == []
    assert planted.found_in("\n".join(letter.message().as_string() for letter in mail.outbox)) == []


def test_crash_in_the_middle_writes_no_secret(
    cast: Cast, planted: Planted, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    def crash(*_: object) -> None:
        raise ZeroDivisionError

    post = plan(cast.ana, make_published_story(cast.ines, now=now), now=now)
    monkeypatch.setattr(DummyPublisher, "publish", crash)

    post = step(post)

    assert "ZeroDivisionError" in planted.logs.text
    assert planted.found_in(planted.logs.text) == []
    test_database_holds_no_secret_in_clear(planted)


def test_error_page_of_a_sign_in_shows_no_secret(
    cast: Cast, planted: Planted, browse: Callable[[Person], Client], monkeypatch: pytest.MonkeyPatch
) -> None:
    def crash(**_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(signing_in, "come_back", crash)
    client = browse(cast.ana)
    client.raise_request_exception = False

    answer = client.get(
        reverse("come_back", kwargs={"network": "dummy"}),
        {"state": planted.secrets["state"], "code": planted.secrets["code"]},
    )

    assert answer.status_code == 500
    assert planted.found_in(answer.content.decode()) == []
    assert planted.found_in(planted.logs.text) == []


def test_what_holds_secrets_does_not_print_them(planted: Planted) -> None:
    grant = grants.grant_of(planted.account)

    assert planted.found_in(f"{grant!r} {grants.keys_of(planted.account)!r} {planted.account!r}") == []
