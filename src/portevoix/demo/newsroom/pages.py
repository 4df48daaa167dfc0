"""The newsroom's HTML: good plain pages that describe themselves in different ways, as real sites do."""

import json
from datetime import datetime
from html import escape

from babel.dates import format_date

from portevoix.demo.newsroom.articles import Article, Site

_STYLE = """
:root{color-scheme:light;--ink:#1d1e24;--soft:#66635e;--blue:#3a3ac7;--line:#e4dcce;--paper:#faf7f2}
*{box-sizing:border-box}
body{margin:0;background:var(--paper);color:var(--ink);font:17px/1.65 "IBM Plex Sans",system-ui,sans-serif}
[lang=ar]{font-family:"IBM Plex Sans Arabic","Noto Naskh Arabic",system-ui,sans-serif;line-height:1.85}
header,main,footer{max-width:46rem;margin-inline:auto;padding-inline:1.25rem}
header{padding-block:1.5rem;border-block-end:1px solid var(--line)}
header a{color:var(--ink);font-weight:600;font-size:1.2rem;text-decoration:none}
header p{margin:.15rem 0 0;color:var(--soft);font-size:.9rem}
h1{font-size:clamp(1.7rem,5vw,2.4rem);line-height:1.2;margin:2rem 0 .75rem;text-wrap:balance}
h2{font-size:1.3rem;line-height:1.3;margin:2rem 0 .5rem}
a{color:var(--blue)}
img{display:block;width:100%;height:auto;border-radius:12px;border:1px solid var(--line)}
.lead{font-size:1.15rem;color:var(--soft)}
.by{font-size:.9rem;color:var(--soft)}
.list{list-style:none;margin:1.5rem 0;padding:0;display:grid;gap:1rem;
grid-template-columns:repeat(auto-fill,minmax(17rem,1fr))}
.list li{background:#fff;border:1px solid var(--line);border-radius:12px;overflow:hidden}
.list img{border:0;border-radius:0}
.list div{padding:.75rem 1rem 1rem}
.list a{color:var(--ink);font-weight:600;text-decoration:none;line-height:1.35}
.list a:hover{color:var(--blue)}
footer{margin-block-start:3rem;padding-block:1.5rem;border-block-start:1px solid var(--line);
color:var(--soft);font-size:.9rem}
"""
_FOOTER = {
    "fr": "Ce site, ses articles et les personnes qui y parlent sont inventés pour la démonstration.",
    "en": "This site, its articles and the people in it were invented for the demonstration.",
    "ar": "هذا الموقع ومقالاته والأشخاص المذكورون فيه من وحي الخيال، لغرض العرض.",
}
_NEWS = {"fr": "Dernières nouvelles", "en": "Latest news", "ar": "آخر الأخبار"}
_GONE = {"fr": "Cette page n’existe pas.", "en": "There is no such page.", "ar": "هذه الصفحة غير موجودة."}


def article_page(site: Site, article: Article, base: str, now: datetime) -> str:
    """An article in full; `base` is the scheme and host that its absolute addresses start with."""
    published = article.published_at(now)
    words = escape(article.summary)
    date = format_date(published, "long", locale=_locale(article.language))
    picture = f'<img src="{_picture(article, base)}" width="1200" height="630" alt="">'
    body = "\n".join(_block(block) for block in article.blocks)
    main = (
        f"<article><h1>{escape(article.title)}</h1>"
        f'<p class="lead">{words}</p>'
        f'<p class="by"><span class="author" rel="author">{escape(article.author)}</span> · '
        f'<time datetime="{published.isoformat()}">{date}</time></p>'
        f"{picture}\n{body}</article>"
    )
    return _page(site, article.language, article.title, _card(site, article, base, now), main)


def home_page(site: Site, articles: tuple[Article, ...], base: str, now: datetime) -> str:
    """The front page of a site: its articles, the newest first."""
    cards = "\n".join(_list_entry(article, base, now) for article in articles)
    head = f'<meta property="og:site_name" content="{escape(site.name)}">'
    main = f'<h1>{_NEWS[site.language]}</h1><ul class="list">{cards}</ul>'
    return _page(site, site.language, site.name, head, main)


def missing_page(site: Site) -> str:
    """What a site says of an address it does not have."""
    gone = _GONE[site.language]
    return _page(site, site.language, gone, "", f"<h1>{gone}</h1>")


