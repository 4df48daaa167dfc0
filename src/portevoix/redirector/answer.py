"""From what was asked and where the link leads to what is answered: no socket, no clock, no database.

Everything that comes from outside is cut to size and cleaned here, once, before it goes into a header or a record.
"""

import re
from dataclasses import dataclass
from functools import lru_cache
from os import urandom
from typing import Final, NamedTuple
from urllib.parse import quote, urlsplit

from portevoix.links.click_ids import CHANCE_BYTES, Key, place_in
from portevoix.links.codes import canonical
from portevoix.links.previews import builds_preview
from portevoix.links.segments import CLICK, NOBODY, Device, Flag, frame_of_facts, texts_of
from portevoix.links.visitors import seen_of
from portevoix.redirector import preview
from portevoix.redirector.page import CONTENT_SECURITY_POLICY, LANGUAGES, Occasion, page

PREFIX: Final = "/r/"

_LONGEST_LOCATION: Final = 8000
_KEPT_IN_ADDRESSES: Final = "%/:?#[]@!$&'()*+,;=~-._"


@dataclass(frozen=True, slots=True)
class Link:
    """Where a code leads. Locations are fit for a header, or None when what is stored is not a web address."""

    id: int
    organisation_id: int
    code: str
    location: str | None
    fallback: str | None
    expires_at: float | None = None
    withdrawn: bool = False
    carries_click_id: bool = False
    has_card: bool = False

    def is_closed(self, moment: float) -> bool:
        return self.withdrawn or (self.expires_at is not None and self.expires_at <= moment)

    def leads_to(self, is_closed: bool) -> str | None:
        """The location; the company's once the story is closed."""
        return self.fallback if is_closed or self.location is None else self.location


class Asked(NamedTuple):
    """What is known of a request. Texts are as they came; a header that did not come is empty."""

    method: str
    agent: str = ""
    referrer: str = ""
    accept_language: str = ""
    purpose: str = ""


class Answer(NamedTuple):
    """What leaves: a status, headers, a body; and the frame to write down before it does, if any."""

    status: int
    headers: list[tuple[str, str]]
    body: bytes = b""
    frame: bytes = b""


def code_of(path: str) -> str | None:
    """The code that a path under `/r/` asks for, or None when it cannot be one; a last slash is forgiven."""
    if len(path) > len(PREFIX) + 16:
        return None
    return canonical(path[len(PREFIX) :].removesuffix("/"))


def answer_link(
    asked: Asked, link: Link, moment: float, visitor: bytes, click_key: Key | None = None
) -> Answer:
    """The answer for a link that exists, at a moment in seconds since 1970: its destination, or the company's page.

    With the key of click ids, the destination is told which click it was.
    """
    is_closed = link.is_closed(moment)
    location = link.leads_to(is_closed)
    if location is None:
        return answer_absent(asked)
    if click_key is not None and not is_closed:
        before, after = place_in(location)
        location = (
            before + click_key.make(link.id, int(moment * 1000), urandom(CHANCE_BYTES)).decode() + after
        )
    traits = traits_of(asked.agent, asked.referrer, asked.accept_language, asked.purpose)
    frame = frame_of(link, moment, traits, visitor, is_closed=is_closed, is_head=asked.method == "HEAD")
    return Answer(302, [("Location", location), *REDIRECT_HEADERS], b"", frame)


def frame_of(
    link: Link, moment: float, traits: "Traits", visitor: bytes, *, is_closed: bool, is_head: bool
) -> bytes:
    """What is written down of a click on a link at a moment in seconds since 1970."""
    flags = traits.flags | _HEAD if is_head else traits.flags
    if is_closed:
        flags |= _CLOSED
    at_ms = int(moment * 1000)
    facts = (CLICK, at_ms, link.id, link.organisation_id, flags, traits.device, visitor or NOBODY)
    return frame_of_facts(facts, link.code.encode(), traits.texts)


class Traits(NamedTuple):
    """What a click's record takes from the request, whatever the link: often the same, so worth keeping."""

    agent: str
    device: int
    flags: int
    texts: bytes
    seen: bytes  # what tells the visitor apart, after the network
    draws_cards: bool


def traits_of(agent: str, referrer: str, accept_language: str, purpose: str) -> Traits:
    """The traits in four headers, cleaned and cut to size."""
    clean = clean_agent(agent)
    texts = texts_of(primary_language(accept_language), referrer_host(referrer), clean)
    flags = int(Flag.PREFETCH) if _is_ahead(purpose) else 0
    return Traits(clean, int(device_of(agent)), flags, texts, seen_of(clean), builds_preview(clean))


_HEAD: Final = int(Flag.HEAD)
_CLOSED: Final = int(Flag.CLOSED)


def answer_absent(asked: Asked) -> Answer:
    """The page for a code that leads nowhere."""
    return _answer_page(asked, 404, "absent")


def answer_preview(asked: Asked, body: bytes, frame: bytes) -> Answer:
    """The card of a link's story, for whoever draws cards; its click is written down like any other."""
    headers = [
        ("Content-Type", "text/html; charset=utf-8"),
        ("Content-Length", str(len(body))),
        ("Content-Security-Policy", preview.CONTENT_SECURITY_POLICY),
        ("Cache-Control", f"public, max-age={preview.CACHE_SECONDS}"),
        ("Referrer-Policy", "no-referrer"),
        ("X-Content-Type-Options", "nosniff"),
        ("Vary", "User-Agent"),  # people are led on
    ]
    return Answer(200, headers, b"" if asked.method == "HEAD" else body, frame)


