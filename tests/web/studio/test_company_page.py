"""The company's own posts in the studio: chosen, prepared, copied, taken back; nothing typed is lost."""

from collections.abc import Callable
from datetime import datetime

import pytest
from django.test import Client
from django.urls import reverse

from cast import Cast
from make_library import make_published_story
from portevoix.core import clock
from portevoix.library.actions.captions import add_caption
from portevoix.library.models import Story
from portevoix.links.queries import address_of
from portevoix.sharing.models import Share
from portevoix.sharing.states import ShareState

Browse = Callable[[object], Client]
CAPTION = "À Berrechid, une laiterie produit le tiers de son électricité sur son toit."
FOR_X = "Une laiterie, un toit, un tiers de son électricité."
TYPED = "Nous y étions hier."


@pytest.fixture
def story(cast: Cast) -> Story:
    story = make_published_story(cast.ines, now=clock.now(), captions={"fr": CAPTION})
    add_caption(story=story, person=cast.ines, language="fr", network="x", text=FOR_X, now=clock.now())
    return story


@pytest.fixture
def address(story: Story) -> str:
    return reverse("company_page", args=[story.code])


def test_prepared_post_is_shown_with_its_own_link(cast: Cast, address: str, browse: Browse) -> None:
    client = browse(cast.ines)
    page = client.get(address)
    sent = {"channel": "linkedin", "text": CAPTION, "token": page.context["writing"].token}

    shown = client.post(address, sent, follow=True)

    made = Share.objects.of_company().get()
    assert page.context["writing"].text == CAPTION
    assert shown.context["chosen"].share == made
    assert address_of(made.link.code) in shown.content.decode()
    assert shown.context["chosen"].window.startswith("https://www.linkedin.com/")


def test_network_brings_its_caption_and_keeps_what_was_typed(
    cast: Cast, address: str, browse: Browse
) -> None:
    client = browse(cast.ines)

    untouched = client.post(address, {"network": "x", "channel": "linkedin", "text": CAPTION})
    typed = client.post(address, {"network": "x", "channel": "linkedin", "text": TYPED})

    assert (untouched.context["writing"].channel.key, untouched.context["writing"].text) == ("x", FOR_X)
    assert typed.context["writing"].text == TYPED
    assert Share.objects.count() == 0


def test_refused_text_stays_beside_its_reason(cast: Cast, address: str, browse: Browse) -> None:
    text = "mot " * 90

    page = browse(cast.ines).post(address, {"channel": "x", "text": text})

    assert page.status_code == 422
    assert (page.context["writing"].channel.key, page.context["writing"].text) == ("x", text)
    assert page.context["text_error"] == page.context["refusal"].sentence


def test_post_is_taken_back_and_put_back(cast: Cast, address: str, browse: Browse) -> None:
    client = browse(cast.ines)
    client.post(address, {"channel": "linkedin", "text": CAPTION})
    code = Share.objects.get().code

    client.post(reverse("company_take_back", args=[code]))
    taken = Share.objects.get().state
    client.post(reverse("company_restore", args=[code]))

    assert (taken, Share.objects.get().state) == (ShareState.TAKEN_BACK, ShareState.DECLARED)


def test_story_that_is_over_shows_its_posts_and_takes_no_more(
    cast: Cast, story: Story, address: str, browse: Browse
) -> None:
    client = browse(cast.ines)
    client.post(address, {"channel": "linkedin", "text": CAPTION})
    Story.objects.filter(pk=story.pk).update(expires_at=clock.now())

    page = client.get(address)
    refused = client.post(address, {"channel": "linkedin", "text": CAPTION})

    assert (len(page.context["made"]), page.context["is_out"]) == (1, False)
    assert (refused.status_code, Share.objects.count()) == (422, 1)


@pytest.mark.parametrize("rows", [1, 3])
def test_page_costs_the_same_whatever_was_posted(
    rows: int, cast: Cast, address: str, browse: Browse, django_assert_num_queries: Callable[[int], object]
) -> None:
    client = browse(cast.ines)
    for _row in range(rows):
        client.post(address, {"channel": "linkedin", "text": CAPTION})

    with django_assert_num_queries(8):  # type: ignore[attr-defined]
        client.get(address)


def test_way_there_is_shown_to_editors_only(
    cast: Cast, story: Story, address: str, browse: Browse, now: datetime
) -> None:
    results = reverse("story_results", args=[story.code])

    shown = {
        name: address in browse(getattr(cast, name)).get(results).content.decode() for name in ("ines", "lea")
    }

    assert shown == {"ines": True, "lea": False}
