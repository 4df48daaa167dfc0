"""The member pages as a browser without scripts meets them."""

import json
import re
from collections.abc import Callable
from datetime import datetime, timedelta
from urllib.parse import quote

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from cast import Cast
from make_library import make_pillar, make_published_story
from make_sharing import OWN_TEXT, make_share
from portevoix.core import clock
from portevoix.editorial.actions.disclosure import set_disclosure_line
from portevoix.feed.queries import followed_pillars
from portevoix.library.models import Story, Suggestion
from portevoix.people.models import Account, Participation, Person
from portevoix.sharing.models import Share, ShareDraft, ShareState

Browse = Callable[[Person], Client]
LINE = "Je travaille chez Atlas."


@pytest.fixture
def now() -> datetime:
    """Pages ask the clock: stories of these tests live now."""
    return clock.now()


@pytest.fixture
def story(cast: Cast, now: datetime) -> Story:
    set_disclosure_line(organisation=cast.atlas, person=cast.ines, language="fr", text=LINE, now=now)
    return make_published_story(
        cast.ines, now=now, link="https://gazette.example/a", title="Une laiterie au soleil"
    )


def token_of(page: str) -> str:
    return re.findall(r'name="token" value="([^"]+)"', page)[0]


def share_by_form(client: Client, story: Story, **typed: str) -> object:
    address = f"/stories/{story.code}/share"
    token = token_of(client.get(address).content.decode())
    return client.post(
        address, {"token": token, "channel": "linkedin", "text": OWN_TEXT, "language": "fr", **typed}
    )


def test_feed_shows_preview_why_time_and_button_in_that_order(
    cast: Cast, browse: Browse, story: Story
) -> None:
    page = browse(cast.ana).get("/").content.decode()

    places = [
        page.index(part)
        for part in ("Une laiterie au soleil", "<bdi>gazette.example", "Pour vous", "Encore", "Partager")
    ]
    assert places == sorted(places)
    assert "Une histoire pour vous" in page


@pytest.mark.parametrize("story_count", [1, 3])
def test_feed_page_takes_twelve_queries_at_most(
    cast: Cast, browse: Browse, now: datetime, story_count: int
) -> None:
    for place in range(story_count):
        make_published_story(cast.ines, now=now, title=f"Histoire {place}")
    client = browse(cast.ana)

    with CaptureQueriesContext(connection) as asked:
        answer = client.get("/")

    assert (answer.status_code, len(asked)) == (200, 12)


def test_internal_story_is_shown_without_a_button(cast: Cast, browse: Browse, now: datetime) -> None:
    story = make_published_story(cast.ines, now=now, title="Entre nous", is_internal=True)

    page = browse(cast.ana).get("/").content.decode()

    assert "À lire, pas à partager" in page
    assert f"/stories/{story.code}/share" not in page


def test_empty_feed_teaches_what_to_do(cast: Cast, browse: Browse) -> None:
    page = browse(cast.ana).get("/").content.decode()

    assert 'href="/suggest"' in page
    assert "Aucune histoire ne vous attend" in page


def test_who_has_not_joined_finds_one_button(cast: Cast, browse: Browse, now: datetime) -> None:
    Person.objects.filter(pk=cast.ana.pk).update(participation=Participation.NOT_JOINED)
    client = browse(cast.ana)

    page = client.get("/").content.decode()
    answer = client.post("/me/programme", {"move": "join"})

    assert 'value="join"' in page
    assert (answer.status_code, answer["Location"]) == (302, "/")
    assert Person.objects.get(pk=cast.ana.pk).takes_part


def test_sheet_is_a_page_by_itself(cast: Cast, browse: Browse, story: Story) -> None:
    answer = browse(cast.ana).get(f"/stories/{story.code}/share")
    page = answer.content.decode()

    assert answer.status_code == 200
    assert 'target="_blank"' in page
    assert LINE in page
    assert page.count('name="channel"') == 13
    assert "no-store" in answer["Cache-Control"]