def answer_away(asked: Asked) -> Answer:
    """The page for a link that cannot be looked up now: the database is away and the link is not remembered."""
    return _answer_page(asked, 503, "away", ("Retry-After", "60"))


def answer_not_allowed() -> Answer:
    """The answer to a method that a link does not have."""
    return Answer(
        405, [("Allow", "GET, HEAD"), ("Content-Length", "0"), ("Cache-Control", "private, no-store")]
    )


REDIRECT_HEADERS: Final = (
    ("Cache-Control", "private, no-store"),
    ("Referrer-Policy", "strict-origin-when-cross-origin"),
    ("Content-Length", "0"),
)


def _answer_page(asked: Asked, status: int, occasion: Occasion, *more: tuple[str, str]) -> Answer:
    body = page(occasion, preferred_language(asked.accept_language))
    headers = [
        ("Content-Type", "text/html; charset=utf-8"),
        ("Content-Length", str(len(body))),
        ("Content-Security-Policy", CONTENT_SECURITY_POLICY),
        ("Cache-Control", "private, no-store"),
        ("Referrer-Policy", "no-referrer"),
        ("X-Content-Type-Options", "nosniff"),
        ("Vary", "Accept-Language"),
        *more,
    ]
    return Answer(status, headers, b"" if asked.method == "HEAD" else body)


@lru_cache(maxsize=8192)
def location_of(address: str) -> str | None:
    """A stored address as a header may carry it, or None: only http and https, with a host, without name or password.

    Letters beyond ASCII are encoded; control characters are refused rather than cleaned, because they were put there.
    """
    if not address or len(address) > _LONGEST_LOCATION or _UNFIT.search(address):
        return None
    try:
        parts = urlsplit(address)
        host, port = parts.hostname, parts.port
        if parts.scheme not in ("http", "https") or not host or "@" in parts.netloc:
            return None
        if not host.isascii():
            parts = parts._replace(netloc=host.encode("idna").decode() + (f":{port}" if port else ""))
    except ValueError:  # UnicodeError is one
        return None
    location = quote(parts.geturl(), safe=_KEPT_IN_ADDRESSES)
    return location if len(location) <= _LONGEST_LOCATION else None


_UNFIT: Final = re.compile(r"[\x00-\x1f\x7f-\x9f\\\u2028\u2029\ud800-\udfff]")


@lru_cache(maxsize=4096)
def referrer_host(referrer: str) -> str:
    """The host of a referrer in small letters, or the package of an Android application; empty for anything else."""
    found = _REFERRER.match(referrer[:2048])
    host = found[1].lower().rpartition("@")[2] if found else ""
    host = host.partition(":")[0].rstrip(".")
    return host if _HOST.fullmatch(host) else ""


_REFERRER: Final = re.compile(r"(?i)(?:https?|android-app|ios-app)://([^/?#\s]+)")
_HOST: Final = re.compile(r"[a-z0-9_](?:[a-z0-9_.-]{0,251}[a-z0-9_])?")


@lru_cache(maxsize=4096)
def primary_language(accept_language: str) -> str:
    """The first language a visitor names, without its country: `fr` of `fr-MA,ar;q=0.8`; empty when none is named."""
    found = _LANGUAGE.match(accept_language[:200])
    return found[1].lower() if found else ""


_LANGUAGE: Final = re.compile(r"\s*([A-Za-z]{2,3})(?![A-Za-z0-9])")


@lru_cache(maxsize=4096)
def preferred_language(accept_language: str) -> str:
    """The one of our languages that a visitor likes best; French when none is liked."""
    wishes = [wish.partition(";q=") for wish in accept_language[:200].replace(" ", "").lower().split(",")]
    ranked = sorted(
        ((_weight(q), -place, name[:2]) for place, (name, _, q) in enumerate(wishes)), reverse=True
    )
    return next((name for weight, _, name in ranked if weight > 0 and name in LANGUAGES), LANGUAGES[0])


def _weight(q: str) -> float:
    try:
        return min(max(float(q), 0.0), 1.0) if q else 1.0
    except ValueError:
        return 0.0


@lru_cache(maxsize=16_384)
def device_of(agent: str) -> int:
    """What the visitor holds, told from the User-Agent by its plainest words."""
    for device, words in _DEVICES:
        if words.search(agent):
            return device
    return Device.OTHER


_DEVICES: Final = (
    (Device.OTHER, re.compile(r"(?i)smart-?tv|hbbtv|googletv|apple ?tv|\baft[a-z]|roku|playstation|xbox|nintendo")),
    (Device.TABLET, re.compile(r"iPad|[Tt]ablet|Kindle|Silk/(?!.*Mobile)|PlayBook|Android(?!.*[Mm]obi)")),
    (Device.PHONE, re.compile(r"[Mm]obi|iPhone|iPod|Windows Phone|Opera Mini|BlackBerry|BB10|MIDP|Symbian|Nokia|NOKIA")),
    (Device.DESKTOP, re.compile(r"Windows|Macintosh|X11|CrOS|Linux")),
)  # fmt: skip


@lru_cache(maxsize=16_384)
def clean_agent(agent: str) -> str:
    """A User-Agent without control characters, at most 512 signs, read as UTF-8 where it is."""
    text = agent[:2048]
    if not text.isascii():
        text = text.encode("latin-1", "replace").decode("utf-8", "replace")
    return _CONTROLS.sub(" ", text)[:512].strip()


_CONTROLS: Final = re.compile(r"[\x00-\x1f\x7f-\x9f]")


def _is_ahead(purpose: str) -> bool:
    return bool(purpose) and _AHEAD.search(purpose) is not None


_AHEAD: Final = re.compile(r"(?i)prefetch|prerender|preview")
