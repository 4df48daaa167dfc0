"""The mails that people receive from us: a subject, a few sentences, one button. Plain text and simple HTML."""

import logging
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import get_language_bidi
from django.utils.translation import gettext_lazy as _

from portevoix.core.errors import Refusal, Sentence
from portevoix.people import tokens
from portevoix.people.models import Invitation, Organisation
from portevoix.people.roles import takes_part_by

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Letter:
    """A mail before it is put into a language. `facts` fill the sentences; `address` is where the button leads."""

    subject: Sentence
    sentences: "tuple[Sentence, ...]"
    button: Sentence = ""
    address: str = ""
    note: Sentence = ""
    facts: "dict[str, str] | None" = None


def send(letter: Letter, *, to: str, language: str) -> None:
    """Sends the letter now, in that language; refuses, in a sentence, when the mail server does not take it."""
    with translation.override(language):
        context = _in_words(letter)
        mail = EmailMultiAlternatives(
            context["subject"], render_to_string("people/letter.txt", context), to=[to]
        )
        mail.attach_alternative(render_to_string("people/letter.html", context), "text/html")
    try:
        mail.send()
    except OSError as error:  # every failure of the mail library is one, time-outs included
        log.warning("A letter could not be sent: %s", error)
        raise Refusal(
            "mail_down", _("The mail could not leave just now. Please try again in a few minutes.")
        ) from error


def _in_words(letter: Letter) -> dict[str, Any]:
    facts = letter.facts or {}

    def said(words: object) -> str:
        return str(words) % facts if facts else str(words)

    return {
        "subject": " ".join(said(letter.subject).split()),
        "sentences": [said(sentence) for sentence in letter.sentences],
        "button": said(letter.button),
        "address": letter.address,
        "note": said(letter.note),
        "language": translation.get_language(),
        "direction": "rtl" if get_language_bidi() else "ltr",
    }


def invitation(row: Invitation) -> Letter:
    """The invitation, as first sent."""
    return _invitation(row, _("%(organisation)s invites you to Portevoix"))


def reminder(row: Invitation) -> Letter:
    """The one reminder."""
    return _invitation(row, _("Your invitation from %(organisation)s is still open"))


def _invitation(row: Invitation, subject: "Sentence") -> Letter:
    # A name is the inviter's to type: it is kept out of the subject, where mail filters and readers trust it most.
    inviter = row.invited_by.full_name if row.invited_by else row.organisation.name
    return Letter(
        subject=subject,
        sentences=(
            _("Hello,"),
            _("%(inviter)s invites you to join %(organisation)s on Portevoix."),
            *(_WHAT_JOINING_MEANS if takes_part_by(row.role) else ()),
        ),
        button=_("See the invitation"),
        address=f"{settings.PUBLIC_ADDRESS}/invitation/{tokens.invitation_token(row)}",
        note=_(
            "The invitation is good for 7 days. If it is not for you, do nothing: you will receive one reminder at most."
        ),
        facts={"organisation": row.organisation.name, "inviter": inviter},
    )


_WHAT_JOINING_MEANS = (
    _(
        "You will find stories of the company that you can share on your own accounts, in your own words, when you like."
    ),
    _("It is voluntary: nothing is ever posted without you, and you can leave with one tap."),
)


def join_confirmation(organisation: Organisation, token: str) -> Letter:
    """Proves the address of somebody who followed a join link."""
    return Letter(
        subject=_("Confirm your address to join %(organisation)s"),
        sentences=(
            _("Hello,"),
            _(
                "You asked to join the ambassadors of %(organisation)s. This link confirms that the address is yours."
            ),
        ),
        button=_("Confirm and join"),
        address=f"{settings.PUBLIC_ADDRESS}/join/confirm/{token}",
        note=_("The link is good for 24 hours. If you did not ask for it, do nothing: nothing was created."),
        facts={"organisation": organisation.name},
    )


def sign_in_link(token: str) -> Letter:
    """The link that signs in without a password."""
    return Letter(
        subject=_("Your link to sign in to Portevoix"),
        sentences=(_("Hello,"), _("This link signs you in, once, within 15 minutes.")),
        button=_("Sign in"),
        address=f"{settings.PUBLIC_ADDRESS}/sign-in/link/{token}",
        note=_NOT_ASKED,
    )


def password_reset(address: str) -> Letter:
    """The link that lets one choose a new password."""
    return Letter(
        subject=_("Choose a new Portevoix password"),
        sentences=(_("Hello,"), _("This link lets you choose a new password. It is good for two hours.")),
        button=_("Choose a password"),
        address=address,
        note=_NOT_ASKED,
    )


def no_log_in() -> Letter:
    """What an address without a log-in receives, so that the page can answer everyone alike."""
    return Letter(
        subject=_("No Portevoix log-in at this address"),
        sentences=(
            _("Hello,"),
            _("Somebody asked to sign in to Portevoix with this address, which has no log-in here."),
            _(
                "If it was you, try your other address, or ask the colleague who told you about the programme."
            ),
        ),
        note=_NOT_ASKED,
    )


_NOT_ASKED = _("If you did not ask for this, you can ignore this mail: nothing changes.")
