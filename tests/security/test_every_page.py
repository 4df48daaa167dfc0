"""Attacks on every address there is: forged forms, reading that changes something, markup that hides in words."""

import re
from collections.abc import Callable, Iterator
from datetime import datetime

import pytest
from django.apps import apps
from django.conf import settings as live
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from cast import Cast
from make_library import make_published_story, make_story
from portevoix.core import clock, tenancy
from portevoix.library.actions.suggestions import suggest_story
from portevoix.library.models import Story
from portevoix.people.actions.organisations import change_organisation
from portevoix.people.actions.participation import join_programme, leave_programme, pause_programme
from portevoix.people.actions.roles import grant_role
from portevoix.people.models import Person
from portevoix.people.roles import Role
from web.access_table import ROUTES, Route

Browse = Callable[[Person], Client]
NOTED_BY_READING = {"sessions.Session"}  # a visitor's own: the token of their forms, their last organisation
POLICY = (
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
)
EVIL = "<script>alert(1)</script><img src=x onerror=alert(1)>\"'><b hx-get=//evil.example hx-trigger=load>"
MARKUP = ("<script>alert", "<img src=x", "<b hx-get")


@pytest.fixture
def driss(cast: Cast) -> Person:
    """Driss with every role there is, taking part: all addresses open to him."""
    for role in Role:
        if role != Role.CONSULTANT:
            grant_role(person=cast.driss, role=role, by=None, now=clock.now())
    join_programme(person=cast.driss, now=clock.now())
    return cast.driss


@pytest.fixture(autouse=True)
def _no_attempt_counted() -> None:
    cache.clear()


def address_of(route: Route, cast: Cast) -> str:
    return reverse(route.name, kwargs=route.sample(cast, clock.now()) if route.sample else {})


def rows() -> dict[str, int]:
    models = (model for model in apps.get_models() if model._meta.managed)
    counts = {model._meta.label: model._base_manager.count() for model in models}
    return {label: count for label, count in counts.items() if label not in NOTED_BY_READING}


@pytest.mark.parametrize("route", ROUTES, ids=lambda route: route.name)
def test_forged_form_is_refused_everywhere(route: Route, cast: Cast, driss: Person) -> None:
    address = address_of(route, cast)
    client = Client(enforce_csrf_checks=True)
    client.force_login(driss.account)
    before = rows()

    answer = client.post(address, route.data, headers={"origin": "https://evil.example"})

    # What programs call never looks at who is signed in: a form that is forged in somebody's browser has nobody's power.
    assert answer.status_code == 403 or not route.reads_sessions
    assert rows() == before


@pytest.mark.parametrize("route", ROUTES, ids=lambda route: route.name)
def test_reading_changes_nothing_and_is_held_by_the_policy(route: Route, cast: Cast, driss: Person) -> None:
    address = address_of(route, cast)
    client = Client()
    client.force_login(driss.account)
    before = rows()

    answer = client.get(address)

    assert answer.status_code < 500
    assert rows() == before
    if route.name not in ("picture", "card"):  # shut in by a stricter policy of its own
        assert [word for word in POLICY if word not in answer.headers["Content-Security-Policy"]] == []
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize("address", ["/nowhere", "/studio/library/nowhere", "/r"])
def test_error_pages_are_held_by_the_policy_too(cast: Cast, browse: Browse, address: str) -> None:
    answers = [
        Client().get(address),
        browse(cast.ines).get(address),
        Client(headers={"host": "evil.example"}).get("/"),
    ]

    assert all("script-src 'self'" in answer.headers["Content-Security-Policy"] for answer in answers)


def pages(cast: Cast, browse: Browse, story: Story) -> Iterator[str]:
    """Every page on which somebody else's words are read."""
    reads = {
        cast.ana: ["/", f"/stories/{story.code}/share", "/me", "/results"],
        cast.ines: [
            "/studio/library",
            f"/studio/library/{story.code}",
            "/studio/library/review",
            "/studio/suggestions",
            "/studio/",
            f"/studio/stories/{story.code}/results",
            "/studio/audiences",
            "/studio/line",
        ],
        cast.marc: ["/studio/ambassadors"],
        cast.driss: ["/admin/people", f"/admin/people/{cast.ana.code}", "/admin/settings", "/admin/trail"],
    }
    for person, addresses in reads.items():
        for address in addresses:
            answer = browse(person).get(address)
            assert answer.status_code == 200, address
            yield answer.content.decode()


def test_markup_in_anybodys_words_is_only_words(cast: Cast, browse: Browse) -> None:
    now, evil = clock.now(), EVIL[:80]
    story = make_published_story(
        cast.ines, now=now, title=EVIL, captions={"fr": EVIL}, summary=EVIL, why=EVIL
    )
    make_story(cast.ines, now=now, title=EVIL, captions={"fr": EVIL})
    Story.objects.filter(pk=story.pk).update(
        site=EVIL, link_author=EVIL, review_note=EVIL, suggested_by=cast.ana
    )
    Story.objects.exclude(pk=story.pk).update(state="in_review", review_note=EVIL)
    suggest_story(person=cast.ana, link="https://strangers.example/", comment=EVIL, now=now)
    Person.objects.filter(pk=cast.ana.pk).update(given_name=evil, family_name=evil)
    cast.ana.team.name = EVIL
    cast.ana.team.save()
    change_organisation(
        organisation=cast.atlas,
        by=cast.driss,
        now=now,
        name=EVIL[:120],
        website="https://atlas.example/",
        language="fr",
        time_zone="Europe/Paris",
        mail_domains=["atlas.example"],
        shares_per_day=2,
        story_days=14,
        active_story_limit=25,
        visitor_period="month",
    )
    browse(cast.ana).post(f"/stories/{story.code}/draft", {"text": EVIL})

    shown = list(pages(cast, browse, story))

    assert sum("&lt;script&gt;alert" in page for page in shown) >= 10
    assert [mark for page in shown for mark in MARKUP if mark in page] == []


def test_who_joins_pauses_or_leaves_is_told_to_nobody(cast: Cast, browse: Browse, now: datetime) -> None:
    def seen() -> list[str]:
        client = browse(cast.driss)
        addresses = ["/admin/trail", "/admin/people", f"/admin/people/{cast.noor.code}"]
        return [_words(client.get(address).content.decode()) for address in addresses]

    before = seen()

    pause_programme(person=cast.noor, now=now)
    leave_programme(person=cast.noor, now=now)

    assert seen() == before


def _words(page: str) -> str:
    """The page without the tokens of its forms, which are new each time."""
    return re.sub(r"[A-Za-z0-9]{64}", "", page)


def test_cookies_travel_by_https_alone_where_the_address_says_so() -> None:
    assert (live.SESSION_COOKIE_SECURE, live.CSRF_COOKIE_SECURE) == (live.IS_HTTPS, live.IS_HTTPS)
    assert (live.SESSION_COOKIE_HTTPONLY, live.SESSION_COOKIE_SAMESITE) == (True, "Lax")


def test_language_form_leads_back_to_no_other_site(cast: Cast) -> None:
    with tenancy.acting_for(None):
        answer = Client().post("/language", {"language": "fr"}, headers={"referer": "https://evil.example/"})

    assert answer.headers["Location"] == "/"
