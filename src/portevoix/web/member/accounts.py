"""My accounts: where Portevoix may publish for me, what it asks for and why, how to end it."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from portevoix.core import clock
from portevoix.core.errors import Refusal, Sentence
from portevoix.links.queries import readable_address
from portevoix.networks.direct import Needs, PasswordSignIn
from portevoix.people.roles import Ability
from portevoix.sharing import accounts as reads
from portevoix.sharing import channels, keys, queries
from portevoix.sharing.actions import accounts as writes
from portevoix.sharing.actions import signing_in
from portevoix.sharing.channels import Channel
from portevoix.sharing.keys import Offer
from portevoix.sharing.models import ConnectedAccount, SignInAttempt
from portevoix.web.access import PageRequest, able
from portevoix.web.member.network_words import BY_HAND, CLOSED, NEVER, PERMISSIONS
from portevoix.web.pace import refuse_haste

# What names a browser's session to us: not its key, which a signed-in session is known by.
SESSION_MARK = "sign_in_mark"
WORTH_SAYING_DAYS = 366
# What was refused is the handle, not the password beside it.
OF_HANDLE = frozenset(
    {"bad_handle", "not_found", "not_that_network", "handle_not_confirmed", "network_silent"}
)


@dataclass(frozen=True)
class Line:
    """One network on the page. `account` None: not connected; `days_left` only when it is worth saying."""

    channel: Channel
    offer: Offer | None
    account: ConnectedAccount | None
    days_left: int | None
    planned: int
    why_by_hand: Sentence


@able(Ability.SHARE)
def accounts(request: PageRequest) -> HttpResponse:
    """Every network: the accounts that are connected, those that may be, and those shared on by hand."""
    if not request.person.takes_part:
        return redirect("to_share")
    lines = _lines(request)
    context = {
        "connected": [line for line in lines if line.account],
        "open": [line for line in lines if line.offer and not line.account],
        "by_hand": [line for line in lines if not line.offer and not line.account],
        "slots": queries.slots_of(request.person),
    }
    return render(request, "member/accounts.html", context)


@never_cache
@able(Ability.SHARE)
def connect(request: PageRequest, network: str) -> HttpResponse:
    """Says what is asked for and why; then sends the browser to the network."""
    if not request.person.takes_part:
        return redirect("to_share")
    offer = signing_in.open_offer(request.person, network)
    typed = request.POST.get("typed", "")
    if request.method != "POST":
        return _connect_page(request, offer)
    try:
        refuse_haste(request, "connect")
        address = signing_in.begin_sign_in(
            person=request.person, network=network, typed=typed, session=_session(request), now=clock.now()
        )
    except Refusal as refusal:
        return _connect_page(request, offer, refusal=refusal, typed=typed)
    return HttpResponse(status=303, headers={"Location": readable_address(address)})


@sensitive_post_parameters("password")
@never_cache
@able(Ability.SHARE)
def connect_with_password(request: PageRequest, network: str) -> HttpResponse:
    """Connects by a password made for this purpose, where a network has such."""
    if request.method != "POST":  # its address stays in the bar after a refusal
        return redirect("connect", network=network)
    offer = signing_in.open_offer(request.person, network)
    try:
        refuse_haste(request, "connect")
        attempt = signing_in.sign_in_with_password(
            person=request.person,
            network=network,
            handle=request.POST.get("handle", ""),
            password=request.POST.get("password", ""),
            session=_session(request),
            now=clock.now(),
        )
    except Refusal as refusal:
        typed = request.POST.get("handle", "")
        return _connect_page(request, offer, refusal=refusal, typed=typed, by_password=True)
    return redirect("confirm_account", code=attempt.code)


@never_cache
@able(Ability.SHARE)
def come_back(request: PageRequest, network: str, host: str = "") -> HttpResponse:
    """Where a network sends the browser back: the account then waits for the person's yes."""
    try:
        attempt = signing_in.come_back(
            person=request.person,
            network=network,
            host=host,
            answer=request.GET.dict(),
            session=_session(request),
            now=clock.now(),
        )
    except Refusal as refusal:
        messages.error(request, refusal.sentence)
        return redirect("accounts")
    return redirect("confirm_account", code=attempt.code)


