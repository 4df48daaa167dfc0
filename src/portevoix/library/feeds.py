"""Feeds, RSS or Atom: what they announce, as text and whole addresses, with a word for the editor when they are bad.

Pure reading: bytes in, a `FeedReading` out. Nothing in a feed makes it raise; an entry without a usable link is left
out, two entries of one address are one.
"""

import calendar
import io
import time
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

import feedparser
from selectolax.lexbor import LexborHTMLParser

from portevoix.library.addresses import NotAnAddress, absolute_address, canonical_address
from portevoix.library.preview.article import is_icon
from portevoix.library.preview.languages import guess, language_code
from portevoix.library.preview.nesting import cut_where_bottomless
from portevoix.library.preview.typography import condensed

SUMMARY_LETTERS = 1000
TITLE_LETTERS = 300
GUID_LETTERS = 500
Parsed = Mapping[str, Any]


class FeedProblem(StrEnum):
    """Why nothing could be read, for an editor's eyes."""

    EMPTY = "empty"
    WEB_PAGE = "web_page"
    NOT_A_FEED = "not_a_feed"

    @property
    def sentence(self) -> str:
        """The English sentence that says it and what to do."""
        return {
            FeedProblem.EMPTY: "The site answered with nothing. We will try again.",
            FeedProblem.WEB_PAGE: "This is a web page, not a feed: look for the address of its RSS or Atom feed.",
            FeedProblem.NOT_A_FEED: "This cannot be read as an RSS or Atom feed.",
        }[self]


@dataclass(frozen=True, slots=True)
class Entry:
    """One announcement. Title and summary are text, never HTML; the link and the picture are absolute addresses."""

    link: str
    title: str
    summary: str
    picture: str | None
    published_at: datetime | None
    guid: str


@dataclass(frozen=True, slots=True)
class FeedReading:
    """What a feed says, in its own order, or what is wrong with it."""

    title: str
    language: str | None
    entries: tuple[Entry, ...]
    problem: FeedProblem | None


def read_feed(content: bytes, url: str = "", content_type: str | None = None) -> FeedReading:
    """What the feed served at this address announces; never raises on what it contains."""
    if not content.strip(b" \t\r\n\x00\xef\xbb\xbf"):
        return _unreadable(FeedProblem.EMPTY)
    parsed = _parsed(content, content_type)
    entries = tuple(_entries(parsed, url))
    if not entries and not parsed.get("version"):
        return _unreadable(FeedProblem.WEB_PAGE if _is_web_page(content) else FeedProblem.NOT_A_FEED)
    about = parsed["feed"]
    return FeedReading(
        title=_text(about, "title", TITLE_LETTERS),
        language=language_code(str(about.get("language") or "")) or _spoken(entries),
        entries=entries,
        problem=None,
    )


def feed_lines(content: bytes, url: str = "") -> Iterator[dict[str, str | None]]:
    """Every entry that would be taken, as objects ready for JSON, dates in ISO 8601."""
    for entry in read_feed(content, url).entries:
        date = entry.published_at.isoformat() if entry.published_at else None
        yield {**asdict(entry), "published_at": date}


def _spoken(entries: tuple[Entry, ...]) -> str | None:
    return guess(" ".join(f"{entry.title} {entry.summary}" for entry in entries[:10]))


def _unreadable(problem: FeedProblem) -> FeedReading:
    return FeedReading(title="", language=None, entries=(), problem=problem)


def _parsed(content: bytes, content_type: str | None) -> Parsed:
    headers = {"content-type": content_type} if content_type else {}
    try:
        # Wrapped: given bare bytes, feedparser would take a short feed for the name of a file and open it.
        found = feedparser.parse(io.BytesIO(content), response_headers=headers, sanitize_html=False)
    except Exception:
        # A parser of broken input breaks in ways nobody lists; for the editor they are all one.
        return {"feed": {}, "entries": [], "version": ""}
    return {
        "feed": found.get("feed", {}),
        "entries": found.get("entries", []),
        "version": found.get("version"),
    }


def _is_web_page(content: bytes) -> bool:
    opening = content[:2000].lower()
    return any(mark in opening for mark in (b"<!doctype html", b"<html", b"<head", b"<body"))


