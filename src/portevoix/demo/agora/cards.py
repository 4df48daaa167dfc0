"""A post as Agora shows it: who, when, the words, the card of its link, its figures. Texts are hostile until escaped."""

import re
from datetime import UTC, datetime, timedelta
from html import escape
from urllib.parse import urlsplit

from babel.dates import format_date, format_timedelta

from portevoix.demo.agora.api import address_of
from portevoix.demo.agora.figures import figures
from portevoix.demo.agora.network import is_web_address
from portevoix.demo.agora.records import Account, Post
from portevoix.demo.agora.words import WORDS, Language

TONES = 5
RECENT = 6 * 24 * 3600.0
LOCALES = {"fr": "fr", "en": "en_GB", "ar": "ar_MA"}
# Nothing that ends a sentence belongs to the address before it.
_ADDRESS = re.compile(r"https?://[^\s<>\"]*[^\s<>\"'.,;:!?)\]»”’…،؛؟]", re.IGNORECASE)
_REL = 'rel="nofollow ugc noopener"'


def post(account: Account, one: Post, language: Language, now: float) -> str:
    """A post with everything it carries."""
    path = address_of(account)
    spoken = f' lang="{escape(one.language)}"' if one.language else ""
    text = f'<p class="text" dir="auto"{spoken}>{_linked(one.text)}</p>' if one.text else ""
    return (
        f'<article class="post">{portrait(account)}<div class="said"><p class="by">'
        f'<a class="name" href="{path}"><bdi>{escape(account.name)}</bdi></a> '
        f'<span class="small soft"><bdi>@{escape(account.handle)}</bdi> · '
        f'<a class="when" href="{address_of(account, one)}">{_moment(one.created_at, language, now)}</a></span></p>'
        f"{text}{_card(one, spoken)}{_figures(one, language, now)}</div></article>"
    )


def portrait(account: Account, *, large: bool = False) -> str:
    """A round with the first letters of a name, always in the same colour."""
    initials = "".join(word[0] for word in account.name.split()[:2]).upper()
    tone = sum(account.id.encode()) % TONES
    size = " large" if large else ""
    return f'<span class="portrait tone-{tone}{size}" aria-hidden="true">{escape(initials)}</span>'


def in_words(moment: float, language: Language, now: float) -> str:
    """When it was, as one says it: a while ago, then a date."""
    age = max(now - moment, 0.0)
    if age < 60:
        return WORDS[language].just_now
    if age < RECENT:
        return format_timedelta(
            timedelta(seconds=-age), add_direction=True, threshold=1, locale=LOCALES[language]
        )
    return format_date(datetime.fromtimestamp(moment, UTC), "long", locale=LOCALES[language])


def _moment(moment: float, language: Language, now: float) -> str:
    exact = datetime.fromtimestamp(moment, UTC).isoformat(timespec="seconds")
    return f'<time datetime="{exact}">{in_words(moment, language, now)}</time>'


def _linked(text: str) -> str:
    """The text escaped, its addresses clickable, its lines kept by the stylesheet."""
    parts, end = [], 0
    for found in _ADDRESS.finditer(text):
        parts.append(escape(text[end : found.start()]))
        parts.append(_anchor(found[0]) if is_web_address(found[0]) else escape(found[0]))
        end = found.end()
    return "".join([*parts, escape(text[end:])])


def _anchor(address: str) -> str:
    return f'<a href="{escape(address)}" dir="ltr" {_REL}>{escape(address)}</a>'


def _card(one: Post, spoken: str) -> str:
    picture = (
        f'<img src="/pictures/{escape(one.picture)}" alt="{escape(one.alt)}" loading="lazy">'
        if one.picture
        else ""
    )
    if not one.link or (not one.title and one.link in one.text):
        return f'<p class="picture">{picture}</p>' if picture else ""
    title = f'<span class="title"{spoken}>{escape(one.title)}</span>' if one.title else ""
    domain = escape((urlsplit(one.link).hostname or "").removeprefix("www."))
    return (
        f'<a class="card" href="{escape(one.link)}" {_REL}>{picture}'
        f'<span class="about" dir="auto">{title}<span class="small soft"><bdi>{domain}</bdi></span></span></a>'
    )


def _figures(one: Post, language: Language, now: float) -> str:
    words, found = WORDS[language], figures(one.id, now - one.created_at)
    told = (
        (words.views, found.views),
        (words.likes, found.likes),
        (words.reposts, found.reposts),
        (words.replies, found.replies),
    )
    rows = "".join(f"<div><dt>{name}</dt><dd>{value}</dd></div>" for name, value in told)
    return f'<dl class="figures">{rows}</dl>'
