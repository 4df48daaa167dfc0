from datetime import datetime, timedelta

import pytest

from cast import Cast
from make_library import PaperDoor, make_pillar, make_published_story, make_story, page, picture
from portevoix.core import outgoing, tenancy
from portevoix.core.errors import Refusal
from portevoix.editorial.actions.phrases import add_forbidden_phrase
from portevoix.library import queries
from portevoix.library.actions import captions, pictures, publishing, starting, suggestions, writing
from portevoix.library.models import Destination, Picture, StoryState, Suggestion
from portevoix.people.models import Audience, TrailEntry

LINK = "https://gazette.example/laiterie"


def refused(call: object, *args: object, **facts: object) -> Refusal:
    with pytest.raises(Refusal) as caught:
        call(*args, **facts)  # type: ignore[operator]
    return caught.value


# --- starting


def test_start_story_takes_title_summary_site_and_picture_from_the_page(cast: Cast, now: datetime) -> None:
    door = PaperDoor(
        {
            LINK: page(picture="https://gazette.example/toit.png"),
            "https://gazette.example/toit.png": picture(),
        }
    )

    story = starting.start_story(author=cast.chloe, link=LINK, now=now, door=door)

    assert (story.title, story.summary, story.site) == (
        "Une laiterie au soleil",
        "38 % de son électricité.",
        "La Gazette",
    )
    assert (story.state, story.author, story.language, story.fetch_problem) == (
        StoryState.DRAFT,
        cast.chloe,
        "fr",
        "",
    )
    card = story.pictures.get()
    assert (card.width, card.height, card.file.name) == (640, 400, f"pictures/{card.code}.jpg")


@pytest.mark.parametrize(
    ("failure", "code"),
    [
        (outgoing.TooBig(megabytes="2"), "too_big"),
        (outgoing.TooManyRedirects(), "too_many_redirects"),
        (outgoing.TooSlow(seconds="5"), "too_slow"),
        (outgoing.AddressRefused(host="10.0.0.1"), "address_refused"),
        (outgoing.BadStatus(status=500), "bad_status"),
    ],
)
def test_start_story_keeps_the_link_and_says_what_went_wrong(
    cast: Cast, now: datetime, failure: outgoing.CannotFetch, code: str
) -> None:
    story = starting.start_story(author=cast.ines, link=LINK, now=now, door=PaperDoor({LINK: failure}))

    assert (story.link, story.title, story.site, story.fetch_problem) == (LINK, "", "gazette.example", code)


def test_start_story_does_without_a_picture_that_is_none(cast: Cast, now: datetime) -> None:
    bomb = "https://gazette.example/bombe.png"
    door = PaperDoor({LINK: page(picture=bomb), bomb: b"<html>not a picture</html>"})

    story = starting.start_story(author=cast.ines, link=LINK, now=now, door=door)

    assert (story.title, story.pictures.count()) == ("Une laiterie au soleil", 0)


@pytest.mark.parametrize(
    "again", [LINK + "?utm_source=mail", "http://gazette.example/laiterie/", LINK + "#haut"]
)
def test_start_story_refuses_a_second_story_of_the_same_link(cast: Cast, now: datetime, again: str) -> None:
    first = make_story(cast.ines, link=LINK, now=now)

    refusal = refused(starting.start_story, author=cast.chloe, link=again, now=now, door=PaperDoor())

    assert (refusal.code, refusal.field, refusal.facts["code"]) == ("story_exists", "link", first.code)


def test_start_story_sees_through_a_short_link(cast: Cast, now: datetime) -> None:
    make_story(cast.ines, link=LINK, now=now)
    short = "https://court.example/x"
    door = PaperDoor({short: outgoing.Answer(url=LINK, status=200, headers={}, content=page())})

    refusal = refused(starting.start_story, author=cast.ines, link=short, now=now, door=door)

    assert refusal.code == "story_exists"


def test_start_story_of_the_same_link_in_another_organisation_is_another_story(
    cast: Cast, now: datetime
) -> None:
    make_story(cast.ines, link=LINK, now=now)

    with tenancy.acting_for(cast.other.pk):
        theirs = make_story(cast.otto, link=LINK, now=now)

    assert theirs.organisation == cast.other


@pytest.mark.parametrize(
    "link", ["", "bonjour tout le monde", "ftp://gazette.example/", "javascript:alert(1)", "https://"]
)
def test_start_story_refuses_what_is_no_address(cast: Cast, now: datetime, link: str) -> None:
    refusal = refused(starting.start_story, author=cast.ines, link=link, now=now, door=PaperDoor())

    assert (refusal.code, refusal.field) == ("not_an_address", "link")


