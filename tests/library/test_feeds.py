"""Feeds are read whatever their state; an editor gets entries or a sentence, never a trace."""

import json
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as some

from portevoix.library.addresses import canonical_address
from portevoix.library.feeds import Entry, FeedProblem, feed_lines, read_feed
from shared import shared_data

URL = "https://news.example/feed.xml"
ENTRY_COUNTS = {
    "content-encoded.rss": 7, "craigslist.rss": 25, "encoding.rss": 40, "guardian.rss": 55, "gulp-atom.atom": 10,
    "heise.atom": 15, "instant-article.rss": 1, "missing-fields.atom": 0, "narro.rss": 1, "reddit.rss": 24,
    "unrecognized.rss": 0, "uolNoticias.rss": 15,
}  # fmt: skip


def rss(items: str, head: str = "") -> bytes:
    return f"<?xml version='1.0'?><rss version='2.0'><channel>{head}{items}</channel></rss>".encode()


def test_feeds_of_the_world_give_every_entry_that_has_a_link():
    folder = shared_data("feeds")

    readings = {path.name: read_feed(path.read_bytes(), URL) for path in sorted(folder.iterdir())}

    assert {name: len(reading.entries) for name, reading in readings.items()} == ENTRY_COUNTS
    problems = {name: reading.problem for name, reading in readings.items() if reading.problem}
    assert problems == {"unrecognized.rss": FeedProblem.WEB_PAGE}


def test_feeds_of_the_world_announce_each_address_once():
    for path in shared_data("feeds").iterdir():
        addresses = [canonical_address(entry.link) for entry in read_feed(path.read_bytes(), URL).entries]

        assert sorted(addresses) == sorted(set(addresses)), path.name


def test_feed_gives_everything_an_entry_says():
    content = rss(
        """<item><title>Tom &amp;amp; Lea</title><link>/story?utm_source=rss</link><guid>7</guid>
        <description>&lt;p&gt;A &lt;b&gt;tale&lt;/b&gt;&lt;script&gt;x()&lt;/script&gt;&lt;/p&gt;</description>
        <enclosure url="/a.jpg" type="image/jpeg" length="1"/><pubDate>Mon, 23 Nov 2026 09:00:00 +0100</pubDate>
        </item>""",
        "<title>The News</title><language>fr-FR</language>",
    )

    reading = read_feed(content, URL)

    assert (reading.title, reading.language, reading.problem) == ("The News", "fr", None)
    assert reading.entries == (
        Entry(
            link="https://news.example/story",
            title="Tom & Lea",
            summary="A tale",
            picture="https://news.example/a.jpg",
            published_at=datetime(2026, 11, 23, 8, 0, tzinfo=UTC),
            guid="7",
        ),
    )


def test_feed_reads_atom():
    content = b"""<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="ar"><title>A</title><entry><title>One</title>
        <link rel="alternate" href="https://news.example/1"/><updated>2026-11-23T09:00:00Z</updated>
        <content type="html">&lt;img src="/i.png"&gt;Words</content></entry></feed>"""

    (entry,) = read_feed(content, URL).entries

    assert (entry.link, entry.title, entry.summary) == ("https://news.example/1", "One", "Words")
    assert (entry.picture, entry.published_at) == (
        "https://news.example/i.png",
        datetime(2026, 11, 23, 9, 0, tzinfo=UTC),
    )


def test_feed_takes_two_entries_of_one_address_once():
    twice = "<item><link>https://a.example/1?utm_source=rss</link></item><item><link>http://a.example/1/#x</link></item>"

    assert [entry.link for entry in read_feed(rss(twice), URL).entries] == ["https://a.example/1"]


@pytest.mark.parametrize(
    "link", ["", "<link></link>", "<link>javascript:alert(1)</link>", "<link>ftp://a/b</link>"]
)
def test_feed_leaves_out_an_entry_without_a_usable_link(link):
    content = rss(f"<item><title>None</title>{link}</item><item><link>https://a.example/1</link></item>")

    assert [entry.link for entry in read_feed(content, URL).entries] == ["https://a.example/1"]


