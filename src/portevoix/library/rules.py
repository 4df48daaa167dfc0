"""Judgement about stories, pure: who may edit what, which captions will do, how a problem is said."""

from collections.abc import Collection, Iterable, Sequence

from django.utils.translation import gettext_lazy as _

from portevoix.core.errors import Sentence
from portevoix.library.states import StoryState

FEATURED_SLOTS = 5
CAPTIONS_PER_STORY = 15
PICTURES_PER_STORY = 4
CAPTION_LENGTH = 5_000
ANGLE_LENGTH = 60
TITLE_LENGTH = 300
SUMMARY_LENGTH = 2_000
WHY_LENGTH = 2_000
NOTE_LENGTH = 2_000
COMMENT_LENGTH = 1_000
PICTURE_BYTES = 8_000_000
DOCUMENT_BYTES = 10_000_000
DOCUMENT_TITLE_LENGTH = 120

# The one picture of a page that may be fetched besides the page itself.
FETCHED_PICTURE_BYTES = 5_000_000


def may_edit(*, state: str, is_author: bool, publishes: bool) -> bool:
    """Whether somebody may change a story: editors until it is archived, its author while it is a draft."""
    if publishes:
        return state != StoryState.ARCHIVED
    return is_author and state == StoryState.DRAFT


def may_see(*, is_author: bool, publishes: bool) -> bool:
    """Whether somebody may open a story in the studio: editors all of them, contributors their own."""
    return publishes or is_author


def missing_languages(wanted: Iterable[str], written: Collection[str]) -> list[str]:
    """The languages of the audience that no caption speaks yet, in the audience's order."""
    return [language for language in wanted if language not in written]


def language_of(declared: str | None, known: Sequence[str], otherwise: str) -> str:
    """The language we speak that a page declares (`fr-FR`, `AR`), or another one when it declares none of ours."""
    short = (declared or "").replace("_", "-").split("-")[0].lower()
    return short if short in known else otherwise


PROBLEMS: dict[str, Sentence] = {
    "address_refused": _("This address is not open to the public web."),
    "scheme_refused": _("The address must begin with http:// or https://."),
    "too_many_redirects": _("The address sends from one page to another without end."),
    "too_slow": _("The site took too long to answer."),
    "too_big": _("What the site sent is too big to be read."),
    "unreachable": _("The site could not be reached."),
    "bad_status": _("The site refused to show this page."),
    "web_page": _(
        "This address shows a page, not a feed. Look on the site for the address of its RSS or Atom feed."
    ),
    "not_a_feed": _("What this address sends cannot be read as an RSS or Atom feed."),
    "empty": _("The site answered with nothing."),
    "not_a_picture": _("This file is not a picture that we can read. A JPEG, PNG or WebP will do."),
    "our_fault": _("Something went wrong on our side. We try again in an hour."),
    "picture_damaged": _("This picture is damaged and cannot be opened to the end."),
    "picture_too_large": _("This picture has too many pixels: 50 million at most."),
}


def problem_words(code: str) -> Sentence:
    """What a problem is, in words; a code that has none is an address that could not be read."""
    return PROBLEMS.get(code, _("This address could not be read.")) if code else ""
