"""The page that those who draw cards of addresses are given: the story's card as OpenGraph says it. Pure.

No script, no style, nothing loaded; whoever reads it as a person finds the title, and the way on.
"""

import re
from html import escape
from typing import Final, NamedTuple

CONTENT_SECURITY_POLICY: Final = (
    "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
CACHE_SECONDS: Final = 300
_LARGE: Final = (600, 315)  # smaller pictures are shown beside the title
_LOCALES: Final = {"fr": "fr_FR", "en": "en_US", "ar": "ar_AR"}
_RIGHT_TO_LEFT: Final = frozenset(("ar", "fa", "he", "ur"))


class Card(NamedTuple):
    """What a preview shows, in the order of the columns of `links_card`. Texts may be empty; `page` is where it leads.

    `picture` is an absolute address, `width` and `height` are its pixels.
    """

    title: str
    description: str
    language: str
    site: str
    page: str
    picture: str
    media_type: str
    width: int
    height: int
    alt: str


def preview_page(card: Card) -> bytes:
    """The page of a card, in UTF-8. What people wrote is escaped, and no control sign comes through."""
    language = card.language if _LANGUAGE.fullmatch(card.language) else "fr"
    direction = "rtl" if language in _RIGHT_TO_LEFT else "ltr"
    title, text, page = _safe(card.title), _safe(card.description), _safe(card.page)
    tags = "".join(
        f'<meta {kind}="{name}" content="{content}">'
        for kind, name, content in _tags(card, title, text, page, language)
        if content
    )
    paragraph = f"<p>{text}</p>" if text else ""
    return (
        f'<!doctype html><html lang="{language}" dir="{direction}" prefix="og: https://ogp.me/ns#"><head>'
        f'<meta charset="utf-8"><title>{title}</title>{tags}<link rel="canonical" href="{page}">'
        '<meta name="viewport" content="width=device-width,initial-scale=1"><meta name="robots" content="noindex">'
        f'</head><body><h1><a href="{page}">{title}</a></h1>{paragraph}</body></html>'
    ).encode()


_LANGUAGE: Final = re.compile(r"[a-z]{2,3}")
_CONTROLS: Final = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]+")


def _safe(text: str) -> str:
    return escape(_CONTROLS.sub(" ", text).strip())


def _tags(card: Card, title: str, text: str, page: str, language: str) -> list[tuple[str, str, str]]:
    is_large = bool(card.picture) and card.width >= _LARGE[0] and card.height >= _LARGE[1]
    tags = [
        ("property", "og:type", "article"),
        ("property", "og:title", title),
        ("property", "og:description", text),
        ("property", "og:url", page),
        ("property", "og:site_name", _safe(card.site)),
        ("property", "og:locale", _LOCALES.get(language, "")),
        ("name", "description", text),
        ("name", "twitter:card", "summary_large_image" if is_large else "summary"),
    ]
    if card.picture:
        tags += [
            ("property", "og:image", _safe(card.picture)),
            ("property", "og:image:type", _safe(card.media_type)),
            ("property", "og:image:width", str(int(card.width))),
            ("property", "og:image:height", str(int(card.height))),
            ("property", "og:image:alt", _safe(card.alt)),
        ]
    return tags
