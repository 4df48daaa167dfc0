"""How X is spoken to, and what its refusals mean.

Shapes: problem documents `{"title", "detail", "type", "status"}`, of the types that X's own OpenAPI document lists.
Windows of fifteen minutes are told in `x-rate-limit-*`, days in `x-app-limit-24hour-*` and `x-user-limit-24hour-*`.
"""

from dataclasses import replace

from portevoix.core.outgoing import Answer
from portevoix.networks.direct import Grant
from portevoix.networks.failures import (
    Disconnected,
    Duplicate,
    NetworkFailure,
    OperatorMust,
    PrepareAgain,
    Refused,
    Scope,
    SignInAgain,
    TryLater,
)
from portevoix.networks.publishing import quoted, unreadable
from portevoix.networks.wire import Wire, asked_to_wait, object_of, retry_after, text_at

API = "https://api.x.com/2"
# The last words of a problem's type, when the operator's application is what X objects to.
_OPERATORS = (
    "client-forbidden",
    "oauth1-permissions",
    "unsupported-authentication",
    "not-authorized-for-product",
)
_DAYS = (("x-app-limit-24hour", Scope.APPLICATION), ("x-user-limit-24hour", Scope.ACCOUNT))


def at_x(wire: Wire) -> Wire:
    """A conversation that understands whom a request to wait concerns."""
    return replace(wire, waits=_asked_to_wait)


def failure_of(answer: Answer, grant: Grant, *, writing: bool = False) -> NetworkFailure:
    """What a refusal means; an answer that is no refusal of X's own makes no sense."""
    found = object_of(answer)
    title, kind = text_at(found, "title"), text_at(found, "type").rpartition("/")[2]
    words = quoted(
        text_at(found, "detail") or text_at(found, "errors", 0, "message") or title,
        grant.access_token,
        grant.refresh_token,
    )
    said = words.lower()
    if answer.status == 401:
        return SignInAgain()
    if answer.status == 402 or title == "CreditsDepleted":
        return OperatorMust("no_credit", words)
    if answer.status < 400 or not found:
        return unreadable(writing=writing)
    if answer.status == 400 and "media id" in said:
        return PrepareAgain(detail=words)
    if answer.status == 403:
        return _forbidden(kind, words)
    return Refused("refused_by_network", words or f"answer {answer.status}")


def _forbidden(kind: str, words: str) -> NetworkFailure:
    said = words.lower()
    if "duplicate content" in said:
        return Duplicate()
    if kind in _OPERATORS or "client is not permitted" in said:
        return OperatorMust("missing_permission", words)
    if "suspended" in said or "locked" in said:
        return Disconnected()
    return Refused("refused_by_network", words or "answer 403")


def _asked_to_wait(answer: Answer, now: float) -> TryLater:
    for name, scope in _DAYS:
        if answer.headers.get(f"{name}-remaining") == "0":
            reset = answer.headers.get(f"{name}-reset", "")
            daily = replace(answer, headers={**answer.headers, "x-rate-limit-reset": reset})
            return TryLater(retry_after(daily, now), scope, f"answer {answer.status}, the day's limit")
    if text_at(object_of(answer), "type").endswith("/usage-capped"):
        return TryLater(retry_after(answer, now), Scope.APPLICATION, "the operator's cap is reached")
    return asked_to_wait(answer, now)
