"""The share sheet: a page by itself, a sheet from the bottom where the browser runs scripts."""

from dataclasses import replace
from typing import Any

from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext, gettext_noop
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from portevoix.core import clock
from portevoix.core.errors import Refusal
from portevoix.library.models import Story
from portevoix.library.queries import get_live_story_for
from portevoix.links.queries import readable_address
from portevoix.people.models import Language, Person
from portevoix.people.roles import Ability
from portevoix.sharing import checks
from portevoix.sharing.actions.posts import plan_post
from portevoix.sharing.actions.shares import save_draft, share_story
from portevoix.sharing.composing import window_of
from portevoix.sharing.models import Share
from portevoix.sharing.sheet import Asked, Sheet, caption_of, is_alike, open_sheet
from portevoix.web.access import PageRequest, able
from portevoix.web.member import moments
from portevoix.web.member.sheet_words import words_by_channel
from portevoix.web.pace import refuse_haste
from portevoix.web.templatetags.words import percent

# share.js names itself so: it opens the window by itself, and needs to know what to open.
BY_SCRIPT = "share"
# What the button says that has the network publish by itself.
DIRECTLY = "direct"
# The page repeats it in data-words, for share.js to fill in as one types.
OWN_WORDS = gettext_noop("{percent} your own words")


@never_cache
@able(Ability.SHARE)
def share_sheet(request: PageRequest, code: str) -> HttpResponse:
    """Shows the sheet of a story, and shares."""
    if not request.person.takes_part:
        return redirect("to_share")
    story = get_live_story_for(request.person, code, clock.now())
    checks.refuse_unless_shareable(story, request.person, clock.now())
    asked = _asked(request)
    if request.method != "POST":
        return _page(request, story, asked)
    try:
        share = _share(request, story, asked)
    except Refusal as refusal:
        return _page(request, story, asked, refusal)
    return _opened(request, share)


@require_POST
@able(Ability.SHARE)
def keep_draft(request: PageRequest, code: str) -> HttpResponse:
    """Keeps what is being typed, and says whether a colleague posted almost the same."""
    story = get_live_story_for(request.person, code, clock.now())
    text, language = request.POST.get("text", ""), request.POST.get("language", "")
    try:
        save_draft(person=request.person, story=story, text=text, language=language, now=clock.now())
    except Refusal as refusal:
        return JsonResponse({"refusal": refusal.sentence}, status=422)
    return JsonResponse({"alike": is_alike(request.person, story, text, language)})


def _asked(request: PageRequest) -> Asked:
    typed = request.POST if request.method == "POST" else request.GET
    asked = Asked(
        channel=typed.get("channel", ""), language=typed.get("language", ""), caption=typed.get("caption", "")
    )
    if request.method != "POST":
        return asked
    return replace(
        asked,
        text=typed.get("text", ""),
        token=typed.get("token", ""),
        instance=typed.get("instance", ""),
        when=typed.get("when", ""),
        at=typed.get("at", ""),
    )


def _share(request: PageRequest, story: Story, asked: Asked) -> Share:
    """By the network itself, from the person's account, or by hand: as the button says that was tapped."""
    refuse_haste(request, "share")
    said: dict[str, Any] = {
        "person": request.person,
        "story": story,
        "channel": asked.channel,
        "text": asked.text or "",
        "token": asked.token,
        "language": asked.language if asked.language in Language.values else "",
        "caption": caption_of(story, asked.caption),
        "now": clock.now(),
    }
    if request.POST.get("how") == DIRECTLY:
        return plan_post(**said, when=moments.typed(request.POST)).share
    return share_story(**said, instance=asked.instance or "")


def _page(request: PageRequest, story: Story, asked: Asked, refusal: Refusal | None = None) -> HttpResponse:
    # A token that was used up or grew old is no use in the form that comes back.
    kept = replace(asked, token="") if refusal and not refusal.field else asked
    sheet = open_sheet(person=request.person, story=story, asked=kept, now=clock.now())
    context = {
        "sheet": sheet,
        "story": story,
        "refusal": refusal,
        "tiles": _tiles(sheet, request.person),
        "facts": _facts(sheet),
        "own_words": gettext(OWN_WORDS).format(percent=percent(round(sheet.own_ratio, 2))),
        "choice": _choice(request, sheet, asked, refusal),
    }
    return render(request, "member/share_sheet.html", context, status=422 if refusal else 200)


def _tiles(sheet: Sheet, person: Person) -> list[dict[str, Any]]:
    return [
        {
            "tile": tile,
            "words": words_by_channel(tile),
            "spent": checks.beyond_limit(tile.channel, person).sentence if tile.is_spent else "",
        }
        for tile in sheet.tiles
    ]


def _facts(sheet: Sheet) -> dict[str, Any]:
    """What share.js needs to count, measure and propose by itself."""
    return {
        "captions": [
            {
                "code": caption.code,
                "language": caption.language,
                "network": caption.network,
                "text": caption.text,
            }
            for caption in sheet.proposals
        ],
        "disclosures": sheet.disclosures,
    }


def _choice(
    request: PageRequest, sheet: Sheet, asked: Asked, refusal: Refusal | None
) -> moments.Choice | None:
    """When it may go out; None while no account is connected."""
    if not any(tile.ready for tile in sheet.tiles):
        return None
    kind, at = moments.instead(refusal, sheet.when, asked.at)
    return moments.choice_for(request.person, sheet.story, kind, at)


def _opened(request: PageRequest, share: Share) -> HttpResponse:
    is_direct = request.POST.get("how") == DIRECTLY
    window = "" if is_direct else readable_address(window_of(share, request.POST.get("instance", "")))
    after = reverse("thanks", args=[share.code])
    if request.headers.get("X-Requested-With") == BY_SCRIPT:
        return JsonResponse({"window": window, "thanks": after, "text": share.text})
    # Django's own redirect refuses mailto, which is where the e-mail window is.
    return HttpResponse(status=303, headers={"Location": window or after})
