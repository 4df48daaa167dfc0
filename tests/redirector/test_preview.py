"""Those who draw cards are given the story's card; people, and other robots, are led on."""

import time
from html.parser import HTMLParser
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from front_bench import running_front
from portevoix.links.changes import Changes
from portevoix.redirector.preview import Card, preview_page
from redirector_bench import CARD, COMPANY, EXPIRED, OPEN, STORY, WITHDRAWN, Bench

LINKEDIN = "LinkedInBot/1.0 (compatible; Mozilla/5.0; Apache-HttpClient +http://www.linkedin.com)"
PREVIEWS = (
    LINKEDIN,
    "facebookexternalhit/1.1 (+http://www.facebook.com/externalhit_uatext.php)",
    "Twitterbot/1.0",
    "WhatsApp/2.2546.3 A",
    "TelegramBot (like TwitterBot)",
    "Slackbot-LinkExpanding 1.0 (+https://api.slack.com/robots)",
    "Mozilla/5.0 (compatible; Bluesky Cardyb/1.1; +mailto:support@bsky.app)",
)
LED_ON = (
    "Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0",
    "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)",
    "WhatsApp/2.2546.3 W",
    "Mozilla/5.0 (iPhone) AppleWebKit/605.1.15 Mobile/15E148 [FBAN/FBIOS;FBAV/500.0]",
    "",
)


class Head(HTMLParser):
    """What a crawler takes from a page."""

    def __init__(self, page: bytes) -> None:
        super().__init__()
        self.said: dict[str, str] = {}
        self.tags: list[str] = []
        self.canonical = self.language = self.direction = ""
        self.feed(page.decode())

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        facts = {name: value or "" for name, value in attrs}
        self.tags.append(tag)
        if tag == "meta" and "content" in facts:
            self.said[facts.get("property") or facts["name"]] = facts["content"]
        if tag == "link":
            self.canonical = facts["href"]
        if tag == "html":
            self.language, self.direction = facts["lang"], facts["dir"]


@pytest.mark.parametrize("agent", PREVIEWS)
def test_who_draws_cards_is_given_the_story(bench: Bench, agent: str) -> None:
    bench.show_card(OPEN)

    answer = bench.ask(f"/r/{OPEN}", HTTP_USER_AGENT=agent)

    assert answer.status == "200 OK"
    assert Head(answer.body).said == {
        "og:type": "article",
        "og:title": "L’atelier de Settat",
        "og:description": "On y répare.",
        "og:url": "https://atlas-energies.example/actualites/atelier-settat",
        "og:site_name": "Atlas Énergies",
        "og:locale": "fr_FR",
        "description": "On y répare.",
        "twitter:card": "summary_large_image",
        "og:image": "https://portevoix.example/pictures/abc",
        "og:image:type": "image/jpeg",
        "og:image:width": "1200",
        "og:image:height": "630",
        "og:image:alt": "Un atelier",
        "viewport": "width=device-width,initial-scale=1",
        "robots": "noindex",
    }
    assert Head(answer.body).canonical == CARD["page"]
    assert (answer.headers["Cache-Control"], answer.headers["Vary"]) == ("public, max-age=300", "User-Agent")
    [click] = bench.clicks()
    assert click.agent == agent


@pytest.mark.parametrize("agent", LED_ON)
def test_everybody_else_is_led_on(bench: Bench, agent: str) -> None:
    bench.show_card(OPEN)

    answer = bench.ask(f"/r/{OPEN}", HTTP_USER_AGENT=agent)

    assert (answer.status, answer.headers["Location"]) == ("302 Found", STORY)


@pytest.mark.parametrize(("code", "place"), [(OPEN, STORY), (WITHDRAWN, COMPANY), (EXPIRED, COMPANY)])
def test_link_without_a_card_or_over_leads_on(bench: Bench, code: str, place: str) -> None:
    if code != OPEN:
        bench.show_card(code)

    answer = bench.ask(f"/r/{code}", HTTP_USER_AGENT=LINKEDIN)

    assert (answer.status, answer.headers["Location"]) == ("302 Found", place)


def test_head_says_what_the_page_would_weigh(bench: Bench) -> None:
    bench.show_card(OPEN)
    whole = bench.ask(f"/r/{OPEN}", HTTP_USER_AGENT=LINKEDIN)

    answer = bench.ask(f"/r/{OPEN}", "HEAD", HTTP_USER_AGENT=LINKEDIN)

    assert (answer.body, answer.headers["Content-Length"]) == (b"", str(len(whole.body)))


def test_arabic_reads_from_the_right_and_a_small_picture_stands_beside() -> None:
    card = Card(**{**CARD, "language": "ar", "width": 400, "height": 300})  # type: ignore[arg-type]

    head = Head(preview_page(card))

    assert (head.language, head.direction, head.said["og:locale"]) == ("ar", "rtl", "ar_AR")
    assert head.said["twitter:card"] == "summary"


@given(text=st.text(), page=st.text())
def test_nothing_that_people_wrote_becomes_markup(text: str, page: str) -> None:
    card = Card(text, text, text, text, page, text, text, 1, 1, text)
    plain = Card("a", "a", "fr", "a", "a", "a", "a", 1, 1, "a")

    head = Head(preview_page(card))

    assert set(head.tags) <= {*Head(preview_page(plain)).tags}
    assert "script" not in head.tags
    assert set(head.said) <= {*Head(preview_page(plain)).said}


def test_front_gives_cards_and_learns_of_new_ones_at_once(tmp_path: Path) -> None:
    with running_front(tmp_path, PORTEVOIX_ADDRESS="https://portevoix.example") as fronted:
        changes = Changes(fronted.var)

        def ask(agent: str, method: str = "GET") -> tuple[int, str]:
            answer = fronted.ask(f"/r/{OPEN}", method, f"User-Agent: {agent}")
            body = answer.body if isinstance(answer.body, bytes) else answer.body.encode()
            return answer.status, Head(body).said.get("og:title", "")

        before = [ask(LINKEDIN) for _ in range(5)]
        fronted.bench.show_card(OPEN)
        changes.tell([OPEN])
        shown = [ask(LINKEDIN) for _ in range(20)]
        led_on = [ask(LED_ON[0]) for _ in range(20)]
        fronted.bench.show_card(OPEN, title="Autre titre")
        changes.tell([OPEN])

        assert set(before) == {(302, "")}
        assert set(shown) == {(200, "L’atelier de Settat")}
        assert set(led_on) == {(302, "")}
        assert ask(LINKEDIN) == (200, "Autre titre")
        assert ask(LINKEDIN, "HEAD") == (200, "")
        time.sleep(0.1)
        assert len(fronted.clicks()) == 47
        changes.close()