def newsroom_page(sites: tuple[Site, ...], port: int) -> str:
    """The door of the newsroom: its sites, at addresses that a browser on this machine can open."""
    rows = "".join(
        f'<li><div><a href="http://{site.host}.localhost:{port}/">{escape(site.name)}</a>'
        f"<p>{escape(site.tagline)}</p></div></li>"
        for site in sites
    )
    return _page(
        None, "fr", "La rédaction inventée", "", f'<h1>La rédaction inventée</h1><ul class="list">{rows}</ul>'
    )


def _list_entry(article: Article, base: str, now: datetime) -> str:
    date = format_date(article.published_at(now), "long", locale=_locale(article.language))
    return (
        f'<li lang="{article.language}" dir="{_direction(article.language)}">'
        f'<img src="{_picture(article, base)}" width="1200" height="630" alt="">'
        f'<div><a href="{article.path}">{escape(article.title)}</a><p class="by">{date}</p></div></li>'
    )


def _card(site: Site, article: Article, base: str, now: datetime) -> str:
    canonical = f'<link rel="canonical" href="{base}{article.path}">\n'
    return canonical + _CARDS[article.card](site, article, base, now)


def _opengraph(site: Site, article: Article, base: str, now: datetime) -> str:
    return _metas(
        "property",
        {
            "og:type": "article",
            "og:title": article.title,
            "og:description": article.summary,
            "og:url": base + article.path,
            "og:site_name": site.name,
            "og:locale": {"fr": "fr_FR", "en": "en_GB", "ar": "ar_MA"}[article.language],
            "og:image": _picture(article, base),
            "og:image:width": "1200",
            "og:image:height": "630",
            "article:author": article.author,
            "article:published_time": article.published_at(now).isoformat(),
        },
    ) + _metas("name", {"twitter:card": "summary_large_image", "author": article.author})


def _twitter(_site: Site, article: Article, base: str, _now: datetime) -> str:
    return _metas(
        "name",
        {
            "twitter:card": "summary_large_image",
            "twitter:title": article.title,
            "twitter:description": article.summary,
            "twitter:image": _picture(article, base),
            "author": article.author,
        },
    )


def _jsonld(site: Site, article: Article, base: str, now: datetime) -> str:
    facts = {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "headline": article.title,
        "description": article.summary,
        "image": [_picture(article, base)],
        "datePublished": article.published_at(now).isoformat(),
        "inLanguage": article.language,
        "mainEntityOfPage": base + article.path,
        "author": [{"@type": "Person", "name": article.author}],
        "publisher": {"@type": "Organization", "name": site.name},
    }
    inside = json.dumps(facts, ensure_ascii=False).replace("<", "\\u003c")
    return f'<script type="application/ld+json">{inside}</script>'


def _bare(_site: Site, article: Article, _base: str, _now: datetime) -> str:
    return _metas("name", {"description": article.summary})


_CARDS = {"opengraph": _opengraph, "twitter": _twitter, "jsonld": _jsonld, "none": _bare}


def _metas(attribute: str, values: dict[str, str]) -> str:
    return "".join(f'<meta {attribute}="{key}" content="{escape(value)}">\n' for key, value in values.items())


def _block(block: str) -> str:
    if block.startswith("## "):
        return f"<h2>{escape(block[3:])}</h2>"
    return f"<p>{escape(block)}</p>"


def _page(site: Site | None, language: str, title: str, head: str, main: str) -> str:
    top, feed = "", ""
    if site:
        kind = "atom" if site.feed.endswith("atom.xml") else "rss"
        feed = f'<link rel="alternate" type="application/{kind}+xml" href="{site.feed}">'
        top = f'<header><a href="/">{escape(site.name)}</a><p>{escape(site.tagline)}</p></header>'
    return (
        f'<!doctype html>\n<html lang="{language}" dir="{_direction(language)}">\n<head>\n<meta charset="utf-8">\n'
        f'<meta name="viewport" content="width=device-width, initial-scale=1">\n<title>{escape(title)}</title>\n'
        f"{head}\n{feed}\n<style>{_STYLE}</style>\n</head>\n<body>\n{top}\n<main>{main}</main>\n"
        f"<footer>{_FOOTER[language]}</footer>\n</body>\n</html>\n"
    )


def _picture(article: Article, base: str) -> str:
    return f"{base}/images/{article.picture}.png"


def _direction(language: str) -> str:
    return "rtl" if language == "ar" else "ltr"


def _locale(language: str) -> str:
    return {"fr": "fr", "en": "en_GB", "ar": "ar_MA"}[language]
