"""What every publisher must keep, whatever the network: one function per promise, run against each network's fake.

To add a network: one line in `FAKES`.
"""

import json
import time
import traceback
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from email.utils import format_datetime

import pytest

from networks.fakes.agora import FakeAgora
from networks.fakes.bluesky import FakeBluesky
from networks.fakes.linkedin import FakeLinkedIn
from networks.fakes.mastodon import FakeMastodon
from networks.fakes.server import (
    NOW,
    SECRETS,
    FakeNetwork,
    Fault,
    breaks,
    garbles,
    nests,
    resets,
    says,
    says_half,
    stays_silent,
)
from networks.fakes.threads import FakeThreads
from networks.fakes.x import FakeX
from portevoix.networks import registry
from portevoix.networks.contract import Attachment, Card, Draft, Limits
from portevoix.networks.direct import Finding, Frozen, Key, Media, Prepared, Published, Publisher
from portevoix.networks.failures import (
    Absent,
    Duplicate,
    NetworkFailure,
    OutcomeUnknown,
    Scope,
    SignInAgain,
    TryLater,
)
from portevoix.networks.wire import Wire

FAKES: dict[str, Callable[[], FakeNetwork]] = {
    "dummy": FakeAgora,
    "linkedin": FakeLinkedIn,
    "x": FakeX,
    "threads": FakeThreads,
    "bluesky": FakeBluesky,
    "mastodon": FakeMastodon,
}

URL = "https://go.acme.example/r/Ab3dE"
DISCLOSURE = "Je travaille chez Acme"
WORDS = "50 % & plus (été) #Nouveauté_2026 : «\u202fالجدّة\u202f» 👋"
DRAFT = Draft(WORDS, URL, language="fr", disclosure=DISCLOSURE)
CARD = Card("Un titre", "Un résumé", Attachment("cover"))
CARDED = replace(DRAFT, card=CARD)
KEY = Key("Sh4reC0de", NOW - 60)
PICTURE = Media(b"\x89PNG\r\n\x1a\n", "image/png")
# The answer to the one request that publishes goes missing, after it was carried out.
LOST: dict[str, Callable[[], Fault]] = {
    "502": breaks,
    "503": lambda: breaks(503),
    "reset": resets,
    "silence": stays_silent,
    "half": says_half,
    "garbled": garbles,
    "endless": nests,
}


@dataclass
class Case:
    """A publisher and the network it speaks to."""

    publisher: Publisher
    network: FakeNetwork
    frozen: Frozen = None  # type: ignore[assignment]
    prepared: Prepared = None  # type: ignore[assignment]

    def ready(self, draft: Draft = DRAFT, key: Key = KEY) -> "Case":
        """The post, frozen as it will be kept, and prepared."""
        self.frozen = json.loads(json.dumps(self.publisher.freeze(draft, key)))
        prepared = self.publisher.prepare(self.frozen, self.network.grant(), load, self.network.wire())
        self.prepared = json.loads(json.dumps(prepared))
        return self

    def publish(self, wire: Wire | None = None) -> Published:
        """One try."""
        wire = wire or self.network.wire()
        return self.publisher.publish(self.frozen, self.prepared, self.network.grant(), wire)

    def find(self) -> Published | Finding:
        """One look."""
        return self.publisher.find(self.frozen, self.prepared, self.network.grant(), self.network.wire())

    def settle(self) -> str:
        """What the caller does after an unknown outcome, once the grace is over; the identifier it ends with."""
        found = self.find()
        if isinstance(found, Published):
            return found.post_id
        assert found in (Finding.ABSENT, Finding.SEND_AGAIN)
        try:
            return self.publish().post_id
        except Duplicate as why:
            return why.post_id

    def times(self) -> int:
        """How many requests to publish reached the network."""
        return sum(1 for line in self.network.lines() if line == self._line)

    @property
    def _line(self) -> str:
        return self.network.publishing.replace("\\", "")


def load(code: str) -> Media:
    """The picture of that code."""
    return replace(PICTURE, name=f"{code}.png")


def keys() -> list[str]:
    """Every network that publishes by itself and has a fake."""
    return [key for key in registry.DIRECT if key in FAKES]


def is_described(case: Case) -> None:
    terms = case.publisher.terms

    assert terms.grace_seconds >= terms.send_seconds + 60
    assert isinstance(case.publisher.read_limits(case.network.grant(), case.network.wire()), Limits | None)
    assert (case.publisher.cost_micros(case.publisher.freeze(DRAFT, KEY)) > 0) == terms.costs


