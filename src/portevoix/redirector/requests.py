"""The head of an HTTP/1.1 request, read strictly: what two readers could understand differently is refused. Pure.

Only what the redirector needs is picked out. Stricter than the standard allows one to be: no bare line feed, no folded
line, no blank before a colon, no length said twice. `httptools` is its oracle in the tests.
"""

import re
from functools import lru_cache
from typing import Final, NamedTuple

LONGEST_HEAD: Final = 8192

_METHODS: Final = rb"GET|HEAD|POST|PUT|PATCH|DELETE|OPTIONS|TRACE"
# A host without a name or a password before it: readers disagree about where those end.
_HOST: Final = rb"(?:[A-Za-z0-9._-]++|\[[0-9A-Fa-f:.]++\])(?::[0-9]*+)?"
_TARGET: Final = rb"/[!-~]*+|\*|https?://%b(?:[/?][!-~]*+)?" % _HOST
_NAME: Final = rb"[!#$%&'*+.^_`|~0-9A-Za-z-]++"
_VALUE: Final = rb"[\t -~\x80-\xff]*+"
_WANTED: Final = frozenset(
    b"host connection content-length transfer-encoding user-agent referer accept-language x-forwarded-for "
    b"sec-purpose purpose x-moz x-purpose".split()
)
# One expression both proves the head and cuts it: possessive, so that no input makes it go back.
_HEAD: Final = re.compile(
    rb"(%b) (%b) HTTP/1\.([01])\r\n((?:%b:%b\r\n)*+)\r\n" % (_METHODS, _TARGET, _NAME, _VALUE)
)
_FIRST_LINE: Final = re.compile(rb"(%b) (?:%b) HTTP/([0-9]\.[0-9])\r\n" % (_NAME, _TARGET))
# Most heads are of one kind and say nothing that needs thought: cut whole, in one go, with what is wanted in groups. Any
# doubt (no host, a field said twice, a body, a blank at an end) and it does not match.
_ENDED: Final = rb"[ \t]*+(%b)(?<![ \t])\r\n" % _VALUE
_USUAL: Final = re.compile(
    rb"(GET|HEAD) (/[!-~]*+) HTTP/1\.1\r\n(?:[Hh]ost(?(3)(?!)):%b|[Uu]ser-[Aa]gent(?(4)(?!)):%b|[Rr]eferer(?(5)(?!)):%b"
    rb"|[Aa]ccept-[Ll]anguage(?(6)(?!)):%b|[Xx]-[Ff]orwarded-[Ff]or(?(7)(?!)):%b|[Cc]onnection: [Kk]eep-[Aa]live\r\n"
    rb"|(?!(?i:%b):)%b:%b\r\n)*+(?(3)\r\n|(?!))" % (*[_ENDED] * 5, b"|".join(sorted(_WANTED)), _NAME, _VALUE)
)
_FIELD: Final = re.compile(rb"([^:]++):[ \t]*+([^\r]*+)\r\n")
_LENGTH: Final = re.compile(rb"[0-9]{1,18}")
# How browsers say that nobody clicked yet: today's word, yesterday's, Firefox's, Safari's; one here.
_PURPOSES: Final = (b"sec-purpose", b"purpose", b"x-moz", b"x-purpose")
# Said in several lines, these are one list.
_LISTS: Final = (b"connection", b"x-forwarded-for", b"purpose")
# Said twice, these can be understood in two ways: somebody is trying to be read differently by two servers.
_ONCE: Final = (b"host", b"content-length", b"transfer-encoding")


class BadRequest(Exception):
    """The request is refused; `status` says why."""

    def __init__(self, status: int) -> None:
        super().__init__(status)
        self.status = status


class Head(NamedTuple):
    """A whole head. `fields` holds the wanted ones by their names in small letters; `end` is where the head ends.

    `keep_alive` is whether another request may follow on the connection; `has_body` whether a body follows the head.
    """

    method: bytes
    target: bytes
    minor: int
    fields: dict[bytes, bytes]
    keep_alive: bool
    has_body: bool
    end: int


_new: Final = tuple.__new__  # half the time of Head(…), on the path of every click