def test_start_story_puts_https_before_a_bare_host(cast: Cast, now: datetime) -> None:
    story = starting.start_story(author=cast.ines, link="gazette.example/a", now=now, door=PaperDoor())

    assert story.link == "https://gazette.example/a"


def test_start_story_refuses_those_who_do_not_write(cast: Cast, now: datetime) -> None:
    assert refused(starting.start_story, author=cast.ana, link=LINK, now=now).code == "cannot_write"


# --- writing


def test_save_story_keeps_what_is_good_and_refuses_the_rest_beside_its_field(
    cast: Cast, now: datetime
) -> None:
    story = make_story(cast.ines, now=now, captions={"fr": "Avant.", "ar": "قبل."})
    french, arabic = story.captions.order_by("position")

    saved = writing.save_story(
        story=story,
        person=cast.ines,
        now=now,
        changes={"why": "Vos clients le demandent.", "title": "x" * 301},
        captions={french.code: "a" * 100_000, arabic.code: "بعد."},
    )

    story.refresh_from_db()
    french.refresh_from_db()
    arabic.refresh_from_db()
    assert sorted(saved.refusals) == [f"caption-{french.code}", "title"]
    assert (story.why, story.title, french.text, arabic.text) == (
        "Vos clients le demandent.",
        "Une laiterie au soleil",
        "Avant.",
        "بعد.",
    )
    assert "100\u202f000" in saved.refusals[f"caption-{french.code}"].sentence


def test_save_story_leaves_the_captions_of_other_stories_alone(cast: Cast, now: datetime) -> None:
    mine, other = make_story(cast.ines, now=now), make_story(cast.ines, now=now)
    theirs = other.captions.get()

    writing.save_story(story=mine, person=cast.ines, now=now, changes={}, captions={theirs.code: "Volé"})

    theirs.refresh_from_db()
    assert theirs.text == "Un toit qui travaille."


def test_save_story_refuses_the_pillar_of_another_organisation(cast: Cast, now: datetime) -> None:
    story = make_story(cast.ines, now=now)
    with tenancy.acting_for(cast.other.pk):
        pillar = make_pillar(cast.otto, "À eux", now=now)

    saved = writing.save_story(story=story, person=cast.ines, now=now, changes={"pillar": pillar})

    story.refresh_from_db()
    assert (list(saved.refusals), story.pillar) == (["pillar"], None)


def test_save_story_is_refused_to_its_author_once_an_editor_has_it(cast: Cast, now: datetime) -> None:
    story = make_story(cast.chloe, now=now)
    publishing.submit_for_review(story=story, person=cast.chloe, now=now)

    refusal = refused(writing.save_story, story=story, person=cast.chloe, now=now, changes={"why": "x"})

    assert refusal.code == "cannot_edit"


def test_save_story_is_refused_to_another_organisation(cast: Cast, now: datetime) -> None:
    story = make_story(cast.ines, now=now)

    refusal = refused(writing.save_story, story=story, person=cast.otto, now=now, changes={"why": "x"})

    assert refusal.code == "cannot_edit"


def test_captions_stop_at_fifteen(cast: Cast, now: datetime) -> None:
    story = make_story(cast.ines, now=now)
    for place in range(14):
        captions.add_caption(story=story, person=cast.ines, language="fr", text=str(place), now=now)

    refusal = refused(captions.add_caption, story=story, person=cast.ines, language="en", now=now)

    assert (refusal.code, refusal.facts) == ("too_many_captions", {"limit": 15})


def test_caption_last_of_a_published_story_stays(cast: Cast, now: datetime) -> None:
    story = make_published_story(cast.ines, now=now)

    refusal = refused(captions.remove_caption, caption=story.captions.get(), person=cast.ines, now=now)

    assert refusal.code == "last_caption"


@pytest.mark.parametrize("content", [b"GIF89a", b"<svg onload='alert(1)'/>", b"%PDF-1.7", b""])
def test_add_picture_refuses_what_is_no_picture(cast: Cast, now: datetime, content: bytes) -> None:
    story = make_story(cast.ines, now=now)

    refusal = refused(pictures.add_picture, story=story, person=cast.ines, content=content, now=now)

    assert refusal.field == "picture"
    assert Picture.objects.count() == 0


