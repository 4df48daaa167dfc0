"""What a network's answer means, named by what the caller must do. No failure is tried again by itself."""

from enum import StrEnum

from portevoix.core.failures import Failure


class Scope(StrEnum):
    """Whom a request to wait concerns: one account, everybody who uses the operator's keys, or the network itself."""

    ACCOUNT = "account"
    APPLICATION = "application"
    NETWORK = "network"


class NetworkFailure(Failure):
    """The network did not do what it was asked."""


class TryLater(NetworkFailure):
    """Nothing was done; it may be done later: not before `seconds`, where the network says so."""

    code = "try_later"
    template = "The network asks to wait."

    def __init__(self, seconds: float | None = None, scope: Scope = Scope.NETWORK, detail: str = "") -> None:
        super().__init__()
        self.seconds = seconds
        self.scope = scope
        self.detail = detail[:300]


class PrepareAgain(TryLater):
    """Nothing was done, and what was uploaded for it is worth nothing any more: prepare it anew, then send it."""

    code = "prepare_again"
    template = "The network no longer holds what was uploaded."


class SignInAgain(NetworkFailure):
    """Nothing was done: the network no longer accepts this sign-in."""

    code = "sign_in_again"
    template = "The network asks the person to sign in again."


class Disconnected(NetworkFailure):
    """Nothing was done, nor will be: the account is closed, suspended, or was taken away from us."""

    code = "disconnected"
    template = "The network no longer lets this account publish."


class Refused(NetworkFailure):
    """Nothing was done, nor will be if it is asked again: `reason` is a code, `detail` the network's own words."""

    code = "refused"
    template = "The network refuses this post."

    def __init__(self, reason: str, detail: str = "") -> None:
        super().__init__()
        self.reason = reason
        self.detail = detail[:300]


class OperatorMust(NetworkFailure):
    """Nothing was done: whoever runs Portevoix must change something first (keys, version, rights, credit)."""

    code = "operator_must"
    template = "The operator's keys do not allow this."

    def __init__(self, reason: str, detail: str = "") -> None:
        super().__init__()
        self.reason = reason
        self.detail = detail[:300]


class OutcomeUnknown(NetworkFailure):
    """It may have been done or not. Never ask again before having looked."""

    code = "outcome_unknown"
    template = "The network did not say whether it did it."


class Duplicate(NetworkFailure):
    """The network says that it holds this very post already; `post_id` and where to see it, where it says which."""

    code = "duplicate"
    template = "The network holds this post already."

    def __init__(self, post_id: str = "", url: str = "") -> None:
        super().__init__()
        self.post_id = post_id
        self.url = url


class Absent(NetworkFailure):
    """What was asked about is not there (any more)."""

    code = "absent"
    template = "The network holds no such post."
