"""The newsroom's feeds: two in RSS 2.0, one of them in Arabic, and one in Atom. Dates follow today."""

from datetime import datetime
from email.utils import format_datetime
from html import escape

from portevoix.demo.newsroom.articles import Article, Site

ENTRIES = 10  # a feed shows its ten newest articles, as most do


def feed(site: Site, articles: tuple[Article, ...], base: str, now: datetime) -> str:
    """The feed of a site in its own language, as XML, in the format that its address announces."""
    write = _atom if site.feed.endswith("atom.xml") else _rss
    own = tuple(article for article in articles if article.language == site.language)
    return write(site, own[:ENTRIES], base, now)


def feed_type(site: Site) -> str:
    """The media type of a site's feed."""
    return f"application/{'atom' if site.feed.endswith('atom.xml') else 'rss'}+xml; charset=utf-8"


def _rss(site: Site, articles: tuple[Article, ...], base: str, now: datetime) -> str:
    items = "\n".join(
        f"<item><title>{escape(article.title)}</title><link>{base}{article.path}</link>"
        f'<guid isPermaLink="true">{base}{article.path}</guid>'
        f"<description>{escape(article.summary)}</description>"
        f"<dc:creator>{escape(article.author)}</dc:creator>"
        f"<pubDate>{format_datetime(article.published_at(now))}</pubDate></item>"
        for article in articles
    )
    return (
        '<?xml version="1.0" encoding="utf-8"?>\n'
        '<rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/"><channel>\n'
        f"<title>{escape(site.name)}</title><link>{base}/</link>"
        f"<description>{escape(site.tagline)}</description><language>{site.language}</language>\n"
        f"{items}\n</channel></rss>\n"
    )


def _atom(site: Site, articles: tuple[Article, ...], base: str, now: datetime) -> str:
    entries = "\n".join(
        f'<entry><title>{escape(article.title)}</title><link href="{base}{article.path}"/>'
        f"<id>{base}{article.path}</id><updated>{article.published_at(now).isoformat()}</updated>"
        f"<author><name>{escape(article.author)}</name></author>"
        f"<summary>{escape(article.summary)}</summary></entry>"
        for article in articles
    )
    updated = max(article.published_at(now) for article in articles).isoformat()
    return (
        '<?xml version="1.0" encoding="utf-8"?>\n'
        f'<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="{site.language}">\n'
        f"<title>{escape(site.name)}</title><subtitle>{escape(site.tagline)}</subtitle>"
        f'<id>{base}/</id><link href="{base}/"/><link rel="self" href="{base}{site.feed}"/>'
        f"<updated>{updated}</updated>\n{entries}\n</feed>\n"
    )