def test_remove_picture_takes_its_file_off_the_disk(
    cast: Cast, now: datetime, django_capture_on_commit_callbacks: object
) -> None:
    story = make_story(cast.ines, now=now)
    row = pictures.add_picture(story=story, person=cast.ines, content=picture(), now=now)
    path, storage = row.file.name, row.file.storage

    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]
        pictures.remove_picture(picture=row, person=cast.ines, now=now)

    assert storage.exists(path) is False


# --- publishing


def test_publish_story_lives_for_fourteen_days(cast: Cast, now: datetime) -> None:
    story = publishing.publish_story(story=make_story(cast.ines, now=now), person=cast.ines, now=now)

    assert (story.state, story.published_at, story.expires_at) == (
        StoryState.PUBLISHED,
        now,
        now + timedelta(days=14),
    )
    assert TrailEntry.objects.filter(act="publish_story", subject=story.code).count() == 1


@pytest.mark.parametrize(("written", "code"), [({}, "no_caption"), ({"fr": "   "}, "no_caption")])
def test_publish_story_needs_a_caption(cast: Cast, now: datetime, written: dict[str, str], code: str) -> None:
    story = make_story(cast.ines, now=now, captions=written)

    refusal = refused(publishing.publish_story, story=story, person=cast.ines, now=now)

    assert (refusal.code, refusal.field) == (code, "captions")


def test_publish_story_needs_every_language_that_its_audience_names(cast: Cast, now: datetime) -> None:
    audience = Audience.objects.create(
        organisation=cast.atlas, name="Maroc", rule={"languages": ["fr", "ar"]}
    )
    story = make_story(cast.ines, now=now, audience=audience)

    refusal = refused(publishing.publish_story, story=story, person=cast.ines, now=now)

    assert (refusal.code, refusal.facts) == ("language_missing", {"languages": "العربية"})


def test_publish_story_asks_once_about_a_new_site(cast: Cast, now: datetime) -> None:
    first = make_story(cast.ines, link=LINK, now=now)
    second = make_story(cast.ines, link="https://www.gazette.example/autre", now=now)

    refusal = refused(publishing.publish_story, story=first, person=cast.ines, now=now)
    publishing.publish_story(story=first, person=cast.ines, now=now, confirm_destination=True)
    publishing.publish_story(story=second, person=cast.ines, now=now)

    assert (refusal.code, refusal.facts) == ("confirm_destination", {"host": "gazette.example"})
    assert Destination.objects.get().host == "gazette.example"


def test_publish_story_asks_nothing_about_the_company_own_site(cast: Cast, now: datetime) -> None:
    story = make_story(cast.ines, link="https://atlas.example/actualites/a", now=now)

    publishing.publish_story(story=story, person=cast.ines, now=now)

    assert Destination.objects.count() == 0


def test_publish_story_asks_about_wordings_to_avoid(cast: Cast, now: datetime) -> None:
    add_forbidden_phrase(
        organisation=cast.atlas, person=cast.ines, phrase="leader incontesté", reason="Invérifiable", now=now
    )
    story = make_story(cast.ines, now=now, captions={"fr": "Le Leader Incontesté du toit."})

    refusal = refused(publishing.publish_story, story=story, person=cast.ines, now=now)
    published = publishing.publish_story(story=story, person=cast.ines, now=now, confirm_phrases=True)

    assert (refusal.code, refusal.facts) == ("confirm_phrases", {"phrases": "“Leader Incontesté”"})
    assert published.state == StoryState.PUBLISHED


def test_publish_story_refuses_a_full_library(cast: Cast, now: datetime) -> None:
    cast.atlas.active_story_limit = 1
    cast.atlas.save()
    make_published_story(cast.ines, now=now)
    story = make_story(cast.ines, now=now)

    assert refused(publishing.publish_story, story=story, person=cast.ines, now=now).code == "library_full"


def test_publish_story_is_for_editors(cast: Cast, now: datetime) -> None:
    story = make_story(cast.chloe, now=now)

    assert refused(publishing.publish_story, story=story, person=cast.chloe, now=now).code == "editor_needed"


def test_review_gives_a_story_back_with_a_note_that_its_author_reads(cast: Cast, now: datetime) -> None:
    story = make_story(cast.chloe, now=now)
    publishing.submit_for_review(story=story, person=cast.chloe, now=now)

    publishing.refuse_story(story=story, person=cast.ines, note="Il manque la source du chiffre.", now=now)

    story = queries.get_story_for(cast.chloe, story.code)
    assert (story.state, story.review_note, story.reviewed_by) == (
        StoryState.DRAFT,
        "Il manque la source du chiffre.",
        cast.ines,
    )


