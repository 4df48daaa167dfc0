"""A letter that cannot leave is said in a sentence, not shown as a broken page."""

import smtplib

import pytest
from django.core.mail.backends.base import BaseEmailBackend
from django.test import Client

from cast import Cast
from portevoix.core.errors import Refusal
from portevoix.people import letters


class Refusing(BaseEmailBackend):
    """A mail server that is full."""

    def send_messages(self, email_messages: object) -> int:
        raise smtplib.SMTPServerDisconnected("gone")


@pytest.fixture
def mail_down(settings: object) -> None:
    settings.EMAIL_BACKEND = f"{__name__}.Refusing"  # type: ignore[attr-defined]


def test_send_refuses_when_the_mail_server_is_away(mail_down: None) -> None:
    with pytest.raises(Refusal) as refused:
        letters.send(letters.no_log_in(), to="a@atlas.example", language="fr")

    assert refused.value.code == "mail_down"


def test_sign_in_link_says_that_the_mail_could_not_leave(cast: Cast, mail_down: None) -> None:
    browser = Client()

    answer = browser.post(
        "/sign-in/link",
        {"email": cast.ana.account.email},
        headers={"Referer": "http://testserver/sign-in/link"},
    )

    assert answer.status_code == 302
    assert "quelques minutes" in browser.get(answer.url).content.decode()