def publishes_once_and_says_where(case: Case) -> None:
    published = case.ready().publish()

    assert [post.post_id for post in case.network.shown()] == [published.post_id]
    assert published.url.startswith("https://")
    assert published.post_id in published.url
    assert case.times() == 1


def publishes_the_very_words(case: Case) -> None:
    case.ready().publish()

    assert case.network.shown()[0].text == case.publisher.posted_text(DRAFT)


def carries_the_link_once(case: Case) -> None:
    for number, draft in enumerate((DRAFT, CARDED)):
        draft = replace(draft, text=f"{WORDS} {number}", url=f"{URL}{number}")
        case.ready(draft, Key(f"Sh4re{number}", NOW)).publish()
        post = case.network.shown()[-1]

        assert f"{post.text} {post.link}".count(draft.url) == 1
        assert (draft.url in post.text) == (draft.url in case.publisher.posted_text(draft))


def puts_the_disclosure_first_and_once(case: Case) -> None:
    once = case.publisher.posted_text(DRAFT)
    again = case.publisher.posted_text(replace(DRAFT, text=f"{DISCLOSURE}\n{WORDS}"))

    assert once.startswith(f"{DISCLOSURE}\n")
    assert once.count(DISCLOSURE) == 1
    assert again == once


def freezes_what_can_be_kept(case: Case) -> None:
    frozen = case.publisher.freeze(CARDED, KEY)

    assert json.loads(json.dumps(frozen)) == frozen


def freezes_the_same_for_the_same_post(case: Case) -> None:
    assert case.publisher.freeze(CARDED, KEY) == case.publisher.freeze(replace(CARDED), Key(KEY.code, KEY.at))


def may_be_prepared_twice(case: Case) -> None:
    case.ready(CARDED)

    case.ready(CARDED).publish()

    assert len(case.network.shown()) == 1


def finds_a_post_whose_answer_was_lost(case: Case) -> None:
    for name, lost in LOST.items():
        case.ready(replace(DRAFT, text=f"{WORDS} {name}", url=f"{URL}{name}"), Key(f"Of{name}", NOW - 60))
        before = len(case.network.shown())
        case.network.plan(lost())

        with pytest.raises(OutcomeUnknown):
            case.publish(case.network.wire(0.3 if name == "silence" else 2))

        post_id = case.settle()
        assert len(case.network.shown()) == before + 1
        assert post_id in ("", case.network.shown()[-1].post_id)


def finds_a_post_that_came_late(case: Case) -> None:
    case.ready()
    case.network.plan(stays_silent(late_seconds=0.4))

    with pytest.raises(OutcomeUnknown):
        case.publish(case.network.wire(0.2))
    time.sleep(0.4)  # the grace

    post_id = case.settle()
    assert len(case.network.shown()) == 1
    assert post_id in ("", case.network.shown()[0].post_id)


def sends_again_what_never_arrived(case: Case) -> None:
    case.ready()
    case.network.plan(resets(carried_out=False))

    with pytest.raises(OutcomeUnknown):
        case.publish()

    post_id = case.settle()
    assert [post.post_id for post in case.network.shown()] == [post_id]


def says_that_nothing_left(case: Case) -> None:
    case.ready()

    with pytest.raises(TryLater) as why:
        case.publish(case.network.wire_to_nowhere())

    assert why.value.scope is Scope.NETWORK
    assert case.times() == 0


def waits_as_long_as_it_is_asked(case: Case) -> None:
    case.ready()
    in_words = format_datetime(datetime.fromtimestamp(NOW + 90, UTC), usegmt=True)
    case.network.plan(
        says(429, {}, Retry_After="37"),
        says(429, {}, Retry_After=in_words),
        says(429, {}, x_rate_limit_reset=str(int(NOW) + 600)),
    )

    for seconds in (37, 90, 600):
        with pytest.raises(TryLater) as why:
            case.publish()
        assert why.value.seconds == seconds
        assert why.value.scope is Scope.ACCOUNT
    assert case.network.shown() == []


def does_not_believe_a_broken_network(case: Case) -> None:
    case.ready()
    case.network.plan(says(500, {"error": "oops"}), says(503), case.network.errs_in_200())

    for _fault in range(3):
        with pytest.raises(OutcomeUnknown):
            case.publish()


def asks_to_sign_in_again(case: Case) -> None:
    case.ready()
    case.network.plan(case.network.disowns_token())

    with pytest.raises(SignInAgain):
        case.publish()


