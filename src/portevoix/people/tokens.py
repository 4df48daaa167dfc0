"""What lets a person in by mail: signed, never stored, so that a copy of the database opens no door."""

from dataclasses import asdict, dataclass
from datetime import datetime

from django.core import signing
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.translation import gettext_lazy as _

from portevoix.core.errors import Refusal
from portevoix.people.models import Account, Invitation
from portevoix.people.rules import JOIN_CONFIRMATION_LIFE, SIGN_IN_LINK_LIFE

_invitations = signing.Signer(salt="portevoix.people.invitation", sep=".")
_JOIN_SALT = "portevoix.people.join"
_SIGN_IN_SALT = "portevoix.people.sign_in"


def invitation_token(invitation: Invitation) -> str:
    """The signed code that the invitation's mail carries."""
    return _invitations.sign(invitation.code)


def invitation_code(token: str) -> str:
    """The code that the token carries; refuses one that we did not sign."""
    try:
        return _invitations.unsign(token)
    except signing.BadSignature:
        raise invalid_link() from None


@dataclass(frozen=True)
class JoinRequest:
    """Who asks to join by a link, before their address is proved."""

    link_code: str
    email: str
    given_name: str
    family_name: str
    language: str


def join_token(request: JoinRequest, *, now: datetime) -> str:
    """The request, signed, for the mail that proves the address; good until that address next signs in."""
    facts = {**asdict(request), "mark": _mark_of_address(request.email), "at": int(now.timestamp())}
    return signing.dumps(facts, salt=_JOIN_SALT, compress=True)


def join_request(token: str, *, now: datetime) -> JoinRequest:
    """The request that the token carries; refuses a token that is not ours, older than a day, or used."""
    try:
        facts = signing.loads(token, salt=_JOIN_SALT)
    except signing.BadSignature:
        raise invalid_link() from None
    is_old = now.timestamp() - facts.pop("at") > JOIN_CONFIRMATION_LIFE.total_seconds()
    is_used = not constant_time_compare(facts.pop("mark", ""), _mark_of_address(facts["email"]))
    if is_old or is_used:
        raise invalid_link()
    return JoinRequest(**facts)


def sign_in_token(account: Account, *, now: datetime) -> str:
    """What the e-mailed sign-in link carries: good for a quarter of an hour, and for one sign-in."""
    facts = {"account": account.pk, "mark": _sign_in_mark(account), "at": int(now.timestamp())}
    return signing.dumps(facts, salt=_SIGN_IN_SALT)


def account_of_sign_in_token(token: str, *, now: datetime) -> Account:
    """Whom the token signs in; refuses one that is old, used, or not ours."""
    try:
        facts = signing.loads(token, salt=_SIGN_IN_SALT)
    except signing.BadSignature:
        raise invalid_link() from None
    account = Account.objects.filter(pk=facts["account"], is_active=True).first()
    is_fresh = now.timestamp() - facts["at"] < SIGN_IN_LINK_LIFE.total_seconds()
    if account is None or not is_fresh or not constant_time_compare(facts["mark"], _sign_in_mark(account)):
        raise invalid_link()
    return account


def _sign_in_mark(account: Account) -> str:
    """Changes at every sign-in, so that a link serves once; and when the password or the sessions are renewed."""
    state = f"{account.last_login and account.last_login.isoformat()}{account.password}{account.session_mark}"
    return salted_hmac(_SIGN_IN_SALT, state, algorithm="sha256").hexdigest()


def _mark_of_address(email: str) -> str:
    """The mark of the address's log-in, empty while it has none: joining makes one and signs in, which changes it."""
    account = Account.objects.filter(email=email).first()
    return _sign_in_mark(account) if account else ""


def invalid_link() -> Refusal:
    """The one answer to every link that does not open: it says nothing of why."""
    return Refusal("invalid_link", _("This link is no longer valid. Ask for a new one."))
