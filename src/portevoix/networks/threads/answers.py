"""How Threads is spoken to, and what its refusals mean.

Threads answers as Meta's other interfaces do: mostly 400, with `{"error": {"message", "code", "error_subcode",
"is_transient"}}`; while signing in, also `{"error_message", "error_code"}`. Source: Meta for Developers, handling errors.
The person's token travels in addresses and forms, and Meta repeats parts of them: it is blanked wherever it comes back.
"""

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from portevoix.core.outgoing import Answer
from portevoix.networks.direct import Grant
from portevoix.networks.failures import (
    NetworkFailure,
    OperatorMust,
    PrepareAgain,
    Refused,
    Scope,
    SignInAgain,
    TryLater,
)
from portevoix.networks.publishing import quoted, unreadable
from portevoix.networks.wire import Wire, asked_to_wait, object_of, text_at

HOST = "https://graph.threads.net"
API = f"{HOST}/v1.0"
# The error's codes, as Meta numbers them.
TOKEN_CODES = {"102", "190"}
BUSY_CODES = {"1", "2"}
OF_RIGHTS = re.compile("2[0-9][0-9]")
APPLICATION_BUSY = "4"
RATE_CODES = {APPLICATION_BUSY, "17", "32", "613"}
NO_SUCH_CONTAINER = "4279009"
NO_SUCH_THING = {("24", ""), ("24", NO_SUCH_CONTAINER), ("100", "33")}
TOO_MANY_LINKS = "THREADS_API__LINK_LIMIT_EXCEEDED"


def at_threads(wire: Wire) -> Wire:
    """A conversation that understands whom a request to wait concerns."""
    return replace(wire, waits=_asked_to_wait)


def failure_of(answer: Answer, grant: Grant, *more: str, writing: bool = False) -> NetworkFailure:
    """What a refusal means, in Threads' words without our secrets (those of the grant, and `more`)."""
    error = error_in(answer)
    words = quoted(words_of(error), grant.access_token, grant.refresh_token, *more)
    code = text_at(error, "code")
    if answer.status == 401 or code in TOKEN_CODES:
        return SignInAgain()
    if answer.status < 400 or not error:
        return unreadable(writing=writing)
    if error.get("is_transient") is True or code in BUSY_CODES:
        return unreadable(writing=True) if writing else TryLater(detail=words)
    if code in RATE_CODES:
        return TryLater(scope=_whose(code), detail=words)
    if code in ("3", "10") or OF_RIGHTS.fullmatch(code):
        return OperatorMust("missing_permission", words)
    if TOO_MANY_LINKS.encode() in answer.content:
        return Refused("too_many_links", words)
    if text_at(error, "error_subcode") == NO_SUCH_CONTAINER:
        return PrepareAgain(detail=words)
    return Refused("refused_by_network", words or f"answer {answer.status}")


def is_gone(answer: Answer) -> bool:
    """Whether Threads says that it holds no such thing."""
    error = error_in(answer)
    return answer.status == 404 or (text_at(error, "code"), text_at(error, "error_subcode")) in NO_SUCH_THING


def error_in(answer: Answer) -> Mapping[str, Any]:
    """The error of an answer, in either of its two shapes; empty when there is none that can be read."""
    found = object_of(answer)
    error = found.get("error")
    if isinstance(error, dict):
        return error
    if "error_message" in found:
        return {"message": found["error_message"], "code": found.get("error_code")}
    return {}


def words_of(error: Mapping[str, Any]) -> str:
    """What an error says: to the person if it can, otherwise to us."""
    return text_at(error, "error_user_msg") or text_at(error, "message")


def _whose(code: str) -> Scope:
    return Scope.APPLICATION if code == APPLICATION_BUSY else Scope.ACCOUNT


def _asked_to_wait(answer: Answer, now: float) -> TryLater:
    waits = asked_to_wait(answer, now)
    return TryLater(waits.seconds, _whose(text_at(error_in(answer), "code")), waits.detail)
