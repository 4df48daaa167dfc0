"""Where each field of a preview comes from, best first; the first usable candidate wins."""

import re
from collections.abc import Iterator
from itertools import chain
from urllib.parse import urlsplit

from portevoix.library.addresses import site_name

from .article import first_paragraph, pictures
from .languages import guess, language_code
from .page import Page, text_of
from .typography import as_description, as_title, condensed

FILM_OR_SOUND = re.compile(
    r"\.(mp4|m4v|webm|mov|avi|mkv|m3u8|mp3|m4a|wav|ogg|oga|ogv|flac|aac)$", re.IGNORECASE
)
AUTHOR_LETTERS = 128
BYLINE_LETTERS = 2 * AUTHOR_LETTERS
BY = re.compile(r"^(by|par|von|por|بقلم)[:\s]+|^@\s*", re.IGNORECASE)
DATE_ONLY = re.compile(r"^[^a-z]*(\b[a-z]{3,9}\b\.?)?[\s,]*\d{1,4}[\s,/.:-]+\d{1,4}\b[^@]*$", re.IGNORECASE)
TITLE_END = re.compile(r".*[-|–—]\s+(.+)$")


def title(page: Page) -> str | None:
    """The title as the page gives it to networks, then as its tab and its headline show it."""
    candidates = chain(
        page.metas("og:title", "twitter:title"),
        page.texts("title"),
        page.structured.texts("headline"),
        page.texts(".post-title"),
        page.texts(".entry-title"),
        page.texts('h1[class*="title" i] a'),
        page.texts('h1[class*="title" i]'),
        page.texts("h1"),
        page.metas("title", "dc.title", "itemprop=headline"),
    )
    return _first(as_title(text) for text in candidates)


def description(page: Page) -> str | None:
    """The summary as the page gives it to networks, to machines, then its first paragraph."""
    candidates = chain(
        page.metas("og:description", "twitter:description", "description", "itemprop=description"),
        page.structured.texts("articleBody"),
        page.structured.texts("description"),
        page.metas("http-equiv=description", "dc.description", "dcterms.description"),
        first_paragraph(page),
    )
    return _first(as_description(text) for text in candidates)


def image(page: Page) -> str | None:
    """The picture as the page gives it to networks, to machines, then the first real one of its article."""
    candidates = chain(
        page.metas("og:image:secure_url", "og:image:url", "og:image"),
        page.metas("twitter:image:src", "twitter:image", "itemprop=image"),
        page.structured.texts("image.url"),
        page.structured.texts("image"),
        page.attributes('link[rel~="image_src" i]', "href"),
        page.metas("image", "thumbnail"),
        page.attributes('[itemprop="image"][src]', "src"),
        page.structured.texts("thumbnailUrl"),
        page.attributes("video[poster]", "poster"),
        pictures(page, "article img"),
        pictures(page, "#content img"),
        pictures(page, "main img"),
        pictures(page, 'img:not([aria-hidden="true"])'),
        page.attributes('link[rel~="apple-touch-icon" i]', "href"),
    )
    return _first(address for link in candidates if (address := _picture_address(page, link)))


def language(page: Page) -> str | None:
    """Two letters: as declared, then as the text reads."""
    candidates = chain(
        page.metas("og:locale", "itemprop=inlanguage"),
        page.attributes("html[lang]", "lang"),
        page.structured.texts("inLanguage"),
        page.metas("http-equiv=content-language", "language", "dc.language"),
        page.attributes("body[lang], main[lang], article[lang]", "lang"),
    )
    return _first(code for text in candidates if (code := language_code(text))) or guess(page.text)


def site(page: Page) -> str | None:
    """The name of whoever publishes, in the end the host."""
    apps = ("iphone", "ipad", "googleplay")
    candidates = chain(
        page.structured.texts("publisher.name"),
        page.metas("og:site_name", "application-name", "apple-mobile-web-app-title"),
        page.metas("al:ios:app_name", "al:android:app_name", "publisher"),
        page.metas(*(f"twitter:app:name:{app}" for app in apps)),
        page.texts("#logo"),
        page.texts(".logo"),
        page.texts('a[class*="brand" i]'),
        page.attributes('[class*="logo" i] img[alt]', "alt"),
        _end_of_title(page),
    )
    return _first(condensed(text) for text in candidates) or site_name(page.url) or None


def author(page: Page) -> str | None:
    """Who signed, as declared for machines, then as the byline says."""
    candidates = chain(
        page.structured.texts("author.name"),
        page.structured.texts("author"),
        page.structured.texts("brand.name"),
        page.metas("author", "article:author", "itemprop=author", "parsely-author", "dc.creator"),
        page.texts('[itemprop~="author" i] [itemprop="name"]'),
        page.texts('[itemprop~="author" i]'),
        page.texts('[rel~="author" i]'),
        _full_names(page, 'a[class*="author" i]'),
        _full_names(page, '[class*="author" i] a'),
        _full_names(page, 'a[href*="/author/" i]'),
        _full_names(page, '[class*="author" i]'),
        _full_names(page, '[class*="byline" i]'),
        page.metas("twitter:creator"),
    )
    return _first(name for text in candidates if (name := _person(text)))


def address(page: Page) -> str:
    """The address the page gives as its own."""
    candidates = chain(
        page.metas("og:url", "twitter:url"),
        page.attributes('link[rel~="canonical" i]', "href"),
        page.attributes('link[rel~="alternate" i][hreflang="x-default" i]', "href"),
        [page.url],
    )
    return _first(whole for link in candidates if (whole := page.absolute(link))) or page.url


def _first(candidates: Iterator[str]) -> str | None:
    return next((text for text in candidates if text), None)


def _picture_address(page: Page, link: str) -> str | None:
    whole = page.absolute(link)
    return None if whole is None or FILM_OR_SOUND.search(urlsplit(whole).path) else whole


def _end_of_title(page: Page) -> Iterator[str]:
    for text in page.texts("title"):
        found = TITLE_END.match(text)
        if found:
            yield found.group(1)


def _full_names(page: Page, selector: str) -> Iterator[str]:
    """Short texts of at least two words that are no mere date: guesses from a class name ask for more."""
    for text in page.texts(selector, text_of):
        # Length first: on a text of thousands of commas, the pattern of dates would take minutes.
        if " " in text and len(text) <= BYLINE_LETTERS and not DATE_ONLY.match(text):
            yield text


def _person(text: str) -> str | None:
    name = BY.sub("", as_title(text)).strip()
    is_address = re.match(r"(https?:)?//|www\.", name, re.IGNORECASE) is not None
    return name if name and not is_address and len(name) <= AUTHOR_LETTERS else None
