"""What a network that publishes for a person offers, and what crosses the border: frozen facts, nothing else.

*Keys* are the operator's, a *grant* is what a person's sign-in gave us, an *identity* is whose account it is. A post is
*frozen* when the person approves it, *prepared* (pictures uploaded) before it is sent, *published* once; a *publisher*
says what it can find out afterwards. Nothing here retries: the caller decides, by the name of the failure.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import date
from enum import StrEnum
from typing import Any, Protocol, runtime_checkable

from portevoix.networks.contract import Draft, Limits, Problem
from portevoix.networks.wire import Wire

Frozen = Mapping[str, Any]  # JSON: the post as it will be sent, in the network's own terms
Prepared = Mapping[str, Any]  # JSON: what was uploaded for it


@dataclass(frozen=True)
class Keys:
    """The operator's keys for a network, or those of our registration at one server of it. Never shown again.

    `extra` holds what one network needs besides, such as a signing key.
    """

    client_id: str = ""
    client_secret: str = field(default="", repr=False)
    extra: Mapping[str, str] = field(default_factory=dict, repr=False)


@dataclass(frozen=True)
class Grant:
    """What a sign-in gave us. Moments are in seconds since 1970; None where the network says that there is no end.

    `host` is the account's own server, `extra` what the network needs besides.
    """

    account_id: str = ""
    access_token: str = field(default="", repr=False)
    refresh_token: str = field(default="", repr=False)
    expires_at: float | None = None
    refresh_expires_at: float | None = None
    scopes: tuple[str, ...] = ()
    host: str = ""
    extra: Mapping[str, str] = field(default_factory=dict, repr=False)

    def as_dict(self) -> dict[str, Any]:
        """The grant as JSON, to be sealed."""
        return asdict(self)

    @classmethod
    def from_dict(cls, kept: Mapping[str, Any]) -> "Grant":
        """The grant that `as_dict` gave."""
        return cls(**{**kept, "scopes": tuple(kept.get("scopes", ()))})


@dataclass(frozen=True)
class Identity:
    """Whose account it is: `account_id` never changes, the handle and the name may."""

    account_id: str
    handle: str = ""
    name: str = ""
    url: str = ""


@dataclass(frozen=True)
class Ask:
    """A sign-in about to begin: what the person typed where a network needs it (server, handle), and what is ours."""

    keys: Keys
    redirect_uri: str
    state: str
    typed: str = ""


@dataclass(frozen=True)
class Begun:
    """Where the browser goes, and what must be kept, sealed, until it comes back."""

    url: str
    kept: Mapping[str, str] = field(repr=False)


class Needs(StrEnum):
    """What a person types before signing in."""

    NOTHING = ""
    SERVER = "server"
    HANDLE = "handle"


class SignIn(Protocol):
    """How a person connects their own account. Each method may raise a `NetworkFailure`.

    `permissions` are stable codes of what is asked for: the face explains each. `needs_keys`: the operator must have
    registered at the network.
    """

    @property
    def needs(self) -> Needs: ...
    @property
    def needs_keys(self) -> bool: ...
    @property
    def permissions(self) -> tuple[str, ...]: ...
    @property
    def lasts_days(self) -> int | None:
        """After how many days the person must sign in again whatever we do; None where that never happens."""

    def check_keys(self, keys: Keys, wire: Wire) -> None:
        """Asks the network, by one real call, whether it knows the keys; raises `OperatorMust` when it does not."""

    def begin(self, ask: Ask, wire: Wire) -> Begun:
        """Where to send the browser."""

    def finish(self, ask: Ask, kept: Mapping[str, str], answer: Mapping[str, str], wire: Wire) -> Grant:
        """The grant for what the browser brought back; refuses an answer that is not to our question."""

    def who(self, grant: Grant, wire: Wire) -> Identity:
        """Whose account the grant is for, as the network says."""

    def refresh(self, grant: Grant, keys: Keys, wire: Wire) -> Grant:
        """A fresh grant; `SignInAgain` when the network gives none any more."""

    def revoke(self, grant: Grant, keys: Keys, wire: Wire) -> None:
        """Has the network forget the grant; silent where it was forgotten already, or cannot be."""


@runtime_checkable
class Registers(Protocol):
    """A network made of many servers, at each of which we register by ourselves, once."""

    def host_of(self, typed: str) -> str:
        """The server in what a person typed; `Refused` with the reason `bad_server` when it names none."""

    def check_keys(self, keys: Keys, wire: Wire) -> None:
        """Asks the server whether it still knows us; raises `OperatorMust` when it does not."""

    def register(self, host: str, redirect_uri: str, wire: Wire) -> Keys:
        """The keys that this server gives us; `Refused` with `not_that_network` when it speaks another language."""


@runtime_checkable
class DescribesItself(Protocol):
    """A network where nobody registers: servers read who we are at an address of ours, and we sign with our own key."""

    def new_keys(self) -> Keys:
        """The secret that the whole installation keeps from now on: sign-ins are bound to it."""

    def keys_there(self, kept: Keys, address: str, redirect_uri: str) -> Keys:
        """Who we are at that public address; `kept` is what `new_keys` gave."""

    def description(self, address: str, redirect_uri: str) -> Mapping[str, Any]:
        """What servers read about us."""

    def public_keys(self, kept: Keys) -> Mapping[str, Any]:
        """What servers check our signatures with."""


@runtime_checkable
class Dated(Protocol):
    """A network whose interface has dated versions, each of which it drops one day.

    The operator's facts may name another `version` than ours; so does `Grant.extra`, for requests.
    """

    def version(self, facts: Mapping[str, str]) -> str:
        """The version that is asked for."""

    def is_version(self, text: str) -> bool:
        """Whether a text can name a version."""

    def ends_on(self, facts: Mapping[str, str]) -> date:
        """The day from which the network may refuse that version."""


@runtime_checkable
class PasswordSignIn(Protocol):
    """A network that also takes a password made for one application."""

    def sign_in_with_password(self, handle: str, password: str, wire: Wire) -> Grant:
        """The grant for that handle; `Refused` with the reason `bad_password` when it is not right."""


@dataclass(frozen=True)
class Key:
    """What makes one post itself: the share's code and the moment of its approval. Born with it, never drawn again."""

    code: str
    at: float


