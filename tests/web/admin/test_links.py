"""The page on which links are set, sites listed and tokens made."""

from collections.abc import Callable
from datetime import datetime

import pytest
from django.test import Client

from cast import Cast
from make_library import make_published_story
from portevoix.links.models import LinkSetting, Site
from portevoix.people.actions.api_tokens import create_api_token, hash_of_token
from portevoix.people.models import ApiToken, Person, TrailEntry
from portevoix.people.queries import token_of_secret

Browse = Callable[[Person], Client]
TYPED = {
    "utm_source": "{network}",
    "utm_medium": "social",
    "utm_campaign": "ambassadeurs",
    "utm_content": "{story}",
    "window_days": "45",
}


def test_page_offers_tags_that_are_off(cast: Cast, browse: Browse) -> None:
    page = browse(cast.driss).get("/admin/links")

    form = page.context["form"]
    assert {
        name: form[name].value() for name in ("is_tagging", "carries_click_ids", "window_days", "utm_source")
    } == {
        "is_tagging": False,
        "carries_click_ids": False,
        "window_days": 30,
        "utm_source": "{network}",
    }


def test_setting_is_kept_and_noted(cast: Cast, browse: Browse) -> None:
    answer = browse(cast.driss).post("/admin/links", {**TYPED, "is_tagging": "on"})

    row = LinkSetting.objects.get()
    assert answer.status_code == 302
    assert (row.is_tagging, row.utm_campaign, row.window_days, row.carries_click_ids) == (
        True,
        "ambassadeurs",
        45,
        False,
    )
    assert list(TrailEntry.objects.values_list("act", flat=True)) == ["change_link_setting"]


@pytest.mark.parametrize(
    ("field", "typed"),
    [("utm_content", "{person}"), ("window_days", "91"), ("window_days", "0"), ("window_days", "x")],
)
def test_refusal_stands_beside_its_field_and_nothing_typed_is_lost(
    cast: Cast, browse: Browse, field: str, typed: str
) -> None:
    page = browse(cast.driss).post("/admin/links", {**TYPED, "utm_medium": "mine", field: typed})

    form = page.context["form"]
    assert (list(form.errors), form["utm_medium"].value(), form[field].value()) == ([field], "mine", typed)
    assert not LinkSetting.objects.filter(utm_medium="mine").exists()


def test_preview_shows_what_is_typed_and_keeps_nothing(cast: Cast, browse: Browse, now: datetime) -> None:
    make_published_story(cast.ines, now=now, link="https://gazette.example/laiterie")

    whole = browse(cast.driss).get("/admin/links", TYPED)
    part = browse(cast.driss).get("/admin/links", TYPED, headers={"HX-Request": "true"})

    tags = (
        "?utm_source=linkedin",
        "utm_medium=social",
        "utm_campaign=ambassadeurs",
        "utm_content=une-laiterie-au-soleil",
    )
    added = "&amp;".join(tags)
    assert [added in page.content.decode() for page in (whole, part)] == [True, True]
    assert "<html" not in part.content.decode()
    assert not LinkSetting.objects.exists()


def test_site_is_added_and_removed(cast: Cast, browse: Browse) -> None:
    client = browse(cast.driss)
    client.post("/admin/links/sites", {"address": "https://www.Atlas.example/accueil"})
    listed = client.get("/admin/links").content.decode()
    site = Site.objects.get()

    client.post(f"/admin/links/sites/{site.code}/remove")

    assert ("https://www.atlas.example" in listed, Site.objects.count()) == (True, 0)


def test_what_is_no_site_is_refused_beside_its_field(cast: Cast, browse: Browse) -> None:
    page = browse(cast.driss).post("/admin/links/sites", {"address": "atlas"})

    assert list(page.context["site_form"].errors) == ["address"]


def test_token_is_shown_once(cast: Cast, browse: Browse) -> None:
    client = browse(cast.driss)

    made = client.post("/admin/links/tokens", {"name": "CRM"})
    later = client.get("/admin/links")

    _token, secret = made.context["made"]
    assert token_of_secret(hash_of_token(secret)) == ApiToken.objects.get()
    assert [secret in page.content.decode() for page in (made, later)] == [True, False]
    assert "no-store" in made["Cache-Control"]


def test_token_is_revoked(cast: Cast, browse: Browse, now: datetime) -> None:
    token, secret = create_api_token(organisation=cast.atlas, by=cast.driss, name="CRM", now=now)

    browse(cast.driss).post(f"/admin/links/tokens/{token.code}/revoke")

    assert token_of_secret(hash_of_token(secret)) is None
