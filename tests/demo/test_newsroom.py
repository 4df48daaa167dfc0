"""The invented newsroom: pages that describe themselves in many ways, feeds that answer 304, drawn pictures."""

import http.client
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from io import BytesIO

import feedparser
import pytest
from PIL import Image
from selectolax.lexbor import LexborHTMLParser as HTMLParser

from portevoix.core.http import Door
from portevoix.demo import sources
from portevoix.demo.newsroom import pictures
from portevoix.demo.newsroom.articles import HOSTS, SITES, Article, all_articles, article_at, articles_of
from portevoix.demo.newsroom.server import reply, serve, stand_ins
from portevoix.demo.stories import STORIES
from portevoix.library.preview.reading import read_preview

NOW = datetime(2026, 11, 24, 9, tzinfo=UTC)


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    server, thread = serve(0, now=lambda: NOW)
    yield server.server_port
    server.shutdown()
    server.server_close()
    thread.join()


def _get(
    port: int, host: str, path: str, method: str = "GET", **headers: str
) -> tuple[http.client.HTTPResponse, bytes]:
    line = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    line.request(method, path, headers={"Host": host, **{k.replace("_", "-"): v for k, v in headers.items()}})
    answer = line.getresponse()
    body = answer.read()
    line.close()
    return answer, body


def _meta(page: HTMLParser, name: str) -> str | None:
    node = page.css_first(f'meta[property="{name}"], meta[name="{name}"]')
    return node.attributes.get("content") if node else None


def test_newsroom_has_a_company_site_a_letter_and_a_paper_in_arabic() -> None:
    counts = {site.host: len(articles_of(site)) for site in SITES}

    assert counts == {"atlas-energies.example": 9, "lettre-energie.example": 4, "eco-chaouia.example": 5}
    assert {article.card for article in all_articles()} == {"opengraph", "twitter", "jsonld", "none"}


@pytest.mark.parametrize("article", all_articles(), ids=lambda article: article.path)
def test_article_page_carries_title_text_and_picture(article: Article) -> None:
    answer = reply(article.host, article.path, NOW)

    page = HTMLParser(answer.body.decode())
    assert answer.status == 200
    assert page.css_first("html").attributes["lang"] == article.language
    assert page.css_first("h1").text() == article.title
    assert page.css_first("article img").attributes["src"].endswith(f"/images/{article.picture}.png")
    assert len(page.css("article p")) >= 4
    assert article.picture in pictures.NAMES


@pytest.mark.parametrize("article", all_articles(), ids=lambda article: article.path)
def test_article_page_describes_itself_as_its_card_says(article: Article) -> None:
    page = HTMLParser(reply(article.host, article.path, NOW).body.decode())

    found = {
        "opengraph": _meta(page, "og:title") == article.title,
        "twitter": _meta(page, "twitter:title") == article.title,
        "jsonld": page.css_first('script[type="application/ld+json"]') is not None,
        "none": _meta(page, "description") == article.summary,
    }
    assert [card for card, present in found.items() if present] == [article.card]


@pytest.mark.parametrize("article", all_articles(), ids=lambda article: article.path)
def test_article_page_gives_a_whole_preview_whatever_its_card(article: Article) -> None:
    answer = reply(article.host, article.path, NOW)

    preview = read_preview(answer.body, article.url, answer.content_type)

    assert (preview.title, preview.description) == (article.title, article.summary)
    assert preview.image == f"https://{article.host}/images/{article.picture}.png"
    assert (preview.language, preview.author) == (article.language, article.author)


def test_newsroom_is_reached_through_the_one_way_out(port: int) -> None:
    door = Door(stand_ins=stand_ins(port))

    feed = door.get(sources.SOURCES[1].address)
    again = door.get(sources.SOURCES[1].address, etag=feed.etag, last_modified=feed.last_modified)

    assert feed.content_type == "application/atom+xml; charset=utf-8"
    assert again.is_unchanged


def test_pages_reached_by_stand_in_speak_of_https_and_in_a_browser_of_http() -> None:
    path = "/actualites/laiterie-berrechid"

    by_door = HTMLParser(reply("atlas-energies.example", path, NOW).body.decode())
    in_browser = HTMLParser(reply("atlas-energies.example.localhost:8123", path, NOW).body.decode())

    assert _meta(by_door, "og:image") == "https://atlas-energies.example/images/factory.png"
    assert _meta(in_browser, "og:url") == f"http://atlas-energies.example.localhost:8123{path}"


