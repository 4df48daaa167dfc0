"""One share: a thank-you that says what happened, or how its post stands; and what the person decides about it."""

from dataclasses import dataclass
from typing import Any

import segno
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from portevoix.core import clock
from portevoix.core.errors import Refusal, Sentence
from portevoix.links.queries import address_of, readable_address
from portevoix.people.roles import Ability
from portevoix.sharing import channels, checks, keys, queries
from portevoix.sharing.actions import posts
from portevoix.sharing.actions.shares import restore_share, take_back_share
from portevoix.sharing.composing import must_paste, window_of
from portevoix.sharing.models import Share
from portevoix.sharing.states import PostState, ShareState
from portevoix.web.access import PageRequest, able
from portevoix.web.member import moments
from portevoix.web.member.post_words import shown
from portevoix.web.templatetags.words import number, percent

MOSTLY_OWN = 0.5
EARLY_VOICES = 10


@dataclass(frozen=True)
class Thanks:
    """The thank-you in two sentences: what happened, and what it is worth."""

    title: str
    sentence: Sentence


@never_cache
@able(Ability.SHARE)
def thanks(request: PageRequest, code: str) -> HttpResponse:
    """What this share is, how its post stands, what comes next, and the way back."""
    return _page(request, queries.get_share_for(request.person, code))


@require_POST
@able(Ability.SHARE)
def take_back(request: PageRequest, code: str) -> HttpResponse:
    """The person says that it was not posted, or no longer; what a network is to publish, or published, goes with it."""
    share = queries.get_share_for(request.person, code)
    try:
        if hasattr(share, "post"):
            posts.withdraw_post(post=share.post, now=clock.now())
        else:
            take_back_share(share=share, now=clock.now())
    except Refusal as refusal:
        messages.error(request, refusal.sentence)
    return redirect("thanks", code=share.code)


@require_POST
@able(Ability.SHARE)
def restore(request: PageRequest, code: str) -> HttpResponse:
    """The share stands again."""
    share = restore_share(share=queries.get_share_for(request.person, code), now=clock.now())
    return redirect("thanks", code=share.code)


@able(Ability.SHARE)
def move(request: PageRequest, code: str) -> HttpResponse:
    """Gives a planned post another moment."""
    if request.method != "POST":  # its address stays in the bar after a refusal
        return redirect("thanks", code=code)
    post = queries.get_post_for(request.person, code)
    try:
        posts.move_post(post=post, when=moments.typed(request.POST), now=clock.now())
    except Refusal as refusal:
        return _page(request, queries.get_share_for(request.person, code), refusal)
    messages.success(request, gettext("It has another moment."))
    return redirect("thanks", code=code)


@require_POST
@able(Ability.SHARE)
def answer(request: PageRequest, code: str) -> HttpResponse:
    """The person says whether it is online."""
    post, said = queries.get_post_for(request.person, code), request.POST.get("answer", "")
    try:
        posts.answer_post(post=post, is_online=said == "online", send_again=said == "send", now=clock.now())
    except Refusal as refusal:
        messages.error(request, refusal.sentence)
    return redirect("thanks", code=code)


@require_POST
@able(Ability.SHARE)
def read_figures(request: PageRequest, code: str) -> HttpResponse:
    """Has the network asked for the post's figures, at once."""
    posts.ask_for_figures(post=queries.get_post_for(request.person, code), now=clock.now())
    return redirect("thanks", code=code)


def _page(request: PageRequest, share: Share, refusal: Refusal | None = None) -> HttpResponse:
    channel = channels.get(share.channel)
    instance = queries.habit_of(request.person).mastodon_instance
    address = address_of(share.link.code)
    post = shown(share.post) if hasattr(share, "post") else None
    context: dict[str, Any] = {
        "share": share,
        "channel": channel,
        "post": post,
        "is_taken_back": share.state == ShareState.TAKEN_BACK,
        "thanks": _thanks(share),
        "window": readable_address(window_of(share, instance)),
        "must_paste": must_paste(share, instance),
        "address": address,
        "qr_code": _qr_code(address) if channel.key == channels.QR else "",
        "may_share_again": _may_share_again(request, share),
        "may_connect": not post and _may_connect(request, share.channel),
        "choice": moments.another(request.person, share, request.POST, refusal)
        if post and post.may_move
        else None,
        "refusal": refusal,
    }
    template = "member/post.html" if post else "member/thanks.html"
    if post and request.htmx:
        template = "member/post.html#standing"
    return render(request, template, context, status=422 if refusal else 200)


def _may_share_again(request: PageRequest, share: Share) -> bool:
    """Whether a post that is not out, or no longer, leaves the story to be shared another way."""
    is_free = hasattr(share, "post") and (share.post.is_over or share.post.state == PostState.HELD)
    return is_free and checks.is_shareable(share.story, request.person, clock.now())


def _may_connect(request: PageRequest, channel: str) -> bool:
    """Whether what was shared by hand could go out by itself next time."""
    is_open = channel in keys.open_offers(request.person.organisation_id)
    return is_open and queries.account_on(request.person, channel) is None


def _thanks(share: Share) -> Thanks:
    place = queries.sharer_place(share)
    if place == 1:
        title = _("Thank you. You are the first to speak of it.")
    elif place <= EARLY_VOICES:
        title = _("Thank you. You are number %(place)s to speak of it.")
    else:
        title = _("Thank you. With you, %(place)s colleagues speak of it.")
    return Thanks(str(title) % {"place": number(place)}, _worth(share))


def _worth(share: Share) -> Sentence:
    if share.channel == channels.QR:
        return _("Whoever scans it comes by your own link.")
    if share.own_words >= MOSTLY_OWN:
        own = {"percent": percent(round(share.own_words, 2))}
        return _("%(percent)s of it is in your own words: that is what people read best.") % own
    if share.own_words > 0:
        return _("You added words of your own: it shows that a person is speaking.")
    return _("Next time, change a sentence: a text of your own is read better than any other.")


def _qr_code(address: str) -> str:
    """The address as a picture that a page may hold by itself; medium correction survives a worn print."""
    return segno.make_qr(address, error="m").svg_data_uri(scale=8, border=2, dark="#1d1e24", light="#ffffff")
