"""Why a click is in no figure, in the reader's words; the codes are those of `links.robots`."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

REASONS: dict[str, str | Promise] = {
    "head": _("asked only whether the page exists"),
    "prefetch": _("fetched ahead by a browser; nobody had clicked yet"),
    "no-agent": _("did not say what program it is"),
    "preview": _("builds the preview of a link for a network or a messenger"),
    "listed": _("is on a published list of robots"),
    "names-itself": _("calls itself a robot"),
    "gives-contact": _("leaves an address where its owner can be reached, as robots do"),
    "library": _("is a programming library, not a browser"),
    "headless": _("is a browser driven by a program"),
    "too-short": _("gives a name too short for a browser"),
    "malformed": _("does not write its name as browsers do"),
    "unknown-program": _("writes its name like a browser, but is none that is known"),
    "bare-product": _("gives a lone program name, without a word on the machine"),
    "burst": _("clicked faster than a person can"),
}


def reason_words(reason: str) -> str:
    """Why, in a few words; the code itself where this version knows no better."""
    return str(REASONS.get(reason, reason))
