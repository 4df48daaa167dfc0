"""Replies: what is answered to the head of a request, as the bytes that leave, and the record of the click."""

import time
from collections.abc import Callable
from email.utils import formatdate
from functools import lru_cache
from hashlib import blake2b
from os import urandom
from typing import Final, NamedTuple, Protocol
from urllib.parse import unquote, urlsplit

from portevoix.links.click_ids import CHANCE_BYTES, place_in
from portevoix.links.click_ids import Key as ClickKey
from portevoix.links.segments import Flag
from portevoix.links.visitors import hasher_of, visitor_hash
from portevoix.redirector.answer import (
    PREFIX,
    REDIRECT_HEADERS,
    Answer,
    Asked,
    Link,
    Traits,
    answer_absent,
    answer_away,
    answer_not_allowed,
    answer_preview,
    code_of,
    frame_of,
    traits_of,
)
from portevoix.redirector.desk import AWAITED, Desk, Key, PreviewOf
from portevoix.redirector.requests import Head

REASONS: Final = {
    200: b"200 OK",
    302: b"302 Found",
    400: b"400 Bad Request",
    404: b"404 Not Found",
    405: b"405 Method Not Allowed",
    408: b"408 Request Timeout",
    431: b"431 Request Header Fields Too Large",
    501: b"501 Not Implemented",
    502: b"502 Bad Gateway",
    503: b"503 Service Unavailable",
    505: b"505 HTTP Version Not Supported",
}
_PREFIX: Final = PREFIX.encode()
_LONGEST_AGENT: Final = 1024
_LONGEST_OTHER: Final = 2048
_LONGEST_READY: Final = 64
_MOST_READY: Final = 10_000
_NEVER: Final = float("inf")
_BLANK: Final = b"\r\n\r\n"
_REDIRECT: Final = b"HTTP/1.1 302 Found\r\nLocation: "
_REDIRECT_END: Final = b"".join(f"\r\n{name}: {value}".encode() for name, value in REDIRECT_HEADERS)


class Awaits(Exception):
    """The answer needs what is not in memory: ask the desk for `key`, then come again."""

    def __init__(self, key: Key) -> None:
        super().__init__(key)
        self.key = key


class Peer(Protocol):
    """Whoever asks."""

    def address(self, head: Head) -> str:
        """The visitor's address."""


class _Ready(NamedTuple):
    """A link as it is answered within one second, by the target that asks for it."""

    link: Link
    is_closed: bool
    until: float
    secret: bytes | None
    reply: bytes
    opened: "_Opened | None"


class _Opened(NamedTuple):
    """Of a link with click ids: their key, and the reply's end. Its beginning stops where the id goes."""

    key: ClickKey
    end: bytes


# Of a link whose reply is the same for everybody: until when, whether those who draw cards are given one, the reply, the
# hasher of its visitors, and what a click's frame says of it: number, organisation, flags, code. A plain tuple, because
# it is taken apart for each click.
Usual = tuple[float, bool, bytes, blake2b | None, int, int, int, bytes]


