"""After a share: a thank-you that says what happened, taking it back, and the way on."""

from dataclasses import dataclass
from typing import Any

import segno
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from portevoix.core import clock
from portevoix.core.errors import Sentence
from portevoix.links.queries import address_of
from portevoix.people.roles import Ability
from portevoix.sharing import channels, queries
from portevoix.sharing.actions.shares import restore_share, take_back_share
from portevoix.sharing.composing import must_paste, window_of
from portevoix.sharing.models import Share
from portevoix.sharing.states import ShareState
from portevoix.web.access import PageRequest, able
from portevoix.web.templatetags.words import number, percent

MOSTLY_OWN = 0.5
EARLY_VOICES = 10


@dataclass(frozen=True)
class Thanks:
    """The thank-you in two sentences: what happened, and what it is worth."""

    title: str
    sentence: Sentence


@able(Ability.SHARE)
def thanks(request: PageRequest, code: str) -> HttpResponse:
    """What this share is, what comes next, and the way back."""
    share = queries.get_share_for(request.person, code)
    channel = channels.get(share.channel)
    instance = queries.habit_of(request.person).mastodon_instance
    address = address_of(share.link.code)
    context: dict[str, Any] = {
        "share": share,
        "channel": channel,
        "is_taken_back": share.state == ShareState.TAKEN_BACK,
        "thanks": _thanks(share),
        "window": window_of(share, instance),
        "must_paste": must_paste(share, instance),
        "address": address,
        "qr_code": _qr_code(address) if channel.key == channels.QR else "",
    }
    return render(request, "member/thanks.html", context)


@require_POST
@able(Ability.SHARE)
def take_back(request: PageRequest, code: str) -> HttpResponse:
    """The person says that it was not posted, or no longer."""
    share = take_back_share(share=queries.get_share_for(request.person, code), now=clock.now())
    return redirect("thanks", code=share.code)


@require_POST
@able(Ability.SHARE)
def restore(request: PageRequest, code: str) -> HttpResponse:
    """The share stands again."""
    share = restore_share(share=queries.get_share_for(request.person, code), now=clock.now())
    return redirect("thanks", code=share.code)


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
