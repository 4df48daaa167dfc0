"""What a server's refusals mean, by the names it gives them."""

from portevoix.core.outgoing import Answer
from portevoix.networks.bluesky.dpop import NONCE_REFUSED
from portevoix.networks.direct import Grant
from portevoix.networks.failures import (
    Disconnected,
    NetworkFailure,
    OperatorMust,
    PrepareAgain,
    Refused,
    SignInAgain,
    TryLater,
)
from portevoix.networks.publishing import quoted, unreadable
from portevoix.networks.wire import object_of, text_at

# Closed, suspended or put to sleep: nothing that we could ask changes that.
GONE = frozenset(
    {
        "AccountTakedown",
        "AccountDeactivated",
        "AccountSuspended",
        "AccountNotFound",
        "RepoTakendown",
        "RepoDeactivated",
        "RepoSuspended",
    }
)
# The token ended, was revoked, or lacks a right that the person did not give.
TOKEN_ERRORS = frozenset(
    {"ExpiredToken", "InvalidToken", "invalid_token", "AuthMissing", "ScopeMissingError"}
)
# A proof of ours that does not hold: mostly a clock that is minutes wrong.
PROOF_REFUSED = "invalid_dpop_proof"


def failure_of(answer: Answer, grant: Grant | None, *more: str, writing: bool = False) -> NetworkFailure:
    """What a refusal means, in the server's words without our secrets (those of the grant, and `more`).

    An answer that is no refusal of the server's own makes no sense.
    """
    found = object_of(answer)
    secrets = (grant.access_token, grant.refresh_token, *more) if grant else more
    error, words = text_at(found, "error"), quoted(text_at(found, "message"), *secrets)
    if answer.status < 400 or not found:
        return unreadable(writing=writing)
    if error in GONE:
        return Disconnected()
    if error == NONCE_REFUSED:
        return TryLater(detail=NONCE_REFUSED)
    if error == "BlobNotFound":  # a picture that is used by nothing is not kept for ever
        return PrepareAgain(detail=error)
    if error == PROOF_REFUSED:
        return OperatorMust("proof_refused", words)
    if error in TOKEN_ERRORS or answer.status == 401:
        return SignInAgain()
    return Refused("refused_by_network", words or quoted(error, *secrets) or f"answer {answer.status}")