class Replies:
    """Answers requests for tracked links, out of what the desk finds."""

    def __init__(self, desk: Desk, now: Callable[[], float] = time.time) -> None:
        self.count: dict[int, int] = dict.fromkeys(REASONS, 0)
        self._desk = desk
        self._counter = desk.counter
        self._now = now
        self.note_time()

    def note_time(self) -> None:
        """Takes note of the second that answers carry; to be called in each."""
        moment = self._now()
        self._date = b"\r\nDate: " + formatdate(moment, usegmt=True).encode()
        self._redirect_end = self._date + _REDIRECT_END + _BLANK
        self._forget_ready()

    def _forget_ready(self) -> None:
        self._ready_at = self._counter[0]
        self._ready: dict[bytes, _Ready] = {}
        self._usual: dict[bytes, Usual] = {}

    def begin_turn(self) -> tuple[float, Callable[[bytes], Usual | None]]:
        """The moment of a turn, and what finds the usual links of that moment by a request's first line."""
        if self._counter[0] != self._ready_at:
            self._forget_ready()
        return self._now(), self._usual.get

    def note_usual(self, clicks: int) -> None:
        """Counts clicks on usual links that were answered elsewhere."""
        self.count[302] += clicks
        self._desk.hits += clicks

    def link(self, head: Head, peer: Peer, *, is_away: bool = False) -> tuple[bytes, bytes]:
        """The reply to a request for a link, and the frame to write before it leaves; or raises `Awaits`.

        With `is_away`, the database has just been asked in vain: what is not remembered is answered so.
        """
        method = head.method
        if method != b"GET" and method != b"HEAD":
            return self._answer(answer_not_allowed(), head), b""
        target, moment = head.target, self._now()
        if (
            self._counter[0] != self._ready_at
        ):  # before the link is found: a change after that is seen next time
            self._forget_ready()
        ready = self._ready.get(target)
        if ready is not None and moment < ready.until:
            self._desk.hits += 1
            return self._click(head, peer, ready, moment, is_away=is_away)
        code = _code_in(target.partition(b"?")[0])  # what follows may be as long as it likes
        if code is None:
            return self.absent(head), b""
        link = self._desk.find(code)
        if link is None:
            return self.absent(head), b""
        if link is AWAITED:
            if is_away:
                return self._answer(answer_away(_asked(head)), head), b""
            raise Awaits(code)
        ready = self._make_ready(target, link, moment, is_away=is_away)
        if ready is None:
            return self.absent(head), b""
        return self._click(head, peer, ready, moment, is_away=is_away)

    def absent(self, head: Head) -> bytes:
        """The page for an address that leads nowhere."""
        return self._answer(answer_absent(_asked(head)), head)

    def refusal(self, status: int) -> bytes:
        """The bare reply to what cannot be answered; the connection closes after it."""
        self.count[status] += 1
        return b"HTTP/1.1 %b%b\r\nContent-Length: 0\r\nConnection: close\r\n\r\n" % (
            REASONS[status],
            self._date,
        )

    def _make_ready(self, target: bytes, link: Link, moment: float, *, is_away: bool) -> "_Ready | None":
        """What is the same for every click on a link within this second; None when it leads nowhere."""
        is_closed = link.is_closed(moment)
        location = link.leads_to(is_closed)
        if location is None:
            return None
        found = self._desk.secret(link.organisation_id, moment)
        if found is AWAITED:
            if not is_away:
                raise Awaits(link.organisation_id)
            found = (None, _NEVER)
        secret, until = found
        if not is_closed and link.expires_at is not None:
            until = min(until, link.expires_at)
        key = None if is_closed else self._desk.click_key(link)
        if key is None:
            reply, opened = _REDIRECT + location.encode() + self._redirect_end, None
        else:
            before, after = place_in(location)
            reply, opened = _REDIRECT + before.encode(), _Opened(key, after.encode() + self._redirect_end)
        ready = _Ready(link, is_closed, until, secret, reply, opened)
        if (
            len(target) <= _LONGEST_READY and len(self._ready) < _MOST_READY
        ):  # strangers choose how many there are
            self._ready[target] = ready
            if opened is None:
                self._usual[b"GET %b HTTP/1.1" % target] = _usual(ready)
        return ready

    def _click(
        self, head: Head, peer: Peer, ready: "_Ready", moment: float, *, is_away: bool
    ) -> tuple[bytes, bytes]:
        link, is_closed, _until, secret, reply, opened = ready
        traits = traits_in(head)
        gives_card = link.has_card and not is_closed and traits.draws_cards
        card = self._card(link, is_away=is_away) if gives_card else b""
        visitor = visitor_hash(secret, peer.address(head), traits.agent)
        frame = frame_of(link, moment, traits, visitor, is_closed=is_closed, is_head=head.method == b"HEAD")
        if card:
            return self._answer(answer_preview(_asked(head), card, frame), head), frame
        self.count[302] += 1
        if opened is not None:
            reply += opened.key.make(link.id, int(moment * 1000), urandom(CHANCE_BYTES)) + opened.end
        if not head.keep_alive or head.has_body or not head.minor:
            reply = reply.removesuffix(_BLANK) + _end(head)
        return reply, frame

    def _card(self, link: Link, *, is_away: bool) -> bytes:
        """The page of the link's card; empty when there is none, or none can be had: then it is led on like everybody."""
        page = self._desk.preview(link.code)
        if page is not AWAITED:
            return page
        if not is_away:
            raise Awaits(PreviewOf(link.code))
        return b""

    def _answer(self, answer: Answer, head: Head) -> bytes:
        self.count[answer.status] += 1
        lines = "".join(f"\r\n{name}: {value}" for name, value in answer.headers).encode()
        return b"HTTP/1.1 " + REASONS[answer.status] + self._date + lines + _end(head) + answer.body


def _usual(ready: _Ready) -> Usual:
    link, is_closed, until, secret, reply, _ = ready
    flags = int(Flag.CLOSED) if is_closed else 0
    gives_card = link.has_card and not is_closed
    said = link.id, link.organisation_id, flags, link.code.encode()
    return until, gives_card, reply, hasher_of(secret), *said


def is_for_links(target: bytes) -> bool:
    """Whether a target asks for a tracked link, however it is written."""
    return target.startswith(_PREFIX) or _path_of(target).startswith(PREFIX)


@lru_cache(maxsize=16_384)
def _code_in(target: bytes) -> str | None:
    return code_of(_path_of(target)) if len(target) < 512 else None


def _path_of(target: bytes) -> str:
    text = target.decode("latin-1")
    if not text.startswith("/"):
        text = urlsplit(text).path if text.startswith("http") else text
    path = text.partition("?")[0].partition("#")[0]
    return unquote(path) if "%" in path else path


def _end(head: Head) -> bytes:
    if not head.keep_alive or head.has_body:
        return b"\r\nConnection: close\r\n\r\n"
    return b"\r\n\r\n" if head.minor else b"\r\nConnection: keep-alive\r\n\r\n"


def traits_in(head: Head) -> Traits:
    """What the record of a click takes from a head."""
    get = head.fields.get
    names = (b"user-agent", b"referer", b"accept-language", b"purpose")
    return traits_said(*(get(name, b"") for name in names))


@lru_cache(maxsize=8192)
def traits_said(agent: bytes, referrer: bytes, accept_language: bytes, purpose: bytes = b"") -> Traits:
    """`traits_of` what was said, as its bytes came."""
    others = (text[:_LONGEST_OTHER].decode("latin-1") for text in (referrer, accept_language, purpose))
    return traits_of(agent[:_LONGEST_AGENT].decode("latin-1"), *others)


def _asked(head: Head) -> Asked:
    language = head.fields.get(b"accept-language", b"").decode("latin-1")
    return Asked(head.method.decode(), accept_language=language)