def test_review_without_a_note_is_refused(cast: Cast, now: datetime) -> None:
    story = make_story(cast.chloe, now=now)
    publishing.submit_for_review(story=story, person=cast.chloe, now=now)

    refusal = refused(publishing.refuse_story, story=story, person=cast.ines, note=" ", now=now)

    assert (refusal.code, refusal.field) == ("no_note", "note")


def test_move_that_the_table_does_not_allow_is_refused(cast: Cast, now: datetime) -> None:
    story = make_published_story(cast.ines, now=now)

    refusal = refused(publishing.refuse_story, story=story, person=cast.ines, note="Trop tard", now=now)

    assert refusal.code == "move_not_allowed"


def test_schedule_story_refuses_a_moment_gone_by(cast: Cast, now: datetime) -> None:
    story = make_story(cast.ines, now=now)

    refusal = refused(publishing.schedule_story, story=story, person=cast.ines, publish_at=now, now=now)

    assert (refusal.code, refusal.field) == ("moment_past", "publish_at")


def test_feature_story_sixth_pushes_the_oldest_out(cast: Cast, now: datetime) -> None:
    stories = [make_published_story(cast.ines, title=f"Histoire {place}", now=now) for place in range(6)]

    for place, story in enumerate(stories):
        publishing.feature_story(story=story, person=cast.ines, now=now + timedelta(minutes=place))

    assert [story.title for story in queries.featured_stories(now)] == [
        f"Histoire {place}" for place in (5, 4, 3, 2, 1)
    ]


def test_extend_expiry_gives_an_expired_story_a_second_life(cast: Cast, now: datetime) -> None:
    story = make_published_story(cast.ines, now=now)
    later = now + timedelta(days=15)
    publishing.expire_story(story=story, now=later)

    story = publishing.extend_expiry(
        story=story, person=cast.ines, expires_at=later + timedelta(days=3), now=later
    )

    assert (story.state, story.expires_at) == (StoryState.PUBLISHED, later + timedelta(days=3))


def test_archive_story_tells_that_its_links_lead_elsewhere(
    cast: Cast, now: datetime, django_capture_on_commit_callbacks: object
) -> None:
    from portevoix.core.events import _subscribers
    from portevoix.library.events import StoryWithdrawn

    heard: list[str] = []

    def hear(event: StoryWithdrawn) -> None:
        heard.append(event.story_code)

    _subscribers[StoryWithdrawn].append(hear)
    story = make_published_story(cast.ines, now=now)
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]
        publishing.archive_story(story=story, person=cast.ines, now=now)
    _subscribers[StoryWithdrawn].remove(hear)

    assert heard == [story.code]


# --- suggestions


def test_suggestion_accepted_credits_the_one_who_offered_it(cast: Cast, now: datetime) -> None:
    suggestion = suggestions.suggest_story(
        person=cast.ana, link=LINK, comment="Mes clients en parlent.", now=now
    )

    story = suggestions.accept_suggestion(
        suggestion=suggestion, person=cast.ines, now=now, door=PaperDoor({LINK: page()})
    )

    suggestion.refresh_from_db()
    assert (story.suggested_by, story.author, story.why) == (cast.ana, cast.ines, "Mes clients en parlent.")
    assert (suggestion.state, suggestion.story) == (Suggestion.State.ACCEPTED, story)


def test_suggestion_of_a_link_that_has_its_story_or_its_suggestion_is_refused(
    cast: Cast, now: datetime
) -> None:
    make_story(cast.ines, link=LINK, now=now)
    suggestions.suggest_story(person=cast.ana, link="https://gazette.example/b", now=now)

    known = refused(suggestions.suggest_story, person=cast.ana, link=LINK, now=now)
    twice = refused(
        suggestions.suggest_story, person=cast.noor, link="https://gazette.example/b?fbclid=1", now=now
    )

    assert (known.code, twice.code) == ("story_exists", "suggested_already")


def test_suggestion_refused_needs_a_note_and_is_decided_once(cast: Cast, now: datetime) -> None:
    suggestion = suggestions.suggest_story(person=cast.ana, link=LINK, now=now)

    empty = refused(suggestions.refuse_suggestion, suggestion=suggestion, person=cast.ines, note="", now=now)
    suggestions.refuse_suggestion(
        suggestion=suggestion, person=cast.ines, note="Déjà traité en juin.", now=now
    )
    again = refused(suggestions.refuse_suggestion, suggestion=suggestion, person=cast.ines, note="x", now=now)

    assert (empty.code, again.code) == ("no_note", "decided_already")
