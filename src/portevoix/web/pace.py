"""How often a person may do what costs others something; beyond that they are asked to wait, and keep what they typed."""

from allauth.core import ratelimit
from django.utils.translation import gettext_lazy as _

from portevoix.core.errors import Refusal
from portevoix.web.access import PageRequest


def refuse_haste(request: PageRequest, act: str) -> None:
    """Refuses one `act` more than `ACCOUNT_RATE_LIMITS` allows that person."""
    if not ratelimit.consume(request, action=act, key=request.person.code):
        raise Refusal(
            "too_fast",
            _("That was a lot in a short time. Try again in ten minutes: nothing that you typed is lost."),
        )