def test_sharing_opens_the_networks_window_on_the_post(cast: Cast, browse: Browse, story: Story) -> None:
    answer = share_by_form(browse(cast.ana), story)

    share = Share.objects.get()
    window = "https://www.linkedin.com/feed/?shareActive=true&text=" + quote(share.text, safe="")
    assert (answer.status_code, answer["Location"]) == (303, window)  # type: ignore[attr-defined]
    assert share.text.startswith(f"{LINE}\n{OWN_TEXT}\n\nhttp")


def test_sharing_by_mail_opens_the_mail(cast: Cast, browse: Browse, story: Story) -> None:
    answer = share_by_form(browse(cast.ana), story, channel="email")

    assert answer["Location"].startswith("mailto:?subject=Une%20laiterie%20au%20soleil&body=Je%20travaille")  # type: ignore[index]


def test_script_is_told_what_to_open_and_where_to_go(cast: Cast, browse: Browse, story: Story) -> None:
    client = browse(cast.ana)
    address = f"/stories/{story.code}/share"
    typed = {"token": token_of(client.get(address).content.decode()), "channel": "copy", "text": OWN_TEXT}

    told = client.post(address, typed, headers={"X-Requested-With": "share"}).json()

    share = Share.objects.get()
    assert told == {"window": "", "thanks": f"/shares/{share.code}/thanks", "text": share.text}


def test_refused_sheet_keeps_the_text_and_says_why_beside_it(
    cast: Cast, browse: Browse, story: Story
) -> None:
    typed = "mot " * 100

    answer = share_by_form(browse(cast.ana), story, channel="x", text=typed)

    page = answer.content.decode()  # type: ignore[attr-defined]
    assert answer.status_code == 422  # type: ignore[attr-defined]
    assert "caractères de trop pour X" in page
    assert typed.strip() in page
    assert 'aria-invalid="true"' in page
    assert Share.objects.count() == 0


def test_endless_text_is_a_sentence_not_an_error(cast: Cast, browse: Browse, story: Story) -> None:
    answer = share_by_form(browse(cast.ana), story, text="a" * 100_000)

    assert answer.status_code == 422  # type: ignore[attr-defined]
    assert "Raccourcissez-le" in answer.content.decode()  # type: ignore[attr-defined]


def test_tampered_token_gives_a_fresh_sheet_with_the_text(cast: Cast, browse: Browse, story: Story) -> None:
    answer = share_by_form(browse(cast.ana), story, token="tampered")

    page = answer.content.decode()  # type: ignore[attr-defined]
    assert answer.status_code == 422  # type: ignore[attr-defined]
    assert OWN_TEXT in page
    assert token_of(page) != "tampered"


def test_day_used_up_is_said_before_the_tap(cast: Cast, browse: Browse, story: Story, now: datetime) -> None:
    for minutes in (2, 1):
        make_share(cast.ana, story, now=now - timedelta(minutes=minutes))

    page = browse(cast.ana).get(f"/stories/{story.code}/share").content.decode()

    assert "2 partages par jour sur LinkedIn suffisent" in page


def test_draft_is_kept_as_it_is_typed(cast: Cast, browse: Browse, story: Story, now: datetime) -> None:
    client = browse(cast.ana)

    told = client.post(f"/stories/{story.code}/draft", {"text": "Un début", "language": "fr"}).json()

    assert (told, ShareDraft.objects.get().text) == ({"alike": False}, "Un début")
    assert "Un début" in client.get(f"/stories/{story.code}/share").content.decode()


def test_typing_a_colleagues_text_is_noticed(cast: Cast, browse: Browse, story: Story, now: datetime) -> None:
    make_share(cast.noor, story, now=now)

    told = browse(cast.ana).post(f"/stories/{story.code}/draft", {"text": OWN_TEXT, "language": "fr"}).json()

    assert told == {"alike": True}


