"""The company's own page: an editor makes the company's own post of a story, with a tracked link of its own."""

from dataclasses import dataclass
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from portevoix.core import clock
from portevoix.core.errors import Refusal
from portevoix.library.models import Story
from portevoix.library.queries import get_story_for
from portevoix.links.queries import readable_address
from portevoix.people.roles import Ability
from portevoix.sharing import channels, company, composing, queries
from portevoix.sharing.actions.company import restore_company_post, share_for_company, take_back_company_post
from portevoix.sharing.channels import Channel
from portevoix.sharing.models import Share
from portevoix.sharing.states import ShareState
from portevoix.web.access import PageRequest, able


@dataclass(frozen=True)
class Made:
    """A post of the company as the page shows it."""

    share: Share

    @property
    def channel(self) -> Channel:
        """Its network."""
        return channels.get(self.share.channel)

    @property
    def is_taken_back(self) -> bool:
        """Whether it counts no longer."""
        return self.share.state == ShareState.TAKEN_BACK

    @property
    def window(self) -> str:
        """The address that opens the network on this post."""
        return readable_address(composing.window_of(self.share))

    @property
    def must_paste(self) -> bool:
        """Whether that window opens without the words."""
        return composing.must_paste(self.share)


@never_cache
@able(Ability.PUBLISH_STORIES)
def company_page(request: PageRequest, code: str) -> HttpResponse:
    """What the company posted of a story, and its next post."""
    story = get_story_for(request.person, code)
    if request.method != "POST" or "network" in request.POST:
        return _page(request, story)
    try:
        share = share_for_company(
            person=request.person,
            story=story,
            channel=company.page_network(request.POST.get("channel", "")).key,
            text=request.POST.get("text", ""),
            token=request.POST.get("token", ""),
            now=clock.now(),
        )
    except Refusal as refusal:
        return _page(request, story, refusal)
    return _at(share)


@require_POST
@able(Ability.PUBLISH_STORIES)
def take_back(request: PageRequest, code: str) -> HttpResponse:
    """The company did not post it after all, or no longer."""
    share = queries.get_company_post_for(request.person, code)
    return _at(take_back_company_post(share=share, person=request.person, now=clock.now()))


@require_POST
@able(Ability.PUBLISH_STORIES)
def restore(request: PageRequest, code: str) -> HttpResponse:
    """The company's post stands again."""
    share = queries.get_company_post_for(request.person, code)
    return _at(restore_company_post(share=share, person=request.person, now=clock.now()))


def _page(request: PageRequest, story: Story, refusal: Refusal | None = None) -> HttpResponse:
    made = [Made(share) for share in queries.company_posts_on(story)]
    typed, asked = request.POST, request.GET.get("post", "")
    writing = company.begin_post(
        person=request.person,
        story=story,
        network=typed.get("network") or typed.get("channel", ""),
        text=typed.get("text", ""),
        # A token that was used up or grew old is no use in the form that comes back.
        token="" if refusal and not refusal.field else typed.get("token", ""),
    )
    context = {
        "story": story,
        "made": made,
        "chosen": next((one for one in made if one.share.code == asked), None),
        "is_out": story.is_live(clock.now()) and not story.is_internal,
        "networks": company.page_networks(),
        "writing": writing,
        "refusal": refusal,
        "text_error": refusal.sentence if refusal and refusal.field == "text" else "",
    }
    return render(request, "studio/company_page.html", context, status=422 if refusal else 200)


def _at(share: Share) -> HttpResponse:
    address = reverse("company_page", args=[share.story.code])
    return redirect(f"{address}?{urlencode({'post': share.code})}")


urlpatterns = [
    path("library/<slug:code>/company", company_page, name="company_page"),
    path("company/<slug:code>/take-back", take_back, name="company_take_back"),
    path("company/<slug:code>/restore", restore, name="company_restore"),
]
