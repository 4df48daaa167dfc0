"""Whatever a network answers: what comes out is fit to be kept, or a failure with a name, and holds no secret of ours.

Anybody may run a server of Mastodon or Bluesky: what is promised here is promised of all networks alike.
"""

import json
import random
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, is_dataclass, replace
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from networks.fakes import bluesky, linkedin, mastodon, threads, x
from networks.fakes.hostile import Hostile
from networks.fakes.server import CODE, NOW, SECRETS, FakeNetwork
from networks.publishing_conformance import CARDED, DRAFT, FAKES, KEY, load
from portevoix.networks import incoming, registry
from portevoix.networks.contract import Attachment, Draft
from portevoix.networks.direct import Ask, Begun, Finding, Grant, Identity, Keys, Published
from portevoix.networks.failures import Duplicate, NetworkFailure
from portevoix.networks.wire import Wire

REDIRECT = bluesky.REDIRECT
PASSWORD = bluesky.APP_PASSWORD
PICTURED = replace(DRAFT, pictures=(Attachment("one", "a"), Attachment("two")))
DRAFTS: tuple[Draft, ...] = (DRAFT, CARDED, PICTURED, replace(DRAFT, url=""))
KEYS: dict[str, Keys] = {
    "dummy": Keys(),
    "linkedin": Keys(linkedin.CLIENT, linkedin.SECRET, {"analytics": "yes"}),
    "x": Keys(x.CLIENT, x.SECRET),
    "threads": Keys(threads.CLIENT, threads.SECRET),
    "bluesky": bluesky.KEYS,
    "mastodon": Keys(
        mastodon.CLIENT,
        mastodon.SECRET,
        {"host": mastodon.HOST, "redirect_uri": REDIRECT, "scopes": "profile", "challenge": "S256"},
    ),
}
EXAMPLES = 40


@dataclass
class Scene:
    """One network, honest until `wire` is spoken to."""

    key: str
    network: FakeNetwork
    mood: random.Random

    def __post_init__(self) -> None:
        direct = registry.DIRECT[self.key]
        self.sign_in: Any = direct.sign_in
        self.publisher = direct.publisher
        self.hostile = Hostile(self.network, self.mood, (*SECRETS, PASSWORD))
        self.honest = Wire(self._honest, self.hostile.wire().deadline, NOW)
        self.ask = Ask(KEYS[self.key], REDIRECT, "state", bluesky.HANDLE)
        self.grant = self.network.grant()
        if self.key == "bluesky" and self.mood.randrange(2):
            assert isinstance(self.network, bluesky.FakeBluesky)
            self.grant = self.network.oauth_grant()

    def _honest(self, method: str, url: str, **asked: Any) -> Any:
        return Hostile(self.network, Calm(), ()).call(method, url, **asked)

    @property
    def wire(self) -> Wire:
        return self.hostile.wire()

    def frozen(self) -> Any:
        return json.loads(json.dumps(self.publisher.freeze(self.mood.choice(DRAFTS), KEY)))

    def prepared(self, frozen: Any) -> Any:
        return self.publisher.prepare(frozen, self.grant, load, self.honest)

    def finish(self) -> Grant:
        begun = self.sign_in.begin(self.ask, self.honest)
        answer = {"code": CODE, "iss": bluesky.AUTHORITY}
        grant: Grant = self.sign_in.finish(self.ask, begun.kept, answer, self.wire)
        return grant

    def publish(self) -> Published:
        frozen = self.frozen()
        return self.publisher.publish(frozen, self.prepared(frozen), self.grant, self.wire)

    def find(self) -> Any:
        frozen = self.frozen()
        prepared = self.prepared(frozen)
        if self.mood.randrange(2):
            self.publisher.publish(frozen, prepared, self.grant, self.honest)
        return self.publisher.find(frozen, prepared, self.grant, self.wire)


class Calm(random.Random):
    """A mood that changes nothing."""

    def randrange(self, *_bounds: Any) -> int:
        return 11


