"""What a server's refusals mean: most are words in English, some a mere status, and compatible servers differ."""

import regex

from portevoix.core.outgoing import Answer
from portevoix.networks.direct import Grant
from portevoix.networks.failures import Disconnected, NetworkFailure, Refused, SignInAgain
from portevoix.networks.publishing import quoted, unreadable
from portevoix.networks.wire import object_of, text_at

# Said with 400 by servers that should say 401, with 422 to a token that is nobody's, with 403 to one that lacks a right.
TOKEN_WORDS = regex.compile(
    r"\btoken\b|unauthori[sz]ed|authenticated user|authorized scopes", regex.IGNORECASE
)
# Said with 403 of an account that may do nothing any more, or not yet.
CLOSED_WORDS = regex.compile(
    r"\bdisabled\b|suspended|deactivated|pending approval|confirmed e-?mail|\bmoved\b", regex.IGNORECASE
)


def failure_of(answer: Answer, grant: Grant, *, writing: bool = False) -> NetworkFailure:
    """What a refusal means; an answer that is no refusal of the server's own makes no sense."""
    found = object_of(answer)
    words = words_of(answer, grant)
    if answer.status == 401:
        return Disconnected() if CLOSED_WORDS.search(words) else SignInAgain()
    if answer.status < 400 or not found:
        return unreadable(writing=writing)
    if answer.status in (400, 403, 422) and TOKEN_WORDS.search(words):
        return SignInAgain()
    if answer.status == 403 and CLOSED_WORDS.search(words):
        return Disconnected()
    return Refused("refused_by_network", words or f"answer {answer.status}")


def words_of(answer: Answer, grant: Grant) -> str:
    """The server's own words, without the token that they may repeat."""
    found = object_of(answer)
    said = text_at(found, "error_description") or text_at(found, "error") or text_at(found, "message")
    return quoted(said, grant.access_token, grant.refresh_token)