def deletes_and_is_silent_when_there_is_nothing(case: Case) -> None:
    published = case.ready().publish()
    grant = case.network.grant()

    case.publisher.delete(published.post_id, case.frozen, grant, case.network.wire())
    case.publisher.delete(published.post_id, case.frozen, grant, case.network.wire())

    assert case.network.shown() == []


def tells_figures_or_that_the_post_is_gone(case: Case) -> None:
    published = case.ready().publish()
    grant, wire = case.network.grant(), case.network.wire()

    figures = case.publisher.read_figures(published.post_id, grant, wire)

    assert bool(figures) == case.publisher.terms.measures
    assert all(isinstance(value, int) and value >= 0 for value in figures.values())
    if figures:
        case.publisher.delete(published.post_id, case.frozen, grant, case.network.wire())
        with pytest.raises(Absent):
            case.publisher.read_figures(published.post_id, grant, case.network.wire())


def counts_as_it_measures(case: Case) -> None:
    for draft in (replace(DRAFT, text="a" * 20_000), replace(CARDED, text="م" * 20_000)):
        limits = registry.get(_key(case)).network.limits

        problem = next(one for one in case.publisher.problems(draft, limits) if one.code == "too_long")

        assert problem.facts["length"] == case.publisher.length(draft)


def accepts_a_post_of_exactly_the_limit(case: Case) -> None:
    limits = registry.get(_key(case)).network.limits
    assert limits.max_length is not None
    for url, card in ((URL, None), (URL, CARD)):
        draft = Draft("", url, card=card)
        room = limits.max_length - case.publisher.length(draft)

        fits = case.publisher.problems(replace(draft, text="a" * room), limits)
        exceeds = case.publisher.problems(replace(draft, text="a" * (room + 1)), limits)

        assert [problem.code for problem in fits] == []
        assert [problem.code for problem in exceeds] == ["too_long"]


def survives_a_broken_character(case: Case) -> None:
    case.ready(replace(DRAFT, text="\ud83d coupé")).publish()

    assert "coupé" in case.network.shown()[0].text


def keeps_our_secrets(case: Case) -> None:
    case.ready(CARDED).publish()
    faults = (
        case.network.disowns_token(),
        case.network.errs_in_200(),
        breaks(),
        garbles(),
        says_half(),
        says(418, {}),
    )
    repeated = (
        says(400, {"error": {"message": SECRETS[0]}, "message": SECRETS[0], "detail": SECRETS[0]}),
        says(400, {"error": SECRETS[0], "error_description": SECRETS[0], "title": SECRETS[0]}),
    )
    post_id, grant = case.network.shown()[0].post_id, case.network.grant()
    acts: tuple[Callable[[], object], ...] = (
        case.publish,
        case.find,
        lambda: case.ready(CARDED),
        lambda: case.publisher.delete(post_id, case.frozen, grant, case.network.wire()),
        lambda: case.publisher.read_figures(post_id, grant, case.network.wire()),
    )

    told = [said_of(act, case, fault) for act in acts for fault in (*faults, *repeated)]

    assert any(told)
    assert [words for words in told if any(secret in words for secret in SECRETS)] == []
    assert not any(secret in repr(grant) for secret in SECRETS)


def said_of(act: Callable[[], object], case: Case, fault: Fault) -> str:
    """Everything that a failure says of itself, and of what caused it."""
    case.network.plan(fault, on=".*")
    try:
        act()
    except NetworkFailure as why:
        chain: list[BaseException | None] = [why]
        while chain[-1] is not None:
            chain.append(chain[-1].__cause__ or chain[-1].__context__)
        parts = [f"{one!r} {one} {vars(one)}" for one in chain if one is not None]
        return "\n".join([*parts, *traceback.format_exception(why)])
    return ""


def _key(case: Case) -> str:
    return next(key for key, direct in registry.DIRECT.items() if direct.publisher is case.publisher)


PROMISES = (
    is_described,
    publishes_once_and_says_where,
    publishes_the_very_words,
    carries_the_link_once,
    puts_the_disclosure_first_and_once,
    freezes_what_can_be_kept,
    freezes_the_same_for_the_same_post,
    may_be_prepared_twice,
    finds_a_post_whose_answer_was_lost,
    finds_a_post_that_came_late,
    sends_again_what_never_arrived,
    says_that_nothing_left,
    waits_as_long_as_it_is_asked,
    does_not_believe_a_broken_network,
    asks_to_sign_in_again,
    deletes_and_is_silent_when_there_is_nothing,
    tells_figures_or_that_the_post_is_gone,
    counts_as_it_measures,
    accepts_a_post_of_exactly_the_limit,
    survives_a_broken_character,
    keeps_our_secrets,
)
