"""How allauth behaves with us: no open sign-up, our letters, our words, and each person's own first page."""

from typing import Any, ClassVar

from allauth.account.adapter import DefaultAccountAdapter
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from portevoix.core.origin import trusted_networks, visitor_address
from portevoix.people import letters, queries
from portevoix.web.context import first_place
from portevoix.web.middleware import ORGANISATION

_WORTH_SAYING = {
    "account/messages/password_changed.txt": _("Your password is changed."),
    "account/messages/password_set.txt": _("Your password is kept."),
}


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """People come by invitation or by their company's join link; nobody signs up."""

    error_messages: ClassVar[dict[str, Any]] = {
        **DefaultAccountAdapter.error_messages,
        "email_password_mismatch": _("The address or the password is not right."),
        "too_many_login_attempts": _("Too many attempts. Try again in a few minutes."),
        "enter_current_password": _("Write your current password."),
        "incorrect_password": _("This is not your current password."),
        "account_inactive": _("This log-in is closed."),
        "rate_limited": _("Too many attempts. Try again in a few minutes."),
    }

    def add_message(
        self, request: HttpRequest, level: int, message_template: str | None = None, *rest: Any, **named: Any
    ) -> None:
        """Of what allauth would say, only what is worth saying, in our words."""
        if words := _WORTH_SAYING.get(message_template or ""):
            messages.add_message(request, level, words)

    def get_client_ip(self, request: HttpRequest) -> str:
        """Whose attempts are counted: the visitor, told by the trusted proxies alone, as for tracked links."""
        trusted = trusted_networks(settings.ENVIRONMENT.trusted_proxies)
        forwarded_for = request.META.get("HTTP_X_FORWARDED_FOR", "")
        return visitor_address(request.META.get("REMOTE_ADDR", ""), forwarded_for, trusted)

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        memberships = queries.memberships_of(request.user)  # type: ignore[arg-type]
        person = queries.choose_membership(memberships, request.session.get(ORGANISATION))
        return reverse(first_place(person) if person else "no_organisation")

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        return reverse("me") if getattr(request, "person", None) else reverse("no_organisation")

    def get_reset_password_from_key_url(self, key: str) -> str:
        uid, _dash, token = key.partition("-")
        named = {"uidb36": uid, "key": token}
        return f"{settings.PUBLIC_ADDRESS}{reverse('account_reset_password_from_key', kwargs=named)}"

    def send_password_reset_mail(self, user: Any, email: str, context: dict[str, Any]) -> None:
        letter = letters.password_reset(context["password_reset_url"])
        letters.send(letter, to=email, language=user.language or translation.get_language())