def test_feed_takes_the_widest_picture_and_no_counting_pixel():
    media = """<item><link>https://a.example/1</link>
        <media:content url="https://a.example/140.jpg" width="140"/>
        <media:content url="https://a.example/700.jpg" width="700"/></item>"""
    pixel = """<item><link>https://a.example/2</link>
        <description>&lt;img src="/p.gif" width="1" height="1"&gt;</description></item>"""
    content = rss(media + pixel).replace(b"<rss ", b"<rss xmlns:media='http://search.yahoo.com/mrss/' ")

    assert [entry.picture for entry in read_feed(content, URL).entries] == ["https://a.example/700.jpg", None]


def test_feed_that_declares_no_language_is_read_for_one():
    words = "Les salariés parlent de leur métier avec leurs propres mots, sur leurs propres comptes."
    content = rss(f"<item><title>{words}</title><link>https://a.example/1</link></item>")

    assert read_feed(content, URL).language == "fr"


def test_feed_keeps_angle_brackets_that_are_words():
    content = rss("<item><title>1 &lt; 2</title><link>https://a.example/1</link></item>")

    assert read_feed(content, URL).entries[0].title == "1 < 2"


def test_feed_cuts_a_summary_between_words():
    content = rss(f"<item><link>https://a.example/1</link><description>{'word ' * 500}</description></item>")

    summary = read_feed(content, URL).entries[0].summary

    assert len(summary) <= 1001
    assert summary.endswith("word…")


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b"", FeedProblem.EMPTY),
        (b" \n\x00 ", FeedProblem.EMPTY),
        (b"<!DOCTYPE html><html><body><p>Not found</p></body></html>", FeedProblem.WEB_PAGE),
        (b"{'json': true}", FeedProblem.NOT_A_FEED),
        (b"\x89PNG\r\n\x1a\n\x00\x00", FeedProblem.NOT_A_FEED),
        (b"/etc/passwd", FeedProblem.NOT_A_FEED),
        (b"https://127.0.0.1/feed", FeedProblem.NOT_A_FEED),
    ],
)
def test_feed_that_is_none_says_so(content, problem):
    reading = read_feed(content, URL)

    assert (reading.problem, reading.entries) == (problem, ())
    assert problem.sentence.endswith(".")


def test_feed_without_entries_is_no_problem():
    assert read_feed(rss("", "<title>Quiet</title>"), URL).problem is None


def test_feed_does_not_expand_entities():
    bomb = b"""<?xml version="1.0"?><!DOCTYPE lolz [<!ENTITY a "haha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">
        <!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;"><!ENTITY d "&c;&c;&c;&c;&c;&c;&c;&c;&c;&c;">
        <!ENTITY e SYSTEM "file:///etc/passwd">]>
        <rss version="2.0"><channel><item><title>&d;&e;</title><link>https://a.example/1</link></item></channel></rss>"""

    titles = [entry.title for entry in read_feed(bomb, URL).entries]

    assert all("haha" not in title and "root:" not in title for title in titles)


@given(
    some.binary(max_size=400),
    some.sampled_from([b"", b"<rss version='2.0'><channel><item><link>https://a.example"]),
)
def test_feed_of_any_bytes_never_raises(content, opening):
    reading = read_feed(opening + content, URL)

    assert reading.problem is not None or reading.entries is not None


def test_feed_lines_are_json():
    content = rss(
        "<item><title>One</title><link>https://a.example/1</link><pubDate>2026-11-23</pubDate></item>"
    )

    lines = [json.dumps(line) for line in feed_lines(content)]

    assert [json.loads(line) for line in lines] == [
        {
            "link": "https://a.example/1",
            "title": "One",
            "summary": "",
            "picture": None,
            "published_at": "2026-11-23T00:00:00+00:00",
            "guid": "https://a.example/1",
        }
    ]