def _entries(parsed: Parsed, url: str) -> Iterator[Entry]:
    base = url or str(parsed["feed"].get("link") or "")
    seen: set[str] = set()
    for raw in parsed["entries"]:
        entry = _entry(raw, base)
        if entry is None:
            continue
        identity = canonical_address(entry.link)
        if identity not in seen:
            seen.add(identity)
            yield entry


def _entry(raw: Parsed, base: str) -> Entry | None:
    link = _link(raw, base)
    if link is None:
        return None
    return Entry(
        link=link,
        title=_text(raw, "title", TITLE_LETTERS),
        summary=_text(raw, "summary", SUMMARY_LETTERS) or _full_text(raw),
        picture=_picture(raw, link),
        published_at=_moment(raw),
        guid=str(raw.get("id") or link)[:GUID_LETTERS],
    )


def _link(raw: Parsed, base: str) -> str | None:
    """The address of the page itself: FeedBurner's note of the original, else the entry's link."""
    for name in ("feedburner_origlink", "link"):
        link = absolute_address(base, str(raw[name])) if raw.get(name) else None
        if link and _is_canonical(link):
            return link
    return None


def _is_canonical(link: str) -> bool:
    try:
        canonical_address(link)
    except NotAnAddress:
        return False
    return True


def _text(raw: Parsed, name: str, most: int) -> str:
    """A field as text, cut between words."""
    detail = raw.get(f"{name}_detail") or {}
    value = str(raw.get(name) or "")
    text = condensed(value) if detail.get("type") == "text/plain" else _without_markup(value)
    return text if len(text) <= most else text[:most].rsplit(" ", 1)[0] + "…"


def _full_text(raw: Parsed) -> str:
    contents = raw.get("content") or [{}]
    return _text({"content": contents[0].get("value")}, "content", SUMMARY_LETTERS)


def _without_markup(markup: str) -> str:
    if "<" not in markup and "&" not in markup:
        return condensed(markup)
    body = _fragment(markup).body
    if body is None:
        return ""
    for silent in body.css("script, style, template, iframe"):
        silent.decompose()
    return condensed(body.text(deep=True, separator=" "))


def _fragment(markup: str) -> LexborHTMLParser:
    return LexborHTMLParser(cut_where_bottomless(markup))


def _picture(raw: Parsed, link: str) -> str | None:
    """The first picture of the entry: declared as media, enclosed, or shown in its text."""
    return next((whole for found in _pictures(raw) if (whole := absolute_address(link, found))), None)


def _pictures(raw: Parsed) -> Iterator[str]:
    declared = [media for media in raw.get("media_content") or [] if _is_image(media)]
    for media in sorted(declared, key=_width, reverse=True) + list(raw.get("media_thumbnail") or []):
        if not is_icon(media):
            yield str(media.get("url") or "")
    for enclosed in raw.get("enclosures") or []:
        if str(enclosed.get("type") or "").startswith("image/"):
            yield str(enclosed.get("href") or "")
    yield str((raw.get("image") or {}).get("href") or "")
    yield from _shown(raw)


def _is_image(media: Parsed) -> bool:
    return media.get("medium") == "image" or str(media.get("type") or "image/").startswith("image/")


def _width(media: Parsed) -> int:
    width = str(media.get("width") or "")
    return int(width) if width.isdecimal() and len(width) < 6 else 0


def _shown(raw: Parsed) -> Iterator[str]:
    written = [part.get("value") for part in raw.get("content") or []] + [raw.get("summary")]
    for markup in written:
        if markup and "<img" in markup.lower():
            for node in _fragment(markup).css("img[src]"):
                if is_icon(node.attributes):
                    continue
                yield node.attributes.get("src") or ""


def _moment(raw: Parsed) -> datetime | None:
    for name in ("published_parsed", "updated_parsed", "created_parsed"):
        # Asked as a plain dict: feedparser's own `get` answers one date with another.
        found = dict(raw).get(name)
        if isinstance(found, time.struct_time):
            try:
                return datetime.fromtimestamp(calendar.timegm(found), UTC)
            except (ValueError, OverflowError, OSError):
                continue
    return None
