"""The editorial line: pillars, disclosure lines, wordings to avoid."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from portevoix.core import clock
from portevoix.core.errors import Refusal
from portevoix.editorial import queries
from portevoix.editorial.actions import disclosure, phrases, pillars
from portevoix.people.models import Language
from portevoix.people.roles import Ability
from portevoix.web.access import PageRequest, able
from portevoix.web.refusals import show_beside
from portevoix.web.studio.line_forms import DisclosureForm, PhraseForm, PillarForm


@able(Ability.EDIT_LINE)
def line(request: PageRequest) -> HttpResponse:
    """The whole line on one page."""
    return _page(request)


@able(Ability.EDIT_LINE)
def pillar_add(request: PageRequest) -> HttpResponse:
    """A new pillar."""
    form = PillarForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            pillars.create_pillar(
                organisation=request.person.organisation, person=request.person, now=clock.now(), **form.facts
            )
        except Refusal as refusal:
            _show_name(form, refusal)
        else:
            messages.success(request, _("The pillar is there."))
            return redirect("line")
    return render(request, "studio/pillar.html", {"form": form})


@able(Ability.EDIT_LINE)
def pillar(request: PageRequest, code: str) -> HttpResponse:
    """A pillar to change."""
    row = queries.get_pillar_for(request.person, code)
    form = PillarForm(request.POST or None, pillar=row)
    if request.method == "POST" and form.is_valid():
        try:
            pillars.change_pillar(pillar=row, person=request.person, now=clock.now(), **form.facts)
        except Refusal as refusal:
            _show_name(form, refusal)
        else:
            messages.success(request, _("Saved."))
            return redirect("line")
    return render(request, "studio/pillar.html", {"form": form, "pillar": row})


@require_POST
@able(Ability.EDIT_LINE)
def pillar_archive(request: PageRequest, code: str) -> HttpResponse:
    """Puts a pillar away."""
    row = queries.get_pillar_for(request.person, code)
    pillars.archive_pillar(pillar=row, person=request.person, now=clock.now())
    messages.success(request, _("The pillar is archived. Its stories keep it."))
    return redirect("line")


@require_POST
@able(Ability.EDIT_LINE)
def pillar_restore(request: PageRequest, code: str) -> HttpResponse:
    """Takes a pillar up again."""
    row = queries.get_pillar_for(request.person, code)
    pillars.restore_pillar(pillar=row, person=request.person, now=clock.now())
    return redirect("line")


@require_POST
@able(Ability.EDIT_LINE)
def pillar_move(request: PageRequest, code: str) -> HttpResponse:
    """Moves a pillar one place up or down."""
    row = queries.get_pillar_for(request.person, code)
    codes = _moved([each.code for each in queries.pillars()], row.code, request.POST.get("to", ""))
    pillars.reorder_pillars(
        organisation=request.person.organisation, person=request.person, codes=codes, now=clock.now()
    )
    return redirect("line")


@require_POST
@able(Ability.EDIT_LINE)
def disclosure_lines(request: PageRequest) -> HttpResponse:
    """Writes the disclosure lines that changed."""
    form, written = DisclosureForm(request.POST), queries.disclosure_lines()
    form.is_valid()
    for language in Language.values:
        text = form.cleaned_data.get(language, "")
        if text != written.get(language, ""):
            _write_disclosure(request, form, language, text)
    if form.errors:
        return _page(request, disclosure_form=form)
    messages.success(request, _("Saved."))
    return redirect("line")


@able(Ability.EDIT_LINE)
def phrase_add(request: PageRequest) -> HttpResponse:
    """A new wording to avoid."""
    form = PhraseForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            phrases.add_forbidden_phrase(
                organisation=request.person.organisation,
                person=request.person,
                now=clock.now(),
                **form.cleaned_data,
            )
        except Refusal as refusal:
            show_beside(form, refusal)
        else:
            messages.success(request, _("The phrase is there: captions that use it are flagged."))
            return redirect("line")
    return render(request, "studio/phrase.html", {"form": form})


@able(Ability.EDIT_LINE)
def phrase(request: PageRequest, code: str) -> HttpResponse:
    """A wording to avoid, to change."""
    row = queries.get_phrase_for(request.person, code)
    form = PhraseForm(request.POST or None, phrase=row)
    if request.method == "POST" and form.is_valid():
        facts = {**form.cleaned_data, "text": form.cleaned_data["phrase"], "phrase": row}
        try:
            phrases.change_forbidden_phrase(person=request.person, now=clock.now(), **facts)
        except Refusal as refusal:
            show_beside(form, refusal)
        else:
            messages.success(request, _("Saved."))
            return redirect("line")
    return render(request, "studio/phrase.html", {"form": form, "phrase": row})


@require_POST
@able(Ability.EDIT_LINE)
def phrase_remove(request: PageRequest, code: str) -> HttpResponse:
    """Removes a wording from the list."""
    row = queries.get_phrase_for(request.person, code)
    phrases.remove_forbidden_phrase(phrase=row, person=request.person, now=clock.now())
    messages.success(request, _("Removed: captions may use it again."))
    return redirect("line")


def _page(request: PageRequest, **more: Any) -> HttpResponse:
    context = {
        "pillars": list(queries.pillars()),
        "archived": list(queries.archived_pillars()),
        "phrases": list(queries.forbidden_phrases()),
        "disclosure_form": DisclosureForm(initial=queries.disclosure_lines()),
        "languages": Language.choices,
    }
    return render(request, "studio/line.html", {**context, **more})


def _show_name(form: PillarForm, refusal: Refusal) -> None:
    """The names are three fields of the page and one of the action."""
    refusal.field = "name_fr" if refusal.field == "names" else refusal.field
    show_beside(form, refusal)


def _moved(codes: list[str], code: str, to: str) -> list[str]:
    place = codes.index(code) if code in codes else 0
    other = min(max(place + (-1 if to == "up" else 1), 0), len(codes) - 1)
    codes[place], codes[other] = codes[other], codes[place]
    return codes


def _write_disclosure(request: PageRequest, form: DisclosureForm, language: str, text: str) -> None:
    try:
        disclosure.set_disclosure_line(
            organisation=request.person.organisation,
            person=request.person,
            language=language,
            text=text,
            now=clock.now(),
        )
    except Refusal as refusal:
        show_beside(form, refusal)


urlpatterns = [
    path("line", line, name="line"),
    path("line/disclosure", disclosure_lines, name="disclosure_lines"),
    path("line/pillars/new", pillar_add, name="pillar_add"),
    path("line/pillars/<slug:code>", pillar, name="pillar"),
    path("line/pillars/<slug:code>/archive", pillar_archive, name="pillar_archive"),
    path("line/pillars/<slug:code>/restore", pillar_restore, name="pillar_restore"),
    path("line/pillars/<slug:code>/move", pillar_move, name="pillar_move"),
    path("line/phrases/new", phrase_add, name="phrase_add"),
    path("line/phrases/<slug:code>", phrase, name="phrase"),
    path("line/phrases/<slug:code>/remove", phrase_remove, name="phrase_remove"),
]