@never_cache
@able(Ability.SHARE)
def confirm_account(request: PageRequest, code: str) -> HttpResponse:
    """Shows whose account it is, and keeps it when the person says yes."""
    attempt = queries.get_attempt_for(request.person, code)
    if request.method != "POST":
        return render(request, "member/confirm_account.html", _attempt_facts(attempt))
    facts: dict[str, Any] = {"attempt": attempt, "person": request.person, "session": _session(request)}
    try:
        if request.POST.get("answer") == "yes":
            account = signing_in.confirm_account(**facts, now=clock.now())
            said = gettext("%(network)s is connected. You choose when something goes out.")
            messages.success(request, said % {"network": channels.get(account.network).label})
        else:
            signing_in.decline_account(**facts, now=clock.now())
            messages.info(request, gettext("Nothing was connected."))
    except Refusal as refusal:
        messages.error(request, refusal.sentence)
    return redirect("accounts")


@require_POST
@able(Ability.SHARE)
def disconnect(request: PageRequest, code: str) -> HttpResponse:
    """Ends a connection, at once."""
    account = queries.get_account_for(request.person, code)
    writes.disconnect_account(account=account, now=clock.now())
    said = gettext("%(network)s is disconnected. Nothing goes out there from Portevoix any more.")
    messages.success(request, said % {"network": channels.get(account.network).label})
    return redirect("accounts")


def _lines(request: PageRequest) -> list[Line]:
    now, person = clock.now(), request.person
    mine = {account.network: account for account in queries.accounts_of(person)}
    offers = keys.open_offers(person.organisation_id)
    return [
        _line(channel, offers.get(channel.key), mine.get(channel.key), now)
        for channel in channels.all_channels()
        if channel.is_network
    ]


def _line(channel: Channel, offer: Offer | None, account: ConnectedAccount | None, now: Any) -> Line:
    return Line(
        channel=channel,
        offer=offer,
        account=account,
        days_left=reads.days_worth_saying(account, now) if account else None,
        planned=queries.planned_on(account) if account else 0,
        why_by_hand=BY_HAND.get(channel.key, CLOSED),
    )


def _connect_page(
    request: PageRequest,
    offer: Offer,
    *,
    refusal: Refusal | None = None,
    typed: str = "",
    by_password: bool = False,
) -> HttpResponse:
    sign_in = offer.direct.sign_in
    context = {
        "channel": channels.get(offer.network.key),
        "account": queries.account_on(request.person, offer.network.key),
        "permissions": [PERMISSIONS[code] for code in _permissions(offer)],
        "never": NEVER,
        "lasts_days": sign_in.lasts_days if (sign_in.lasts_days or 0) < WORTH_SAYING_DAYS else None,
        "needs_server": sign_in.needs == Needs.SERVER,
        "needs_handle": sign_in.needs == Needs.HANDLE,
        "takes_password": isinstance(sign_in, PasswordSignIn),
        "by_password": by_password,
        "is_of_handle": refusal is not None and refusal.code in OF_HANDLE,
        "refusal": refusal,
        "typed": typed or _known_server(request, offer),
        "costs": offer.direct.publisher.terms.costs,
    }
    return render(request, "member/connect.html", context, status=422 if refusal else 200)


def _permissions(offer: Offer) -> tuple[str, ...]:
    """What is asked for here; LinkedIn's figures only where it approved them for this installation."""
    asked = offer.direct.sign_in.permissions
    return (*asked, "read_figures") if offer.setting.facts.get("analytics") == "yes" else asked


def _known_server(request: PageRequest, offer: Offer) -> str:
    """What the sheet remembers of the person's server."""
    is_mastodon = offer.direct.sign_in.needs == Needs.SERVER
    return queries.habit_of(request.person).mastodon_instance if is_mastodon else ""


def _attempt_facts(attempt: SignInAttempt) -> dict[str, Any]:
    return {
        "attempt": attempt,
        "channel": channels.get(attempt.network),
        "identity": attempt.identity,
        "is_open": attempt.stage == SignInAttempt.Stage.WAITING,
    }


def _session(request: PageRequest) -> str:
    """The mark of this browser's session; made the first time a sign-in begins."""
    mark = request.session.get(SESSION_MARK)
    if not mark:
        mark = signing_in.new_mark()
        request.session[SESSION_MARK] = mark
    return str(mark)
