"""The composer: nothing typed is lost, whatever is refused."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from django.test import Client

from cast import Cast
from make_library import feed, make_published_story, make_story, page, picture
from portevoix.core import clock, tenancy
from portevoix.editorial.actions.phrases import add_forbidden_phrase
from portevoix.library.models import Caption, Source, Story, StoryState
from web_servers import endless, redirect, serving
from web_servers import page as served

Browse = Callable[[object], Client]
AUTOSAVE = {"X-Requested-With": "autosave"}


@pytest.fixture
def moment() -> datetime:
    """Views ask the clock themselves: stories are made at its present."""
    return clock.now()


def address(story: Story) -> str:
    return f"/studio/library/{story.code}"


def test_compose_saves_what_is_typed_before_it_acts(cast: Cast, browse: Browse, moment: datetime) -> None:
    story = make_story(cast.ines, now=moment)
    caption = story.captions.get()

    answer = browse(cast.ines).post(
        address(story),
        {
            "title": "Autre titre",
            "why": "Parce que.",
            f"caption-{caption.code}": "Autre texte.",
            "act": "publish",
        },
    )

    story.refresh_from_db()
    caption.refresh_from_db()
    assert (answer.status_code, answer["Location"]) == (302, "/studio/library")
    assert (story.state, story.title, story.why, caption.text) == (
        StoryState.PUBLISHED,
        "Autre titre",
        "Parce que.",
        "Autre texte.",
    )


def test_compose_gives_a_caption_of_100_000_characters_back_with_a_sentence(
    cast: Cast, browse: Browse, moment: datetime
) -> None:
    story = make_story(cast.ines, now=moment)
    caption, flood = story.captions.get(), "é" * 100_000

    answer = browse(cast.ines).post(
        address(story), {"why": "Gardé.", f"caption-{caption.code}": flood, "act": "publish"}
    )

    story.refresh_from_db()
    body = answer.content.decode()
    assert (answer.status_code, story.state, story.why) == (422, StoryState.DRAFT, "Gardé.")
    assert flood in body
    assert "Ce texte compte 100\u202f000 caractères" in body


def test_autosave_answers_with_flags_and_refusals(cast: Cast, browse: Browse, moment: datetime) -> None:
    add_forbidden_phrase(
        organisation=cast.atlas,
        person=cast.ines,
        phrase="leader incontesté",
        reason="Invérifiable.",
        better="l’un des premiers",
        now=moment,
    )
    story = make_story(cast.ines, now=moment)
    caption = story.captions.get()

    answer = browse(cast.ines).post(
        address(story),
        {f"caption-{caption.code}": "Le leader incontesté", "title": "x" * 301},
        headers=AUTOSAVE,
    )

    said = answer.json()
    assert answer.status_code == 422
    assert [(flag["start"], flag["end"], flag["better"]) for flag in said["flags"][caption.code]] == [
        (3, 20, "l’un des premiers")
    ]
    assert list(said["refusals"]) == ["title"]


def test_compose_asks_once_to_confirm_a_new_site(cast: Cast, browse: Browse, moment: datetime) -> None:
    story = make_story(cast.ines, link="https://gazette.example/a", now=moment)
    ines = browse(cast.ines)

    asked = ines.post(address(story), {"act": "publish"})
    confirmed = ines.post(address(story), {"act": "publish", "confirm_destination": "yes"})

    assert asked.status_code == 422
    assert 'name="confirm_destination" value="yes"' in asked.content.decode()
    assert confirmed.status_code == 302


def test_compose_schedules_on_the_clock_of_the_person(cast: Cast, browse: Browse, moment: datetime) -> None:
    cast.ines.time_zone = "Africa/Casablanca"
    cast.ines.save()
    story = make_story(cast.ines, now=moment)
    day = (moment + timedelta(days=3)).date()

    browse(cast.ines).post(address(story), {"act": "schedule", "publish_at": f"{day}T09:00"})

    story.refresh_from_db()
    assert (story.state, story.publish_at and story.publish_at.isoformat()) == (
        StoryState.SCHEDULED,
        f"{day}T09:00:00+00:00",
    )


def test_compose_keeps_the_expiry_that_was_not_touched(cast: Cast, browse: Browse, moment: datetime) -> None:
    story = make_published_story(cast.ines, now=moment)
    shown = story.expires_at.astimezone(clock.zone("Europe/Paris")).date()

    browse(cast.ines).post(address(story), {"title": story.title, "expires_on": str(shown), "act": "save"})

    before = story.expires_at
    story.refresh_from_db()
    assert story.expires_at == before


@pytest.mark.parametrize(
    "tampered",
    [
        {"act": "publish:../../x", "pillar": "not-a-pillar"},
        {"act": "remove_caption:zzzz"},
        {"act": "add_caption:xx:nowhere"},
        {"act": "schedule", "publish_at": "<script>"},
        {"expires_on": "31/31/31", "act": "publish"},
    ],
)
def test_compose_survives_a_tampered_form(
    cast: Cast, browse: Browse, moment: datetime, tampered: dict[str, str]
) -> None:
    story = make_story(cast.ines, now=moment)

    answer = browse(cast.ines).post(address(story), tampered)

    story.refresh_from_db()
    assert answer.status_code in (302, 404, 422)
    assert (story.captions.count(), story.pillar) == (1, None)


def test_compose_refuses_the_caption_of_another_organisation(
    cast: Cast, browse: Browse, moment: datetime
) -> None:
    with tenancy.acting_for(cast.other.pk):
        theirs = make_story(cast.otto, title="Secret", now=moment).captions.get()
    story = make_story(cast.ines, now=moment)

    answer = browse(cast.ines).post(
        address(story), {f"caption-{theirs.code}": "Volé", "act": f"remove_caption:{theirs.code}"}
    )

    kept = Caption.unscoped.get(pk=theirs.pk)
    assert (answer.status_code, kept.text) == (404, "Un toit qui travaille.")


def test_compose_of_another_organisation_is_not_there(cast: Cast, browse: Browse, moment: datetime) -> None:
    story = make_story(cast.ines, title="Secret d’Atlas", now=moment)

    answer = browse(cast.otto).get(address(story))

    assert answer.status_code == 404
    assert "Secret" not in answer.content.decode()


def test_contributor_sends_for_review_and_then_only_reads(
    cast: Cast, browse: Browse, moment: datetime
) -> None:
    story = make_story(cast.chloe, now=moment)
    chloe = browse(cast.chloe)

    sent = chloe.post(address(story), {"act": "submit"})
    page_after = chloe.get(address(story)).content.decode()

    story.refresh_from_db()
    assert (sent.status_code, story.state) == (302, StoryState.IN_REVIEW)
    assert "data-composer" not in page_after


# --- what the web may answer


@pytest.fixture
def gazette(settings: object) -> Callable[[int], None]:
    """Makes `gazette.example` a server of this machine."""

    def stand_in(port: int) -> None:
        environment = settings.ENVIRONMENT  # type: ignore[attr-defined]
        stand_ins = {"gazette.example": ("127.0.0.1", port)}
        settings.ENVIRONMENT = replace(environment, stand_ins=stand_ins)  # type: ignore[attr-defined]

    return stand_in


def start(client: Client, link: str) -> Story:
    answer = client.post("/studio/library/new", {"from": "link", "link": link}, follow=True)
    assert answer.status_code == 200
    return Story.objects.get()


def test_start_reads_a_real_page_through_the_door(
    cast: Cast, browse: Browse, gazette: Callable[[int], None]
) -> None:
    html = page("Un toit", picture="http://gazette.example/toit.png")
    with serving({"/a": served(html), "/toit.png": served(picture())}) as port:
        gazette(port)
        story = start(browse(cast.ines), "http://gazette.example/a")

    assert (story.title, story.pictures.count(), story.fetch_problem) == ("Un toit", 1, "")


@pytest.mark.parametrize(
    ("reply", "problem", "sentence"),
    [
        (endless(b"x" * 100_000), "too_big", "trop volumineux"),
        (redirect("/a"), "too_many_redirects", "sans fin"),
        (served(b"", status=503), "bad_status", "refusé de montrer"),
    ],
    ids=["fifty megabytes", "redirect loop", "broken"],
)
def test_start_keeps_the_link_of_a_page_that_will_not_come(
    cast: Cast, browse: Browse, gazette: Callable[[int], None], reply: object, problem: str, sentence: str
) -> None:
    ines = browse(cast.ines)
    with serving({"/a": reply}) as port:  # type: ignore[dict-item]
        gazette(port)
        story = start(ines, "http://gazette.example/a")

    body = ines.get(address(story)).content.decode()
    assert (story.link, story.fetch_problem) == ("http://gazette.example/a", problem)
    assert sentence in body


@pytest.mark.parametrize("link", ["http://127.0.0.1/", "http://169.254.169.254/latest/", "http://[::1]/"])
def test_start_never_calls_inside(cast: Cast, browse: Browse, link: str) -> None:
    assert start(browse(cast.ines), link).fetch_problem == "address_refused"


def test_start_leads_to_the_story_that_is_there_already(cast: Cast, browse: Browse, moment: datetime) -> None:
    story = make_story(cast.ines, link="https://gazette.example/a", now=moment)

    answer = browse(cast.ines).post(
        "/studio/library/new", {"from": "link", "link": "https://gazette.example/a?utm_source=x"}
    )

    body = answer.content.decode()
    assert answer.status_code == 422
    assert f'href="/studio/library/{story.code}"' in body
    assert "https://gazette.example/a?utm_source=x" in body


def test_source_that_is_a_page_says_so_and_is_kept(
    cast: Cast, browse: Browse, gazette: Callable[[int], None]
) -> None:
    sent = {
        "address": "http://gazette.example/flux",
        "mode": "review",
        "new_per_day_limit": 3,
        "active_limit": 10,
    }
    with serving({"/flux": served(b"<!doctype html><html><body>Bonjour</body></html>")}) as port:
        gazette(port)
        answer = browse(cast.ines).post("/studio/sources/new", sent, follow=True)

    assert Source.objects.get().problem == "web_page"
    assert "montre une page, pas un flux" in answer.content.decode()


def test_source_brings_its_entries_through_the_door(
    cast: Cast, browse: Browse, gazette: Callable[[int], None]
) -> None:
    sent = {
        "address": "http://gazette.example/flux",
        "mode": "review",
        "new_per_day_limit": 3,
        "active_limit": 10,
    }
    with serving({"/flux": served(feed("http://gazette.example/a")), "/a": served(page("Un toit"))}) as port:
        gazette(port)
        browse(cast.ines).post("/studio/sources/new", sent)

    assert [(story.title, story.state) for story in Story.objects.all()] == [
        ("Titre 1", StoryState.IN_REVIEW)
    ]


def test_picture_that_is_none_is_refused_beside_its_field(
    cast: Cast, browse: Browse, moment: datetime, tmp_path: object
) -> None:
    from django.core.files.uploadedfile import SimpleUploadedFile

    story = make_story(cast.ines, now=moment)
    sent = SimpleUploadedFile("photo.jpg", b"<svg onload=alert(1)>", content_type="image/jpeg")

    answer = browse(cast.ines).post(f"{address(story)}/pictures", {"picture": sent})

    assert (answer.status_code, story.pictures.count()) == (422, 0)
    assert "pas une image lisible" in answer.content.decode()
