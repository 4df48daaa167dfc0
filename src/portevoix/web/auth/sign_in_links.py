"""Signing in by a link: ask for it, receive it, press the one button of the page it opens.

The button is there because mail scanners open every link; the page says nothing of whether an address has a log-in.
"""

from allauth.core import ratelimit
from django.contrib.auth import login
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import translation
from django.views.decorators.cache import never_cache

from portevoix.core import clock
from portevoix.core.errors import Refusal
from portevoix.people import letters, queries, tokens
from portevoix.people.models import Account
from portevoix.web.access import PageRequest, public
from portevoix.web.auth.adapter import AccountAdapter
from portevoix.web.auth.forms import AddressForm


@public
def ask(request: PageRequest) -> HttpResponse:
    """Asks for an address and mails it a link."""
    form = AddressForm(request.POST or None, initial={"email": request.GET.get("email", "")})
    if not form.is_valid():
        return render(request, "auth/sign_in_link.html", {"form": form})
    email = form.cleaned_data["email"].lower()
    if not ratelimit.consume(request, action="sign_in_link", key=email):
        return ratelimit.respond_429(request)  # type: ignore[no-any-return]
    _send(email)
    return render(request, "auth/sign_in_link_sent.html", {"email": email})


def _send(email: str) -> None:
    """The same work for every address: one letter leaves, whether or not it has a log-in."""
    account = queries.account_of(email)
    letter = (
        letters.sign_in_link(tokens.sign_in_token(account, now=clock.now()))
        if account
        else letters.no_log_in()
    )
    letters.send(letter, to=email, language=account.language if account else translation.get_language())


@never_cache
@public
def land(request: PageRequest, token: str) -> HttpResponse:
    """The page that the link opens; its button signs in."""
    try:
        account = tokens.account_of_sign_in_token(token, now=clock.now())
    except Refusal:
        return render(request, "auth/link_invalid.html", status=410)
    if request.method != "POST":
        return render(request, "auth/sign_in_by_link.html", {"email": account.email})
    return let_in(request, account)


def let_in(request: PageRequest, account: Account) -> HttpResponse:
    """Signs the account in, under a fresh session, and leads to its first page."""
    login(request, account)
    return redirect(AccountAdapter(request).get_login_redirect_url(request))