def test_thanks_say_what_happened_and_can_be_taken_back(
    cast: Cast, browse: Browse, story: Story, now: datetime
) -> None:
    share, client = make_share(cast.ana, story, now=now), browse(cast.ana)

    before = client.get(f"/shares/{share.code}/thanks").content.decode()
    client.post(f"/shares/{share.code}/take-back")
    after = client.get(f"/shares/{share.code}/thanks").content.decode()
    state = Share.objects.get().state
    client.post(f"/shares/{share.code}/restore")

    assert "Personne n’en avait parlé avant vous" in before
    assert "% du texte est de vous" in before
    assert ("Ce partage ne compte plus" in after, state) == (True, ShareState.TAKEN_BACK)
    assert Share.objects.get().state == ShareState.DECLARED


def test_qr_code_is_a_picture_in_the_page(cast: Cast, browse: Browse, story: Story, now: datetime) -> None:
    share = make_share(cast.ana, story, now=now, channel="qr")

    page = browse(cast.ana).get(f"/shares/{share.code}/thanks").content.decode()

    assert 'src="data:image/svg+xml' in page


def test_thanks_of_another_person_are_nowhere(
    cast: Cast, browse: Browse, story: Story, now: datetime
) -> None:
    share = make_share(cast.ana, story, now=now)

    assert browse(cast.noor).get(f"/shares/{share.code}/thanks").status_code == 404
    assert browse(cast.noor).post(f"/shares/{share.code}/take-back").status_code == 404
    assert Share.objects.get().state == ShareState.DECLARED


def test_suggestion_goes_to_the_editors(cast: Cast, browse: Browse) -> None:
    client = browse(cast.ana)

    refused = client.post("/suggest", {"link": "pas une adresse", "comment": "Lisez donc"})
    accepted = client.post("/suggest", {"link": "https://gazette.example/b", "comment": "Un client en parle"})

    assert (refused.status_code, "Lisez donc" in refused.content.decode()) == (422, True)
    assert (accepted.status_code, accepted["Location"]) == (302, "/me")
    assert Suggestion.objects.get().comment == "Un client en parle"
    assert "https://gazette.example/b" in client.get("/me").content.decode()


def test_me_keeps_themes_and_reading(cast: Cast, browse: Browse, now: datetime) -> None:
    solar, client = make_pillar(cast.ines, "Solaire", now=now), browse(cast.ana)
    typed = {"given_name": "Ana", "family_name": "Belkadi", "time_zone": "Africa/Casablanca", "theme": "dark"}

    client.post("/me/topics", {"topics": [solar.code, "unknown"]})
    client.post("/me/reading", {**typed, "language": "ar"})

    account = Account.objects.get(pk=cast.ana.account_id)
    assert followed_pillars(cast.ana) == {solar.code}
    assert (account.language, account.theme) == ("ar", "dark")
    assert 'dir="rtl"' in client.get("/me").content.decode()


def test_refused_reading_keeps_what_was_typed(cast: Cast, browse: Browse) -> None:
    typed = {"given_name": "", "family_name": "Benali", "time_zone": "Mars/Olympus", "language": "fr"}

    answer = browse(cast.ana).post("/me/reading", typed)

    assert answer.status_code == 422
    assert 'value="Benali"' in answer.content.decode()


def test_everything_held_is_handed_over(cast: Cast, browse: Browse, story: Story, now: datetime) -> None:
    make_share(cast.ana, story, now=now)
    make_share(cast.noor, story, now=now, text="Le texte de Noor, à elle seule.")

    held = json.loads(browse(cast.ana).get("/me/data").content)

    assert sorted(held) == ["analytics", "feed", "library", "notifications", "people", "sharing"]
    assert [OWN_TEXT in share["text"] for share in held["sharing"]["shares"]] == [True]
    assert "Noor" not in json.dumps(held)


def test_pages_hold_no_inline_script_or_style(cast: Cast, browse: Browse, story: Story) -> None:
    client = browse(cast.ana)

    pages = [
        client.get(address).content.decode()
        for address in ("/", f"/stories/{story.code}/share", "/me", "/suggest")
    ]

    assert [re.findall(r"<style|\sstyle=|\son[a-z]+=", page) for page in pages] == [[], [], [], []]
