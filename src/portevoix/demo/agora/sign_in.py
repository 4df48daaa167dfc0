"""Agora's OAuth 2: the page where a person says yes, the exchange of codes and tokens, their end (RFC 6749, 7009, 7636).

PKCE is required. Only addresses of this machine may be returned to, and those that the server was given.
"""

import base64
import binascii
import hmac
import re
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import SplitResult, urlencode, urlsplit

from portevoix.demo.agora import pages
from portevoix.demo.agora.exchange import Reply, Request, data, error, html, see_other
from portevoix.demo.agora.grants import ACCESS_SECONDS, BadGrant, Consent, Tokens
from portevoix.demo.agora.network import Agora, NotTaken
from portevoix.demo.agora.pages import Choice, Reader
from portevoix.demo.agora.records import Account
from portevoix.demo.agora.words import Words
from portevoix.networks.dummy.sign_in import CLIENT

APPLICATION = "Portevoix"
SCOPES = ("me", "posts")
COOKIE = "agora_account"
ASKED = (
    "response_type",
    "client_id",
    "redirect_uri",
    "scope",
    "state",
    "code_challenge",
    "code_challenge_method",
)
_CHALLENGE = re.compile(r"[A-Za-z0-9_-]{43}")
_HOST = re.compile(r"[a-z0-9.-]+")


class _Unanswerable(Exception):
    """Not known, or not to be returned to: only the person is told; the argument is the name of the sentence."""


class _Faulty(Exception):
    """The application asked wrongly, and is told so where it wants to be answered."""


@dataclass(frozen=True)
class _Demand:
    """What an application asks for."""

    redirect_uri: str
    scopes: tuple[str, ...]
    state: str
    challenge: str
    fields: Mapping[str, str]

    @property
    def origin(self) -> str:
        parts = urlsplit(self.redirect_uri)
        return f"{parts.scheme}://{parts.netloc}"


def authorize(agora: Agora, request: Request, reader: Reader, allowed: tuple[str, ...]) -> Reply:
    """The page that asks, or the way back with the answer."""
    fields = request.form if request.method == "POST" else request.query
    try:
        _check_asker(fields, allowed)
        demand = _demand(fields)
    except _Unanswerable as why:
        words = reader.words
        return html(pages.refusal(reader, words.refused, getattr(words, str(why)), words.try_again), 400)
    except _Faulty as why:
        return _back(fields["redirect_uri"], fields.get("state", ""), error=str(why))
    if request.method != "POST":
        return _ask(reader, demand, choice_of(agora, request))
    return _answer(agora, request, reader, demand)


def token(agora: Agora, request: Request, now: float) -> Reply:
    """Tokens for a code or for a refresh token."""
    if not _is_our_client(request):
        return _unknown_client(request)
    form = request.form
    try:
        match form.get("grant_type"):
            case "authorization_code":
                return _tokens(agora.redeem(form["code"], form["redirect_uri"], form["code_verifier"], now))
            case "refresh_token":
                return _tokens(agora.refresh(form["refresh_token"], now))
            case None:
                return error(400, "invalid_request")
            case _:
                return error(400, "unsupported_grant_type")
    except KeyError:
        return error(400, "invalid_request")
    except BadGrant:
        return error(400, "invalid_grant")


def revoke(agora: Agora, request: Request) -> Reply:
    """Ends a sign-in with either of its tokens; a token nobody knows is no error."""
    if not _is_our_client(request):
        return _unknown_client(request)
    if "token" not in request.form:
        return error(400, "invalid_request")
    agora.revoke(request.form["token"])
    return data(200, {})


def choice_of(agora: Agora, request: Request) -> Choice:
    """The accounts to choose from, the one of last time chosen."""
    accounts = agora.offered_accounts()
    last = request.cookie(COOKIE)
    return Choice(accounts, last if last in {account.id for account in accounts} else "")


def chosen_account(agora: Agora, form: Mapping[str, str], words: Words) -> Account | Choice:
    """The account that a form names or opens, or the choice again with what is wrong."""
    chosen, typed = form.get("account", ""), form.get("name", "")
    if not chosen and typed.strip():  # where the field shows before its choice is made
        chosen = pages.NEW
    accounts = agora.offered_accounts()
    if chosen != pages.NEW:
        return agora.account(chosen) or Choice(accounts, typed=typed, problem=words.choose_one)
    try:
        return agora.open_account(typed)
    except NotTaken:
        return Choice(accounts, chosen, typed, name_problem=words.name_missing)


def remember(account: Account) -> tuple[str, str]:
    """The header that makes the account the first choice next time."""
    return ("Set-Cookie", f"{COOKIE}={account.id}; Path=/; HttpOnly; SameSite=Lax")


