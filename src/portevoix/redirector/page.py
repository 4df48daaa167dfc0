"""The two pages that a visitor may meet instead of a destination, in three languages, standing by themselves.

No script, no picture, no address elsewhere: the style is inside, allowed by its hash alone.
"""

from base64 import b64encode
from functools import cache
from hashlib import sha256
from html import escape
from typing import Final, Literal

Occasion = Literal["absent", "away"]

LANGUAGES: Final = ("fr", "en", "ar")

_WORDS: Final[dict[Occasion, dict[str, tuple[str, str]]]] = {
    "absent": {
        "fr": (
            "Ce lien ne mène nulle part",
            "Il a peut-être été coupé en chemin. Vérifiez l’adresse, ou demandez-la à la personne qui l’a partagée.",
        ),
        "en": (
            "This link leads nowhere",
            "It may have been cut short on the way. Check the address, or ask the person who shared it.",
        ),
        "ar": (
            "هذا الرابط لا يؤدي إلى أي صفحة",
            "ربما نُسخ ناقصًا. تحققوا من العنوان، أو اطلبوه ممّن شاركه معكم.",
        ),
    },
    "away": {
        "fr": (
            "Un instant, s’il vous plaît",
            "Ce lien ne peut pas s’ouvrir pour le moment. Réessayez dans une minute.",
        ),
        "en": ("One moment, please", "This link cannot open right now. Try again in a minute."),
        "ar": ("لحظة من فضلكم", "يتعذّر فتح هذا الرابط الآن. أعيدوا المحاولة بعد دقيقة."),
    },
}

_STYLE: Final = (
    ":root{color-scheme:light dark}"
    "*{box-sizing:border-box}"
    "body{margin:0;min-height:100vh;display:grid;place-items:center;padding:24px;background:#faf7f2;color:#1d1e24;"
    'font:17px/1.55 "IBM Plex Sans","IBM Plex Sans Arabic",system-ui,sans-serif}'
    "main{width:100%;max-width:34rem;background:#fff;border:1px solid #ede7dc;border-radius:12px;padding:8px 32px}"
    "section{padding-block:24px;border-block-end:1px solid #ede7dc}"
    "section:last-child{border:0}"
    "section:first-child::before{content:'';display:block;inline-size:40px;block-size:4px;border-radius:2px;"
    "background:#3a3ac7;margin-block-end:20px}"
    "h1,h2{margin:0 0 8px;font-weight:600;line-height:1.25;text-wrap:balance}"
    "h1{font-size:28px}h2{font-size:17px}"
    "p{margin:0}"
    "h2+p{font-size:15px}"
    ":lang(ar){line-height:1.75}h2:lang(ar){font-size:21px}h2:lang(ar)+p{font-size:17px}"
    "@media(prefers-color-scheme:dark){body{background:#1b1d24;color:#ece9e2}"
    "main{background:#14151a;border-color:#2a2d37}section{border-color:#2a2d37}"
    "section:first-child::before{background:#9c9cff}}"
)

CONTENT_SECURITY_POLICY: Final = (
    "default-src 'none'; style-src 'sha256-"
    + b64encode(sha256(_STYLE.encode()).digest()).decode()
    + "'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)


@cache
def page(occasion: Occasion, first: str) -> bytes:
    """The page for an occasion, with the visitor's language first (French for one we do not speak), in UTF-8."""
    main = first if first in LANGUAGES else LANGUAGES[0]
    order = [main, *(language for language in LANGUAGES if language != main)]
    title = escape(_WORDS[occasion][main][0])
    sections = "".join(_section(occasion, language, language == main) for language in order)
    return (
        f'<!doctype html><html lang="{main}" dir="{_direction(main)}"><head><meta charset="utf-8"><title>{title}</title>'
        '<meta name="viewport" content="width=device-width,initial-scale=1"><meta name="robots" content="noindex">'
        f"<style>{_STYLE}</style></head><body><main>{sections}</main></body></html>"
    ).encode()


def _section(occasion: Occasion, language: str, is_first: bool) -> str:
    heading, sentence = (escape(text, quote=False) for text in _WORDS[occasion][language])
    tag = "h1" if is_first else "h2"
    return (
        f'<section lang="{language}" dir="{_direction(language)}"><{tag} lang="{language}">{heading}</{tag}>'
        f"<p>{sentence}</p></section>"
    )


def _direction(language: str) -> str:
    return "rtl" if language == "ar" else "ltr"