def read_head(data: bytes, at: int = 0) -> Head | None:
    """The head that begins at `at`, or None while it is not whole; `BadRequest` for what is not to be answered."""
    return read_usual(data, at) or read_any(data, at)


def read_usual(data: bytes, at: int = 0) -> Head | None:
    """The head that begins at `at`, or None when it is not whole or needs thought."""
    found = _USUAL.match(data, at, at + LONGEST_HEAD)
    if found is None:
        return None
    method, target, host, agent, referrer, language, forwarded_for = found.groups()
    fields = {b"host": host}
    if agent is not None:
        fields[b"user-agent"] = agent
    if referrer is not None:
        fields[b"referer"] = referrer
    if language is not None:
        fields[b"accept-language"] = language
    if forwarded_for is not None:
        fields[b"x-forwarded-for"] = forwarded_for
    return _new(Head, (method, target, 1, fields, True, False, found.end()))


def said_in(data: bytes) -> tuple[bytes, ...] | None:
    """Agent, referrer, language and the addresses told by proxies, empty what was not said, of a usual head that is all
    of `data`; None for anything else."""
    found = _USUAL.match(data, 0, LONGEST_HEAD)
    return found.groups(b"")[3:] if found is not None and found.end() == len(data) else None


def read_any(data: bytes, at: int = 0) -> Head | None:
    """As `read_head`, without looking for the usual first."""
    found = _HEAD.match(data, at, at + LONGEST_HEAD)
    if found is None:
        return _read_odd(data, at)
    method, target, version, block = found.groups()
    fields: dict[bytes, bytes] = {}
    for raw, value in _FIELD.findall(block):
        if name := _names[raw]:
            fields[name] = _joined(name, fields[name], value) if name in fields else value.rstrip(b" \t")
    minor = 1 if version == b"1" else 0
    if minor and b"host" not in fields:
        raise BadRequest(400)
    has_body = (b"content-length" in fields or b"transfer-encoding" in fields) and _has_body(fields, minor)
    keep_alive = _keeps_alive(fields[b"connection"], minor) if b"connection" in fields else minor == 1
    return _new(Head, (method, target, minor, fields, keep_alive, has_body, found.end()))


def _read_odd(data: bytes, at: int) -> Head | None:
    """Why no head begins here: it is not whole, too long, not one; or an empty line stands before it."""
    if data.startswith(b"\r\n", at) and not data.startswith(
        b"\r\n", at + 2
    ):  # forgiven, as the standard wishes
        return read_head(data, at + 2)
    if data.find(b"\r\n\r\n", at, at + LONGEST_HEAD) >= 0:
        raise BadRequest(_status_of(data, at))
    if len(data) - at >= LONGEST_HEAD:
        raise BadRequest(431)
    return None


def _status_of(data: bytes, at: int) -> int:
    found = _FIRST_LINE.match(data, at)
    if found is None:
        return 400
    if found[2] not in (b"1.0", b"1.1"):
        return 505
    return 400 if found[1] in _METHODS.split(b"|") else 501


class _Names(dict[bytes, bytes]):
    """The names of fields as they were written, with what they are called here: empty when nobody needs them."""

    def __missing__(self, raw: bytes) -> bytes:
        name = raw.lower()
        called = b"purpose" if name in _PURPOSES else name if name in _WANTED else b""
        if len(self) < 1024:  # strangers must not fill it
            self[raw] = called
        return called


_names: Final = _Names()


def _joined(name: bytes, earlier: bytes, value: bytes) -> bytes:
    if name in _ONCE:
        raise BadRequest(400)
    return earlier + b", " + value.rstrip(b" \t") if name in _LISTS else earlier


def _has_body(fields: dict[bytes, bytes], minor: int) -> bool:
    length, coding = fields.get(b"content-length"), fields.get(b"transfer-encoding")
    if coding is not None:
        if length is not None or minor == 0 or coding.lower() != b"chunked":
            raise BadRequest(400)
        return True
    if length is None or not _LENGTH.fullmatch(length):
        raise BadRequest(400)
    return int(length) > 0


@lru_cache(maxsize=256)
def _keeps_alive(connection: bytes, minor: int) -> bool:
    wishes = {wish.strip(b" \t") for wish in connection.lower().split(b",")}
    return b"close" not in wishes and (minor == 1 or b"keep-alive" in wishes)