def _check_asker(fields: Mapping[str, str], allowed: tuple[str, ...]) -> None:
    if fields.get("client_id") != CLIENT.client_id:
        raise _Unanswerable("unknown_app")
    if not is_allowed(fields.get("redirect_uri", ""), allowed):
        raise _Unanswerable("bad_return")


def is_allowed(address: str, allowed: tuple[str, ...]) -> bool:
    """Whether an answer may be sent there: to this machine, or to the origin of an address that the server was given."""
    parts = _web_parts(address)
    if parts is None:
        return False
    host = parts.hostname or ""
    return (
        host in ("127.0.0.1", "localhost")
        or host.endswith(".localhost")
        or _origin(parts) in {_origin(given) for one in allowed if (given := _web_parts(one))}
    )


def _web_parts(address: str) -> SplitResult | None:
    try:
        parts = urlsplit(address)
        port_is_good = parts.port is None or parts.port > 0
    except ValueError:
        return None
    is_plain = address.isascii() and address.isprintable() and not set(address) & set(" \\#<>\"'")
    # The host goes into a header: letters, figures, dots and hyphens, and nobody before an @.
    is_host = bool(_HOST.fullmatch(parts.hostname or "")) and "@" not in parts.netloc
    return parts if parts.scheme in ("http", "https") and is_plain and is_host and port_is_good else None


def _origin(parts: SplitResult) -> tuple[str, str | None, int]:
    return parts.scheme, parts.hostname, parts.port or {"http": 80, "https": 443}[parts.scheme]


def _demand(fields: Mapping[str, str]) -> _Demand:
    if fields.get("response_type") != "code":
        raise _Faulty("unsupported_response_type")
    challenge = fields.get("code_challenge", "")
    if fields.get("code_challenge_method") != "S256" or not _CHALLENGE.fullmatch(challenge):
        raise _Faulty("invalid_request")
    scopes = tuple(fields.get("scope", "").split())
    if not scopes or not set(scopes) <= set(SCOPES):
        raise _Faulty("invalid_scope")
    kept = {name: fields[name] for name in ASKED if name in fields}
    return _Demand(
        fields["redirect_uri"], tuple(dict.fromkeys(scopes)), fields.get("state", ""), challenge, kept
    )


def _ask(reader: Reader, demand: _Demand, choice: Choice, status: int = 200) -> Reply:
    shown = pages.Wanted(APPLICATION, urlsplit(demand.redirect_uri).netloc, demand.scopes, demand.fields)
    # Browsers hold the form's way on, across the redirection, to the same policy.
    return html(pages.consent(reader, shown, choice), status, form_to=demand.origin)


def _answer(agora: Agora, request: Request, reader: Reader, demand: _Demand) -> Reply:
    if request.form.get("answer") != "accept":
        return _back(demand.redirect_uri, demand.state, error="access_denied")
    account = chosen_account(agora, request.form, reader.words)
    if isinstance(account, Choice):
        return _ask(reader, demand, account, 422)
    consent = Consent(account.id, demand.redirect_uri, demand.challenge, demand.scopes)
    code = agora.consent(consent, reader.now)
    return _back(demand.redirect_uri, demand.state, remember(account), code=code)


def _back(redirect_uri: str, state: str, *headers: tuple[str, str], **facts: str) -> Reply:
    carried = urlencode({**facts, **({"state": state} if state else {})})
    return see_other(f"{redirect_uri}{'&' if '?' in redirect_uri else '?'}{carried}", *headers)


def _tokens(pair: Tokens) -> Reply:
    facts = {
        "access_token": pair.access,
        "token_type": "Bearer",
        "expires_in": int(ACCESS_SECONDS),
        "refresh_token": pair.refresh,
        "scope": " ".join(pair.scopes),
    }
    return data(200, facts)


def _is_our_client(request: Request) -> bool:
    known, secret = _basic(request) or (
        request.form.get("client_id", ""),
        request.form.get("client_secret", ""),
    )
    same = hmac.compare_digest(secret.encode("utf-8", "replace"), CLIENT.client_secret.encode())
    return same and known == CLIENT.client_id


def _basic(request: Request) -> tuple[str, str] | None:
    scheme, _, encoded = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "basic":
        return None
    try:
        known, _, secret = base64.b64decode(encoded.strip(), validate=True).decode().partition(":")
    except (binascii.Error, ValueError):
        return "", ""
    return known, secret


def _unknown_client(request: Request) -> Reply:
    return error(401, "invalid_client", ("WWW-Authenticate", 'Basic realm="agora"'))
