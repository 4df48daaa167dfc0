"""What a way out gives back: an answer, or a reason; and the deadline that nothing outlives. No sockets here.

Refusals are `CannotFetch`: a stable `code`, a `template` (English, `%(name)s` holes), its `facts`, and the
`sentence` they make together. No Django here: whoever faces people translates the template.
"""

import time
from collections.abc import Mapping
from dataclasses import dataclass

from portevoix.core.failures import Failure

NOT_MODIFIED = 304


class CannotFetch(Failure):
    """Something we will not, or could not, fetch."""

    code = "cannot_fetch"
    template = "This address could not be read."


class AddressRefused(CannotFetch):
    """A private, local or reserved place, a closed port, or an address that hides where it goes."""

    code = "address_refused"
    template = "%(host)s is not a public web address."


class SchemeRefused(CannotFetch):
    """Neither http nor https."""

    code = "scheme_refused"
    template = "The address must begin with http:// or https://."


class TooManyRedirects(CannotFetch):
    """More hops than a reasonable site needs."""

    code = "too_many_redirects"
    template = "This address sends from one page to another without end."


class TooSlow(CannotFetch):
    """The whole answer did not come within the deadline."""

    code = "too_slow"
    template = "The site took more than %(seconds)s seconds to answer."


class TooBig(CannotFetch):
    """More bytes, as they come or once decompressed, than we accept."""

    code = "too_big"
    template = "The page is too big: %(megabytes)s MB at most."

    @classmethod
    def beyond(cls, max_bytes: int) -> "TooBig":
        return cls(megabytes=f"{max_bytes / 1_000_000:g}")


class Unreachable(CannotFetch):
    """No such name, nobody listening, a broken certificate or a broken answer."""

    code = "unreachable"
    template = "%(host)s could not be reached."


class BadStatus(CannotFetch):
    """The site answered, with something else than the page."""

    code = "bad_status"
    template = "The site refused to show this page (answer %(status)s)."

    def __init__(self, *, status: int, retry_after: str | None = None) -> None:
        self.status = status
        self.retry_after = retry_after
        super().__init__(status=status)


class NoAnswer(CannotFetch):
    """The request left, whole or in part, and no whole answer came: it may have been carried out or not."""

    code = "no_answer"
    template = "%(host)s did not answer."


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back: the address that answered, its headers (names in lower case), its decompressed body."""

    url: str
    status: int
    headers: Mapping[str, str]
    content: bytes

    @property
    def content_type(self) -> str | None:
        return self.headers.get("content-type")

    @property
    def etag(self) -> str | None:
        return self.headers.get("etag")

    @property
    def last_modified(self) -> str | None:
        return self.headers.get("last-modified")

    @property
    def is_unchanged(self) -> bool:
        return self.status == NOT_MODIFIED


@dataclass(frozen=True, slots=True)
class Deadline:
    """A moment on the monotonic clock that nothing may outlive."""

    seconds: float
    until: float

    @classmethod
    def within(cls, seconds: float) -> "Deadline":
        return cls(seconds, time.monotonic() + seconds)

    def left(self) -> float:
        """Seconds left; raises `TooSlow` when there are none."""
        left = self.until - time.monotonic()
        if left <= 0:
            raise self.missed()
        return left

    def missed(self) -> TooSlow:
        return TooSlow(seconds=f"{self.seconds:g}")
