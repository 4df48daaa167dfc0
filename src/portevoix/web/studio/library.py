"""The library: every story by state, the featured ones, the review queue, what may be done to a story from the list."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from portevoix.core import clock
from portevoix.core.errors import Refusal
from portevoix.editorial.queries import pillars
from portevoix.library import queries
from portevoix.library.actions import publishing
from portevoix.library.models import StoryState
from portevoix.library.queries import Filters
from portevoix.library.rules import FEATURED_SLOTS
from portevoix.people.roles import Ability
from portevoix.web.access import PageRequest, able
from portevoix.web.studio.words import STATE_TONES

A_PAGE = 20


@able(Ability.WRITE_STORIES)
def library(request: PageRequest) -> HttpResponse:
    """The list, filtered as the address says."""
    asked = _filters(request)
    counts = queries.counts_by_state(request.person)
    context = {
        "filters": asked,
        "page": Paginator(queries.stories_for(request.person, asked), A_PAGE).get_page(
            request.GET.get("page")
        ),
        "tabs": _tabs(asked, counts),
        "total": sum(counts.values()),
        "pillars": list(pillars()),
        "tones": STATE_TONES,
        "publishes": request.person.may(Ability.PUBLISH_STORIES),
    }
    if context["publishes"]:
        context |= {
            "featured": queries.featured_stories(clock.now()),
            "slots": FEATURED_SLOTS,
            "waiting": queries.waiting(),
        }
    return render(request, "studio/library.html", context)


@able(Ability.PUBLISH_STORIES)
def review(request: PageRequest) -> HttpResponse:
    """The queue of what waits for an editor."""
    return render(request, "studio/review.html", {"stories": list(queries.stories_in_review()[:50])})


@require_POST
@able(Ability.PUBLISH_STORIES)
def review_refuse(request: PageRequest, code: str) -> HttpResponse:
    """Gives a story back with a note."""
    story, note = queries.get_story_for(request.person, code), request.POST.get("note", "")
    try:
        publishing.refuse_story(story=story, person=request.person, note=note, now=clock.now())
    except Refusal as refusal:
        context = {
            "stories": list(queries.stories_in_review()[:50]),
            "refused": code,
            "refusal": refusal,
            "note": note,
        }
        return render(request, "studio/review.html", context, status=422)
    messages.success(request, _("Sent back with your note."))
    return redirect("review")


@require_POST
@able(Ability.WRITE_STORIES)
def archive(request: PageRequest, code: str) -> HttpResponse:
    """Puts a story away."""
    story = queries.get_story_to_edit_for(request.person, code)
    publishing.archive_story(story=story, person=request.person, now=clock.now())
    messages.success(request, _("The story is archived."))
    return redirect("library")


@require_POST
@able(Ability.PUBLISH_STORIES)
def restore(request: PageRequest, code: str) -> HttpResponse:
    """Takes a story out of the archive."""
    story = queries.get_story_for(request.person, code)
    publishing.restore_story(story=story, person=request.person, now=clock.now())
    return redirect("compose", code=code)


@require_POST
@able(Ability.PUBLISH_STORIES)
def feature(request: PageRequest, code: str) -> HttpResponse:
    """Puts a story first, or back among the others."""
    story, featured = queries.get_story_for(request.person, code), request.POST.get("featured") == "yes"
    publishing.feature_story(story=story, person=request.person, featured=featured, now=clock.now())
    messages.success(
        request, _("The story is featured.") if featured else _("The story is among the others again.")
    )
    return redirect("library")


def _filters(request: PageRequest) -> Filters:
    state = request.GET.get("state", "")
    return Filters(
        state=state if state in StoryState.values else "",
        search=request.GET.get("q", "").replace("\x00", "")[:100],
        pillar=request.GET.get("pillar", "")[:16],
    )


def _tabs(asked: Filters, counts: dict[str, int]) -> list[dict[str, object]]:
    tabs = [{"key": "", "label": _("All"), "count": sum(counts.values())}]
    tabs += [
        {"key": state.value, "label": state.label, "count": counts.get(state, 0)} for state in StoryState
    ]
    return [{**tab, "current": tab["key"] == asked.state} for tab in tabs]


urlpatterns = [
    path("library", library, name="library"),
    path("library/review", review, name="review"),
    path("library/<slug:code>/refuse", review_refuse, name="review_refuse"),
    path("library/<slug:code>/archive", archive, name="story_archive"),
    path("library/<slug:code>/restore", restore, name="story_restore"),
    path("library/<slug:code>/feature", feature, name="story_feature"),
]
