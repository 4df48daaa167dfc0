"""How LinkedIn is spoken to, and what its refusals mean.

Shapes: `{"status", "code" | "serviceErrorCode", "message"}`; a duplicate names the first post in its message (reports of
several projects, 2023 to 2026). Daily limits end at midnight UTC (Microsoft Learn, rate limits).
"""

import re
from dataclasses import replace
from urllib.parse import quote

from portevoix.core.outgoing import Answer
from portevoix.networks.direct import Grant
from portevoix.networks.failures import (
    Duplicate,
    NetworkFailure,
    OperatorMust,
    Refused,
    Scope,
    SignInAgain,
    TryLater,
)
from portevoix.networks.linkedin.version import VERSION
from portevoix.networks.oauth import bearer
from portevoix.networks.publishing import duplicate, quoted, unreadable
from portevoix.networks.wire import Wire, object_of, retry_after, text_at

API = "https://api.linkedin.com"
POSTS = f"{API}/rest/posts"
DAY_SECONDS = 24 * 3600

# "Resource level throttle APPLICATION DAY limit…"; APPLICATION_AND_MEMBER is one member's share of it.
_FOR_ALL = re.compile(r"\bAPPLICATION\b")
_OF_THE_DAY = re.compile(r"\bDAY\b")
_POST = re.compile(r"urn:li:(?:share|ugcPost):[0-9]+")
_RIGHTS = re.compile(r"not enough permissions|access[_ ]denied", re.IGNORECASE)
_RESHARE = re.compile(r"re-?shar", re.IGNORECASE)


def headers(grant: Grant) -> dict[str, str]:
    """What every request of the dated interface carries."""
    return {
        **bearer(grant),
        "LinkedIn-Version": grant.extra.get("version") or VERSION,
        "X-Restli-Protocol-Version": "2.0.0",
    }


def at_linkedin(wire: Wire) -> Wire:
    """A conversation that understands whom a request to wait concerns."""
    return replace(wire, waits=_asked_to_wait)


def post_address(urn: str) -> str:
    """Where the interface keeps a post."""
    return f"{POSTS}/{quote(urn, safe='')}"


def public_url(urn: str) -> str:
    """Where people see a post."""
    return f"https://www.linkedin.com/feed/update/{urn}"


def failure_of(answer: Answer, grant: Grant, *, writing: bool = False) -> NetworkFailure:
    """What a refusal means; an answer that is no refusal of LinkedIn's own makes no sense."""
    found = object_of(answer)
    words = quoted(text_at(found, "message"), grant.access_token, grant.refresh_token)
    code = text_at(found, "code")
    if answer.status == 401:
        return SignInAgain()
    if answer.status == 426 or code == "NONEXISTENT_VERSION":
        return OperatorMust("version_over", words)
    if answer.status < 400 or not found:
        return unreadable(writing=writing)
    if _is_duplicate(found):
        return _duplicate(text_at(found, "message"))
    if _RESHARE.search(words):
        return Refused("reshare_refused", words)
    if answer.status == 403 and _RIGHTS.search(f"{code} {words}"):
        return OperatorMust("missing_permission", words)
    return Refused("refused_by_network", words or f"answer {answer.status}")


def _is_duplicate(found: dict[str, object]) -> bool:
    code = text_at(found, "errorDetails", "inputErrors", 0, "code")
    return code == "DUPLICATE_POST" or "duplicate of urn:li:" in text_at(found, "message")


def _duplicate(words: str) -> Duplicate:
    named = _POST.search(words)
    return duplicate(named[0], public_url(named[0])) if named else Duplicate()


def _asked_to_wait(answer: Answer, now: float) -> TryLater:
    words = text_at(object_of(answer), "message")
    seconds = retry_after(answer, now)
    if seconds is None and _OF_THE_DAY.search(words):
        seconds = DAY_SECONDS - now % DAY_SECONDS
    scope = Scope.APPLICATION if _FOR_ALL.search(words) else Scope.ACCOUNT
    return TryLater(seconds, scope, f"answer {answer.status}")