def test_home_page_lists_every_article_of_its_site() -> None:
    for site in SITES:
        page = HTMLParser(reply(site.host, "/", NOW).body.decode())

        listed = [link.attributes["href"] for link in page.css(".list a")]
        assert listed == [article.path for article in articles_of(site)]


def test_any_other_host_sees_the_way_to_the_three_sites() -> None:
    page = HTMLParser(reply("localhost:8123", "/", NOW).body.decode())

    assert [link.attributes["href"] for link in page.css(".list a")] == [
        f"http://{host}.localhost:8123/" for host in HOSTS
    ]


@pytest.mark.parametrize("source", sources.SOURCES, ids=lambda source: source.key)
def test_feed_parses_and_leads_to_articles_in_the_past(source: sources.Source) -> None:
    host, path = source.address.removeprefix("https://").split("/", 1)

    feed = feedparser.parse(reply(host, f"/{path}", NOW).body)

    moments = [entry.get("published_parsed") or entry["updated_parsed"] for entry in feed.entries]
    assert not feed.bozo
    assert len(feed.entries) >= 3
    assert all(article_at(entry.link) for entry in feed.entries)
    assert all(datetime(*moment[:6], tzinfo=UTC) < NOW for moment in moments)
    assert moments == sorted(moments, reverse=True)


def test_feeds_are_two_rss_and_one_atom_one_of_them_in_arabic() -> None:
    kinds = [feedparser.parse(reply(site.host, site.feed, NOW).body) for site in SITES]

    assert [kind.version for kind in kinds] == ["rss20", "atom10", "rss20"]
    assert kinds[2].feed.language == "ar"


def test_feeds_leave_work_for_the_review_queue() -> None:
    told = {story.link for story in STORIES}

    fresh = [
        a for site in SITES for a in articles_of(site) if a.language == site.language and a.url not in told
    ]

    assert len(fresh) >= 5
    assert min(article.days_ago for article in fresh) == 1


def test_feed_answers_304_to_who_has_it(port: int) -> None:
    host, path = "atlas-energies.example", "/actualites/flux.xml"
    first, body = _get(port, host, path)
    etag, modified = first.headers["ETag"], first.headers["Last-Modified"]

    by_etag, nothing = _get(port, host, path, If_None_Match=etag)
    by_date, _nothing = _get(port, host, path, If_Modified_Since=modified)
    other, whole = _get(port, host, path, If_None_Match='"something else"', If_Modified_Since=modified)

    assert (by_etag.status, nothing) == (304, b"")
    assert by_date.status == 304
    assert (other.status, whole) == (200, body)


def test_feed_of_the_next_day_is_another(port: int) -> None:
    today = reply("lettre-energie.example", "/atom.xml", NOW)

    tomorrow = reply("lettre-energie.example", "/atom.xml", NOW + timedelta(days=1))

    assert today.etag != tomorrow.etag


def test_server_tells_sites_apart_by_host_and_answers_head_without_a_body(port: int) -> None:
    home, page = _get(port, "eco-chaouia.example", "/")
    head, nothing = _get(port, "eco-chaouia.example", "/", method="HEAD")
    missing, _page = _get(port, "lettre-energie.example", "/actualites/laiterie-berrechid")
    robots, rules = _get(port, "atlas-energies.example", "/robots.txt")

    assert (home.status, 'dir="rtl"' in page.decode()) == (200, True)
    assert (head.headers["Content-Length"], nothing) == (str(len(page)), b"")
    assert missing.status == 404
    assert (robots.status, rules) == (200, b"User-agent: *\nAllow: /\n")


def test_stand_ins_send_every_invented_host_here() -> None:
    assert stand_ins(8123) == dict.fromkeys(HOSTS, ("127.0.0.1", 8123))


@pytest.mark.parametrize("name", pictures.NAMES)
def test_picture_is_a_card_sized_png(name: str) -> None:
    with Image.open(BytesIO(pictures.png(name))) as picture:
        assert (picture.format, picture.size) == ("PNG", (1200, 630))


def test_pictures_are_distinct_and_the_same_every_time() -> None:
    first = {name: pictures.png(name) for name in pictures.NAMES}

    pictures.png.cache_clear()

    assert len(set(first.values())) == len(pictures.NAMES) >= 10
    assert pictures.png("factory") == first["factory"]


def test_unknown_picture_is_not_found() -> None:
    assert reply("atlas-energies.example", "/images/../secret.png", NOW).status == 404
