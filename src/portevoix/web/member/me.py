"""Me: the themes one follows, how one reads, whether one takes part, and what is held about one."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import translation
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from portevoix.analytics import privacy as analytics
from portevoix.core import clock
from portevoix.core.errors import NotFound, Refusal
from portevoix.editorial.queries import pillars
from portevoix.feed import privacy as feed
from portevoix.feed.actions import choose_tastes
from portevoix.feed.queries import followed_pillars
from portevoix.library import privacy as library
from portevoix.library.queries import suggestions_by
from portevoix.notifications import privacy as notifications
from portevoix.people import privacy as people
from portevoix.people.actions.participation import join_programme, leave_programme, pause_programme
from portevoix.people.actions.persons import change_person, change_preferences
from portevoix.people.models import Language, Person
from portevoix.people.roles import Ability
from portevoix.sharing import privacy as sharing
from portevoix.sharing.queries import accounts_of, shares_of
from portevoix.web.access import PageRequest, member
from portevoix.web.refusals import show_beside

SUGGESTIONS_SHOWN = 10
_MOVES = {"join": join_programme, "pause": pause_programme, "leave": leave_programme}
_SAID = {
    "join": _("Welcome. Here is what you may share."),
    "pause": _("You are on pause. Come back whenever you like."),
    "leave": _("You have left the programme. Your results stay yours."),
}
# Every room that holds something about a person hands it over by the same door.
_ROOMS = {
    "people": people,
    "notifications": notifications,
    "library": library,
    "sharing": sharing,
    "feed": feed,
    "analytics": analytics,
}


def _zones() -> list[tuple[str, str]]:
    """Zones named after a place: the others are aliases and offsets."""
    return [
        (name, name.replace("_", " "))
        for name in clock.zone_names()
        if "/" in name[:-1] and name[:4] != "Etc/"
    ]


class ReadingForm(forms.Form):
    """How a person is named and how they like to read."""

    given_name = forms.CharField(label=_("Given name"), max_length=80)
    family_name = forms.CharField(label=_("Family name"), max_length=80, required=False)
    language = forms.ChoiceField(label=_("Language of the pages"), choices=Language.choices)
    theme = forms.ChoiceField(
        label=_("Appearance"),
        required=False,
        choices=[("", _("As the device")), ("light", _("Light")), ("dark", _("Dark"))],
    )
    time_zone = forms.ChoiceField(
        label=_("Time zone"),
        choices=_zones,
        help_text=_("Your days and your hours follow it."),
    )


@member
def me(request: PageRequest) -> HttpResponse:
    """The page of the person in all its parts."""
    return _page(request, _reading_form(request.person))


@require_POST
@member
def topics(request: PageRequest) -> HttpResponse:
    """Follows the chosen themes, and no others."""
    chosen = [pillar for pillar in pillars() if pillar.code in request.POST.getlist("topics")]
    choose_tastes(person=request.person, pillars=chosen, now=clock.now())
    messages.success(request, gettext("Your themes are kept. The stories follow them from now on."))
    return redirect("me")


@require_POST
@member
def reading(request: PageRequest) -> HttpResponse:
    """Changes name, language, appearance and zone."""
    form = ReadingForm(request.POST)
    if not form.is_valid() or not _changed(request, form):
        return _page(request, form, status=422)
    with translation.override(form.cleaned_data["language"]):
        messages.success(request, gettext("It is kept."))
    return redirect("me")


@require_POST
@member
def programme(request: PageRequest) -> HttpResponse:
    """Joins, pauses or leaves: one tap, no reason asked, nobody notified."""
    move = request.POST.get("move", "")
    if move not in _MOVES:
        raise NotFound("move")
    _MOVES[move](person=request.person, now=clock.now())
    messages.success(request, str(_SAID[move]))
    return redirect("to_share" if move == "join" else "me")


@member
def data(request: PageRequest) -> HttpResponse:
    """Everything held about the person, as one file for them."""
    held = {room: privacy.export_person(request.person) for room, privacy in _ROOMS.items()}
    answer = JsonResponse(held, json_dumps_params={"ensure_ascii": False, "indent": 2})
    answer["Content-Disposition"] = 'attachment; filename="portevoix.json"'
    answer["Cache-Control"] = "no-store"
    return answer


def _reading_form(person: Person) -> ReadingForm:
    account = person.account
    return ReadingForm(
        initial={
            "given_name": person.given_name,
            "family_name": person.family_name,
            "language": account.language,
            "theme": account.theme,
            "time_zone": person.time_zone,
        }
    )


def _changed(request: PageRequest, form: ReadingForm) -> bool:
    typed, person, now = form.cleaned_data, request.person, clock.now()
    theme = typed.pop("theme")
    try:
        change_person(person=person, by=person, keep_team=True, now=now, **typed)
        change_preferences(account=person.account, language=typed["language"], theme=theme, now=now)
    except Refusal as refusal:
        show_beside(form, refusal)
        return False
    return True


def _page(request: PageRequest, form: ReadingForm, status: int = 200) -> HttpResponse:
    person = request.person
    context: dict[str, Any] = {
        "form": form,
        "topics": _topics(person),
        "suggestions": suggestions_by(person)[:SUGGESTIONS_SHOWN],
        "may_share": person.may(Ability.SHARE),
        "may_suggest": person.may(Ability.SUGGEST),
        "share_count": shares_of(person).count(),
        "account_count": len(accounts_of(person)),
    }
    return render(request, "member/me.html", context, status=status)


def _topics(person: Person) -> list[dict[str, Any]]:
    followed, language = followed_pillars(person), translation.get_language() or "fr"
    return [
        {"value": pillar.code, "label": pillar.name_in(language), "checked": pillar.code in followed}
        for pillar in pillars()
    ]
