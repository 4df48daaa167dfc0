"""Who may call: exactly one of these decorators stands on every view of the interface. A test walks the address map.

`by_token` a server that holds a token of an organisation, which is then in force · `public` anyone. Both answer refusals
as problems, in the language of `Accept-Language`, English when none is asked for.
"""

from collections.abc import Callable
from functools import wraps
from typing import Final

from allauth.core import ratelimit
from django.http import HttpRequest, HttpResponse
from django.utils import translation
from django.utils.translation import gettext_lazy as _
from django.views.decorators.csrf import csrf_exempt

from portevoix.api.problems import bad_token, problem
from portevoix.core import clock, tenancy
from portevoix.core.errors import Refusal
from portevoix.people.actions.api_tokens import PREFIX, hash_of_token, note_use_of_token
from portevoix.people.models import ApiToken
from portevoix.people.queries import token_of_secret

_LONGEST_TOKEN: Final = 200


class TokenRequest(HttpRequest):
    """A request that proved itself by a token."""

    token: ApiToken


def by_token(view: Callable[[TokenRequest], HttpResponse]) -> Callable[[TokenRequest], HttpResponse]:
    """A server that holds a token; what it may do in a minute is limited."""

    def admitted(request: TokenRequest) -> HttpResponse:
        request.token = _token_of(request)
        refuse_haste(request, "api", request.token.code)
        note_use_of_token(token=request.token, now=clock.now())
        with tenancy.acting_for(request.token.organisation_id):
            return view(request)

    return _guarded(view, admitted, "token")


def public(view: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Anyone; who they are, if they are signed in to pages, plays no part."""

    def admitted(request: HttpRequest) -> HttpResponse:
        with tenancy.acting_for(None):
            return view(request)

    return _guarded(view, admitted, "public")


def refuse_haste(request: HttpRequest, act: str, key: str) -> None:
    """Refuses one `act` more than `ACCOUNT_RATE_LIMITS` allows that key, or that address."""
    if not ratelimit.consume(request, action=act, key=key):
        raise Refusal("too_fast", _("That was too much in one minute. Wait a moment, and send it again."))


Answering = Callable[..., HttpResponse]


def _guarded(view: Answering, admitted: Answering, access: str) -> Answering:
    @wraps(view)
    def guarded(request: HttpRequest) -> HttpResponse:
        with translation.override(_language(request)):
            try:
                answer = admitted(request)
            except Refusal as refusal:
                answer = problem(refusal)
        answer.setdefault("Cache-Control", "no-store")
        return answer

    guarded.access = access  # type: ignore[attr-defined]  # read by the test that walks the address map
    return csrf_exempt(guarded)  # no cookie speaks for anybody here


def _language(request: HttpRequest) -> str:
    return translation.get_language_from_request(request) if "Accept-Language" in request.headers else "en"


def _token_of(request: HttpRequest) -> ApiToken:
    scheme, _blank, secret = request.headers.get("Authorization", "").partition(" ")
    is_ours = scheme.lower() == "bearer" and secret.startswith(PREFIX) and len(secret) <= _LONGEST_TOKEN
    token = token_of_secret(hash_of_token(secret)) if is_ours else None
    if token is None:
        raise bad_token()
    return token