ACTS: dict[str, Callable[[Scene], object]] = {
    "check_keys": lambda one: one.sign_in.check_keys(one.ask.keys, one.wire),
    "begin": lambda one: one.sign_in.begin(one.ask, one.wire),
    "finish": lambda one: one.finish(),
    "who": lambda one: one.sign_in.who(one.grant, one.wire),
    "refresh": lambda one: one.sign_in.refresh(one.grant, one.ask.keys, one.wire),
    "revoke": lambda one: one.sign_in.revoke(one.grant, one.ask.keys, one.wire),
    "prepare": lambda one: one.publisher.prepare(one.frozen(), one.grant, load, one.wire),
    "publish": lambda one: one.publish(),
    "find": lambda one: one.find(),
    "delete": lambda one: one.publisher.delete("1", one.frozen(), one.grant, one.wire),
    "read_figures": lambda one: one.publisher.read_figures("1", one.grant, one.wire),
    "read_limits": lambda one: one.publisher.read_limits(one.grant, one.wire),
}
MORE: dict[tuple[str, str], Callable[[Scene], object]] = {
    ("mastodon", "register"): lambda one: one.sign_in.register(mastodon.HOST, REDIRECT, one.wire),
    ("bluesky", "password"): lambda one: one.sign_in.sign_in_with_password(
        bluesky.HANDLE, PASSWORD, one.wire
    ),
}
ALL = {**{(key, name): act for key in FAKES for name, act in ACTS.items()}, **MORE}


@pytest.mark.parametrize(("key", "name"), ALL)
@settings(max_examples=EXAMPLES, deadline=None, derandomize=True, database=None)
@given(seed=st.integers(0, 2**32))
def test_only_named_failures_and_what_can_be_kept_come_out(key: str, name: str, seed: int) -> None:
    scene = Scene(key, FAKES[key](), random.Random(seed))

    try:
        given_back = ALL[key, name](scene)
    except NetworkFailure as why:
        is_fit_failure(why)
    else:
        is_fit(given_back)


def is_fit_failure(why: NetworkFailure) -> None:
    detail = getattr(why, "detail", "")
    is_kept(detail, 300)
    assert not any(secret in f"{detail} {getattr(why, 'reason', '')}" for secret in (*SECRETS, PASSWORD))
    seconds = getattr(why, "seconds", None)
    assert seconds is None or 0 < seconds <= 24 * 3600
    if isinstance(why, Duplicate):
        is_fit(Published(why.post_id, why.url))


def is_fit(found: object) -> None:
    """Judges what the caller keeps, by its kind."""
    is_kept(json.dumps(plain(found), ensure_ascii=False, allow_nan=False), 1_000_000)
    match found:
        case Published():
            is_kept(found.post_id, 500)
            is_link(found.url, 1000)
        case Identity():
            assert found.account_id
            for text in (found.account_id, found.handle, found.name):
                is_kept(text, 255)
            is_link(found.url, 500)
        case Grant():
            is_kept(found.account_id, 255)
            assert found.access_token
            assert f"{found.access_token}{found.refresh_token}".isascii()
            for moment in (found.expires_at, found.refresh_expires_at):
                is_near(moment)
        case Begun():
            assert incoming.is_plain_https(found.url)
        case Mapping():
            assert all(
                0 <= value <= 2**53
                for value in found.values()
                if isinstance(value, int) and value is not True
            )


def plain(found: Any) -> Any:
    """A fact as JSON."""
    if isinstance(found, Finding) or not is_dataclass(found) or isinstance(found, type):
        return dict(found) if isinstance(found, Mapping) else found
    return asdict(found)


def is_kept(text: str, longest: int) -> None:
    assert len(text) <= longest
    text.encode()
    assert not any(mark in text for mark in ("\x00", "\\u0000", "\r", "\n"))


def is_link(address: str, longest: int) -> None:
    is_kept(address, longest)
    assert not address or incoming.is_plain_https(address)


def is_near(moment: float | None) -> None:
    if moment is not None:
        datetime.fromtimestamp(moment, UTC)
        assert moment <= NOW + 10 * 366 * 86_400
