"""How networks are spoken to: two kinds of requests, told apart by what it costs to ask twice.

`read` is for what may be asked again without harm; whatever goes wrong is `TryLater`. `write` is for the one request that
publishes; when its answer is missing or makes no sense, it is `OutcomeUnknown`. Both obey requests to wait.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol
from urllib.parse import urlencode

from portevoix.core.outgoing import Answer, CannotFetch, Deadline, NoAnswer
from portevoix.networks import incoming
from portevoix.networks.failures import OutcomeUnknown, Scope, TryLater

WAIT_STATUSES = frozenset({408, 425, 429})
LONGEST_WAIT_SECONDS = 24 * 3600.0
FORM = "application/x-www-form-urlencoded"
JSON = "application/json"


class Call(Protocol):
    """A way out: `core.http.Door.call`."""

    def __call__(
        self,
        method: str,
        url: str,
        *,
        headers: Mapping[str, str] | None = None,
        content: bytes = b"",
        deadline: Deadline | None = None,
    ) -> Answer: ...


def asked_to_wait(answer: Answer, now: float) -> TryLater:
    """What an answer that asks to wait means, where a network does not say more in words of its own."""
    return TryLater(retry_after(answer, now), Scope.ACCOUNT, f"answer {answer.status}")


@dataclass(frozen=True)
class Wire:
    """One conversation with a network, within a deadline. `now` is the wall clock, in seconds since 1970.

    `waits` reads an answer that asks to wait: a network that says whom it concerns puts its own reading there.
    """

    call: Call
    deadline: Deadline
    now: float
    waits: Callable[[Answer, float], TryLater] = asked_to_wait

    def read(
        self,
        method: str,
        url: str,
        *,
        headers: Mapping[str, str] | None = None,
        query: Mapping[str, str] | None = None,
        form: Mapping[str, str] | None = None,
        data: Any = None,
        content: bytes = b"",
    ) -> Answer:
        """Asks what may be asked again: an answer that is the network's own word, or `TryLater`."""
        try:
            answer = self._send(method, url, headers, query, form, data, content)
        except CannotFetch as why:
            raise TryLater(scope=Scope.NETWORK, detail=why.sentence) from why
        if answer.status >= 500:
            raise TryLater(retry_after(answer, self.now), Scope.NETWORK, f"answer {answer.status}")
        return self._patient(answer)

    def write(
        self,
        method: str,
        url: str,
        *,
        headers: Mapping[str, str] | None = None,
        form: Mapping[str, str] | None = None,
        data: Any = None,
    ) -> Answer:
        """Asks what must be done once: an answer that is the network's own word, `TryLater`, or `OutcomeUnknown`."""
        try:
            answer = self._send(method, url, headers, None, form, data, b"")
        except NoAnswer as why:
            raise OutcomeUnknown from why
        except CannotFetch as why:  # nothing of it left this machine
            raise TryLater(scope=Scope.NETWORK, detail=why.sentence) from why
        if answer.status >= 500:  # a proxy may say so after the network has done it
            raise OutcomeUnknown
        return self._patient(answer)

    def _send(
        self,
        method: str,
        url: str,
        headers: Mapping[str, str] | None,
        query: Mapping[str, str] | None,
        form: Mapping[str, str] | None,
        data: Any,
        content: bytes,
    ) -> Answer:
        sent = dict(headers or {})
        if query:
            url = f"{url}?{urlencode(query, errors='replace')}"
        if form is not None:
            content, sent["Content-Type"] = urlencode(form, errors="replace").encode(), FORM
        elif data is not None:
            content, sent["Content-Type"] = (
                json.dumps(data, ensure_ascii=False).encode(errors="replace"),
                JSON,
            )
        return self.call(method, url, headers=sent, content=content, deadline=self.deadline)

    def _patient(self, answer: Answer) -> Answer:
        if answer.status in WAIT_STATUSES:
            raise self.waits(answer, self.now)
        return answer


def retry_after(answer: Answer, now: float) -> float | None:
    """Seconds that an answer asks to wait: `Retry-After` in both forms (RFC 9110, 10.2.3), or the moment of a reset.

    At most a day; None when the answer does not say.
    """
    said = answer.headers.get("retry-after", "").strip()
    if said.isdecimal():
        return _bounded(float(said))
    if said and (moment := incoming.http_date_in(said)) is not None:
        return _bounded(moment - now)
    for name in ("x-rate-limit-reset", "x-ratelimit-reset", "ratelimit-reset"):
        reset = answer.headers.get(name, "").strip()
        if reset.isdecimal():
            # Small figures are seconds from now, large ones a moment (X, Bluesky).
            return _bounded(float(reset) if float(reset) < 1_000_000 else float(reset) - now)
        if reset and (moment := incoming.moment_in(reset)) is not None:  # Mastodon
            return _bounded(moment - now)
    return None


def _bounded(seconds: float) -> float:
    return min(max(seconds, 1.0), LONGEST_WAIT_SECONDS)


def json_of(content: bytes | str) -> Any:
    """The JSON value that somebody sent; None when there is none that can be read."""
    try:
        return json.loads(content)
    except (ValueError, RecursionError):  # no JSON, figures without end, or brackets without end
        return None


def object_of(answer: Answer) -> dict[str, Any]:
    """The JSON object of an answer; empty when there is none that can be read."""
    found = json_of(answer.content)
    return found if isinstance(found, dict) else {}


def text_at(found: Any, *path: str | int) -> str:
    """The text at that path of a JSON value, as one clean line; empty when there is nothing of the kind.

    Numbers become text.
    """
    return incoming.one_line(_raw_text_at(found, *path))


def prose_at(found: Any, *path: str | int) -> str:
    """The text at that path as people wrote it, with its line breaks."""
    return incoming.prose(_raw_text_at(found, *path))


def id_at(found: Any, *path: str | int) -> str:
    """The identifier at that path; empty when there is none, or none of a length that can be kept."""
    return incoming.short(text_at(found, *path))


def token_at(found: Any, *path: str | int) -> str:
    """The token at that path; empty when there is none that a header could carry."""
    return incoming.token(_raw_text_at(found, *path))


def _raw_text_at(found: Any, *path: str | int) -> str:
    for step in path:
        if isinstance(found, dict) and isinstance(step, str):
            found = found.get(step)
        elif isinstance(found, list) and isinstance(step, int) and -len(found) <= step < len(found):
            found = found[step]
        else:
            return ""
    if isinstance(found, bool) or not isinstance(found, str | int):
        return ""
    return str(found)
