"""The composer: a story begins, is written, and goes out. Whatever is done, what was typed is saved first."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import FileResponse, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from portevoix.core import clock
from portevoix.core.errors import NotFound, Refusal
from portevoix.editorial.queries import forbidden_phrases
from portevoix.library import queries
from portevoix.library.actions import captions, documents, pictures, publishing, starting, writing
from portevoix.library.actions.writing import Saved
from portevoix.library.models import Story, StoryState
from portevoix.library.rules import DOCUMENT_BYTES, PICTURE_BYTES, problem_words
from portevoix.networks.registry import all_networks
from portevoix.people.roles import Ability
from portevoix.web.access import PageRequest, able
from portevoix.web.refusals import show_beside
from portevoix.web.studio.compose_forms import ANGLE, CAPTION, LinkForm, StoryForm, TextForm, typed
from portevoix.web.studio.composer_page import SAMPLE_LINK, Typed, flags_of, language_tabs, previews
from portevoix.web.studio.words import STATE_TONES

CONFIRMABLE = ("confirm_destination", "confirm_phrases")


@able(Ability.WRITE_STORIES)
def start(request: PageRequest) -> HttpResponse:
    """How a story begins: from a link, or from nothing."""
    is_text = request.POST.get("from") == "text"
    form = (TextForm if is_text else LinkForm)(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            story = _begin(request, form)
        except Refusal as refusal:
            return _start_page(request, form, refusal)
        return redirect("compose", code=story.code)
    return _start_page(request, form)


@able(Ability.WRITE_STORIES)
def compose(request: PageRequest, code: str) -> HttpResponse:
    """A story: read by those who may open it, written by those who may change it."""
    story = queries.get_story_for(request.person, code)
    if request.method != "POST":
        return _page(request, story)
    form = StoryForm(request.POST, story=story, person=request.person)
    saved = _save(request, story, form)
    if request.headers.get("X-Requested-With") == "autosave":
        return _autosaved(request, saved)
    if saved.refusals or form.errors:
        return _page(request, queries.get_story_for(request.person, code), form=form, saved=saved)
    try:
        return _act(request, queries.get_story_for(request.person, code), form)
    except NotFound:
        raise
    except Refusal as refusal:
        return _page(
            request, queries.get_story_for(request.person, code), form=form, saved=saved, refusal=refusal
        )


@require_POST
@able(Ability.WRITE_STORIES)
def reread(request: PageRequest, code: str) -> HttpResponse:
    """Fetches the page of the link again."""
    story = queries.get_story_to_edit_for(request.person, code)
    starting.reread_link(story=story, person=request.person, now=clock.now())
    return redirect("compose", code=code)


@require_POST
@able(Ability.WRITE_STORIES)
def picture_add(request: PageRequest, code: str) -> HttpResponse:
    """Adds the picture that was sent."""
    story, sent = queries.get_story_to_edit_for(request.person, code), request.FILES.get("picture")
    try:
        content = sent.read(PICTURE_BYTES + 1) if sent else b""  # one byte more is refused as too heavy
        pictures.add_picture(story=story, person=request.person, content=content, now=clock.now())
    except Refusal as refusal:
        return _page(request, story, refusal=refusal)
    return redirect("compose", code=code)


@require_POST
@able(Ability.WRITE_STORIES)
def picture_remove(request: PageRequest, code: str) -> HttpResponse:
    """Takes a picture off its story."""
    row = queries.get_picture_to_edit_for(request.person, code)
    story = pictures.remove_picture(picture=row, person=request.person, now=clock.now())
    return redirect("compose", code=story.code)


@able(Ability.WRITE_STORIES)
def document(request: PageRequest, code: str) -> HttpResponseBase:
    """The document, for those who may change its story; kept as a file, never opened in place."""
    row = queries.get_document_to_edit_for(request.person, code)
    try:
        file = row.file.open("rb")
    except OSError:
        raise NotFound("document") from None
    return FileResponse(
        file, as_attachment=True, filename=f"{row.title}.pdf", content_type=documents.MEDIA_TYPE
    )


@require_POST
@able(Ability.WRITE_STORIES)
def document_set(request: PageRequest, code: str) -> HttpResponse:
    """Gives the story the document that was sent."""
    story, sent = queries.get_story_to_edit_for(request.person, code), request.FILES.get("document")
    try:
        content = sent.read(DOCUMENT_BYTES + 1) if sent else b""
        title = str(sent.name) if sent else ""
        documents.set_document(
            story=story, person=request.person, content=content, title=title, now=clock.now()
        )
    except Refusal as refusal:
        return _page(request, story, refusal=refusal)
    return redirect("compose", code=code)


@require_POST
@able(Ability.WRITE_STORIES)
def document_remove(request: PageRequest, code: str) -> HttpResponse:
    """Takes the document off its story."""
    row = queries.get_document_to_edit_for(request.person, code)
    story = documents.remove_document(document=row, person=request.person, now=clock.now())
    return redirect("compose", code=story.code)


def _begin(request: PageRequest, form: LinkForm | TextForm) -> Story:
    begin = starting.start_text_story if isinstance(form, TextForm) else starting.start_story
    return begin(author=request.person, now=clock.now(), **form.cleaned_data)


def _start_page(
    request: PageRequest, form: LinkForm | TextForm, refusal: Refusal | None = None
) -> HttpResponse:
    context: dict[str, Any] = {"link_form": LinkForm(), "text_form": TextForm()}
    context["text_form" if isinstance(form, TextForm) else "link_form"] = form
    if refusal:
        show_beside(form, refusal)
        context["existing"] = _visible(request, str(refusal.facts.get("code", "")))
    return render(request, "studio/start.html", context, status=422 if form.errors else 200)


def _visible(request: PageRequest, code: str) -> Story | None:
    try:
        return queries.get_story_for(request.person, code) if code else None
    except NotFound:
        return None


def _save(request: PageRequest, story: Story, form: StoryForm) -> Saved:
    form.is_valid()
    return writing.save_story(
        story=story,
        person=request.person,
        now=clock.now(),
        changes=form.changes,
        captions=typed(request.POST, CAPTION),
        angles=typed(request.POST, ANGLE),
    )


def _autosaved(request: PageRequest, saved: Saved) -> HttpResponse:
    rules = list(forbidden_phrases())
    rows = queries.get_story_for(request.person, saved.story.code).captions.all()
    answer = {
        "flags": {row.code: [flag.facts for flag in flags_of(row.text, row.language, rules)] for row in rows},
        "refusals": {name: refusal.sentence for name, refusal in saved.refusals.items()},
    }
    headers = {"X-Version": saved.story.updated_at.isoformat()}
    return JsonResponse(answer, status=422 if saved.refusals else 200, headers=headers)


def _act(request: PageRequest, story: Story, form: StoryForm) -> HttpResponse:
    name, _colon, subject = request.POST.get("act", "save").partition(":")
    return ACTS.get(name, _act_save)(request, story, form, subject)


def _act_save(request: PageRequest, story: Story, form: StoryForm, subject: str) -> HttpResponse:
    messages.success(request, _("Saved."))
    return redirect("compose", code=story.code)


def _act_publish(request: PageRequest, story: Story, form: StoryForm, subject: str) -> HttpResponse:
    publishing.publish_story(story=story, person=request.person, now=clock.now(), **_confirmed(request))
    messages.success(request, _("The story is out: its audience can share it."))
    return redirect("library")


def _act_schedule(request: PageRequest, story: Story, form: StoryForm, subject: str) -> HttpResponse:
    moment = form.publish_moment
    if moment is None:
        raise Refusal("no_moment", _("Choose the day and the hour it goes out."), field="publish_at")
    publishing.schedule_story(
        story=story, person=request.person, publish_at=moment, now=clock.now(), **_confirmed(request)
    )
    messages.success(request, _("The story goes out by itself at the moment you chose."))
    return redirect("library")


def _act_submit(request: PageRequest, story: Story, form: StoryForm, subject: str) -> HttpResponse:
    publishing.submit_for_review(story=story, person=request.person, now=clock.now())
    messages.success(request, _("The editors have it. You will see their answer here."))
    return redirect("library")


def _act_extend(request: PageRequest, story: Story, form: StoryForm, subject: str) -> HttpResponse:
    end = form.changes.get("expires_at")
    if end is None:
        raise Refusal("no_day", _("Choose the day it ends."), field="expires_on")
    publishing.extend_expiry(story=story, person=request.person, expires_at=end, now=clock.now())
    messages.success(request, _("The story is out again."))
    return redirect("compose", code=story.code)


def _act_add_caption(request: PageRequest, story: Story, form: StoryForm, subject: str) -> HttpResponse:
    language, _colon, network = subject.partition(":")
    network = network or request.POST.get(f"network-{language}", "")
    caption = captions.add_caption(
        story=story, person=request.person, language=language, network=_known(network), now=clock.now()
    )
    return _at_caption(story, caption.code)


def _act_remove_caption(request: PageRequest, story: Story, form: StoryForm, subject: str) -> HttpResponse:
    caption = queries.get_caption_for(request.person, subject)
    captions.remove_caption(caption=caption, person=request.person, now=clock.now())
    return _at_caption(story, caption.language)


ACTS: dict[str, Callable[[PageRequest, Story, StoryForm, str], HttpResponse]] = {
    "save": _act_save,
    "publish": _act_publish,
    "schedule": _act_schedule,
    "submit": _act_submit,
    "extend": _act_extend,
    "add_caption": _act_add_caption,
    "remove_caption": _act_remove_caption,
}


def _known(network: str) -> str:
    return network if network in {composer.network.key for composer in all_networks()} else ""


def _confirmed(request: PageRequest) -> dict[str, bool]:
    return {name: request.POST.get(name) == "yes" for name in CONFIRMABLE}


def _at_caption(story: Story, chosen: str) -> HttpResponse:
    return redirect(f"{reverse('compose', args=[story.code])}?{urlencode({'caption': chosen})}#captions")


def _page(
    request: PageRequest,
    story: Story,
    *,
    form: StoryForm | None = None,
    saved: Saved | None = None,
    refusal: Refusal | None = None,
) -> HttpResponse:
    """The page as the rows say, and over them what was typed and refused."""
    form = form or StoryForm(None, story=story, person=request.person)
    refusals = dict(saved.refusals) if saved else {}
    for name, why in refusals.items():
        form.add_error(
            {"expires_at": "expires_on"}.get(name, name) if not name.startswith(CAPTION) else None,
            why.sentence,
        )
    if refusal:
        _show(form, refusal)
    texts = Typed(typed(request.POST, CAPTION), typed(request.POST, ANGLE), refusals)
    refused = next((name.removeprefix(CAPTION) for name in refusals if name.startswith(CAPTION)), "")
    chosen = refused or request.POST.get("shown", "") or request.GET.get("caption", "")
    tabs = language_tabs(story, chosen, texts, request.person.language)
    context = {
        "story": story,
        "form": form,
        "refusal": refusal,
        "asked_act": request.POST.get("act", ""),
        "confirms": [name for name in CONFIRMABLE if _asks_or_has(request, refusal, name)],
        "tabs": tabs,
        "sample_link": SAMPLE_LINK,
        "choices": [form["pillar"], form["audience"], form["expires_on"]],
        "host": publishing.host_of(story.link),
        "previews": previews(tabs),
        "picture": next(iter(story.pictures.all()), None),
        "problem": problem_words(story.fetch_problem),
        "tone": STATE_TONES[StoryState(story.state)],
        "may_edit": queries.may_edit(request.person, story),
        "publishes": request.person.may(Ability.PUBLISH_STORIES),
        "caption_refusal": refusal if refusal and refusal.field == "captions" else None,
    }
    status = 422 if refusal or form.errors else 200
    return render(request, "studio/compose.html", context, status=status)


def _show(form: StoryForm, refusal: Refusal) -> None:
    """Puts the refusal beside its field; those about captions and pictures have their own place on the page."""
    field = {"expires_at": "expires_on"}.get(refusal.field, refusal.field)
    if field in form.fields:
        form.add_error(field, refusal.sentence)


def _asks_or_has(request: PageRequest, refusal: Refusal | None, name: str) -> bool:
    """What was confirmed stays so while the other question is answered."""
    return request.POST.get(name) == "yes" or bool(refusal and refusal.code == name)


urlpatterns = [
    path("library/new", start, name="compose"),
    path("library/<slug:code>", compose, name="compose"),
    path("library/<slug:code>/reread", reread, name="story_reread"),
    path("library/<slug:code>/pictures", picture_add, name="picture_add"),
    path("library/pictures/<slug:code>/remove", picture_remove, name="picture_remove"),
    path("library/<slug:code>/document", document_set, name="document_set"),
    path("library/documents/<slug:code>", document, name="document"),
    path("library/documents/<slug:code>/remove", document_remove, name="document_remove"),
]