@dataclass(frozen=True)
class Media:
    """A picture or a document, as bytes."""

    content: bytes = field(repr=False)
    media_type: str
    alt: str = ""
    name: str = ""
    width: int = 0
    height: int = 0


Load = Callable[[str], Media]  # by the code that the draft names it with


@dataclass(frozen=True)
class Published:
    """A post that is there: its identifier, and where to see it; empty where the network does not say."""

    post_id: str
    url: str = ""


class Finding(StrEnum):
    """What looking for a post gave, when it did not give the post."""

    ABSENT = "absent"  # it is not there: it may be sent
    SEND_AGAIN = "send_again"  # we may not look; sent again, the network says whether it holds it
    CANNOT_TELL = "cannot_tell"  # ask the person


@dataclass(frozen=True)
class Terms:
    """How a network treats a post, in facts.

    `send_seconds` bounds one sending; `grace_seconds`, counted from its beginning, outlasts it and the latest moment at
    which the network may still carry it out. `costs`: each request is paid for; those besides the post itself cost, in
    millionths of a US dollar, `look_micros`, `read_micros` and `delete_micros` at the most that is usual.
    """

    send_seconds: float = 20.0
    grace_seconds: float = 120.0
    measures: bool = False
    deletes: bool = True
    costs: bool = False
    look_micros: int = 0
    read_micros: int = 0
    delete_micros: int = 0


class Publisher(Protocol):
    """A network that publishes for a person."""

    @property
    def terms(self) -> Terms: ...

    def posted_text(self, draft: Draft) -> str:
        """The text of the post as it would be published; the link is not in it where a card carries it."""

    def length(self, draft: Draft) -> int:
        """Its length as this network counts it."""

    def problems(self, draft: Draft, limits: Limits) -> tuple[Problem, ...]:
        """What stands in the way, quick enough to be asked at every key. `limits` may be the account's own server's."""

    def freeze(self, draft: Draft, key: Key) -> Frozen:
        """The post in the network's own terms: what every try will send."""

    def prepare(self, frozen: Frozen, grant: Grant, load: Load, wire: Wire) -> Prepared:
        """Uploads what the post needs; asked again after a failure, without harm.

        What it gives is kept, and serves every try until a `PrepareAgain`: some networks publish it once at most.
        """

    def publish(self, frozen: Frozen, prepared: Prepared, grant: Grant, wire: Wire) -> Published:
        """Publishes, by one request. `OutcomeUnknown` when it may have been done."""

    def find(self, frozen: Frozen, prepared: Prepared, grant: Grant, wire: Wire) -> Published | Finding:
        """Whether the post is there, some time after a try whose outcome is unknown."""

    def delete(self, post_id: str, frozen: Frozen, grant: Grant, wire: Wire) -> None:
        """Takes the post off the network; silent when it is not there."""

    def read_figures(self, post_id: str, grant: Grant, wire: Wire) -> Mapping[str, int]:
        """What the network tells its author of the post: `likes`, `reposts`, `replies`, … `Absent` when it is gone."""

    def read_limits(self, grant: Grant, wire: Wire) -> Limits | None:
        """The limits of the account's own server; None where the network has the same for all."""

    def cost_micros(self, frozen: Frozen) -> int:
        """What publishing it costs, in millionths of a US dollar."""


@dataclass(frozen=True)
class Direct:
    """Direct publishing at one network: how one signs in, how it publishes."""

    sign_in: SignIn
    publisher: Publisher


def without_link(draft: Draft) -> Draft:
    """The draft for a network whose card carries the link: it is in the text only when there is no card."""
    return replace(draft, url="") if draft.card else draft


def within(limits: Limits, own: Limits | None) -> Limits:
    """The limits that hold for an account: its own server's where that has some."""
    return own or limits


def find_by_link(texts: Sequence[tuple[str, str]], link: str) -> str:
    """The identifier of the post whose text holds the link; empty when none does. `texts`: (identifier, text)."""
    return next((post_id for post_id, text in texts if link and link in text), "")
