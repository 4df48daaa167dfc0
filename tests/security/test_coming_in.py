"""Attacks on coming in: old letters, links used twice, addresses that pretend, attempts without end."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from django.conf import settings as live
from django.core import mail
from django.core.cache import cache
from django.test import Client, RequestFactory

from cast import Cast
from portevoix.core import clock
from portevoix.core.errors import Refusal
from portevoix.people import tokens
from portevoix.people.actions import invitations, join_links, persons
from portevoix.people.models import Invitation, Person
from portevoix.web.auth.adapter import AccountAdapter

Browse = Callable[[Person], Client]


@pytest.fixture(autouse=True)
def _no_attempt_counted() -> None:
    cache.clear()


def test_leaver_does_not_come_back_by_an_invitation_left_in_the_mailbox(cast: Cast, now: datetime) -> None:
    row = invitations.invite_person(by=cast.marc, email="zoe@atlas.example", now=now)
    link = join_links.open_join_link(by=cast.marc, now=now)
    asked = tokens.JoinRequest(link.code, "zoe@atlas.example", "Zoé", "", "fr")
    zoe = join_links.join_by_link(link=link, request=asked, now=now)

    persons.deactivate_person(person=zoe, by=cast.driss, now=now)

    with pytest.raises(Refusal):
        invitations.accept_invitation(invitation=row, given_name="Zoé", now=now)
    assert not Person.objects.get(pk=zoe.pk).is_active


def test_leavers_open_session_ends_with_their_access(cast: Cast, browse: Browse, now: datetime) -> None:
    client = browse(cast.ana)
    before = client.get("/me").status_code

    persons.deactivate_person(person=cast.ana, by=cast.driss, now=now)

    assert (before, client.get("/me").status_code) == (200, 302)


def test_log_in_closed_by_one_organisation_serves_in_another_that_invites(cast: Cast, now: datetime) -> None:
    persons.deactivate_person(person=cast.ana, by=cast.driss, now=now)
    row = Invitation.unscoped.create(
        organisation=cast.other,
        email=cast.ana.account.email,
        created_at=now,
        expires_at=now + timedelta(days=7),
    )

    person = invitations.accept_invitation(invitation=row, given_name="Ana", now=now)

    assert person.account.is_active


def test_proof_of_a_join_link_signs_in_once(cast: Cast, client: Client) -> None:
    link = join_links.open_join_link(by=cast.marc, now=clock.now())
    client.post(f"/join/{link.code}", {"email": "zoe@atlas.example", "given_name": "Zoé"})
    path = "/join/confirm/" + mail.outbox[0].body.split("/join/confirm/")[1].split()[0]
    client.post(path)

    thief = Client()

    assert [thief.get(path).status_code, thief.post(path).status_code] == [410, 410]
    assert "_auth_user_id" not in thief.session


def test_sign_in_link_opened_by_a_mail_scanner_signs_nobody_in_and_still_serves(cast: Cast) -> None:
    path = f"/sign-in/link/{tokens.sign_in_token(cast.ana.account, now=clock.now())}"
    scanner, ana, thief = Client(), Client(), Client()
    scanner.get(path)
    scanner.head(path)

    ana.post(path)
    again = thief.post(path).status_code

    assert "_auth_user_id" not in scanner.session
    assert ana.session["_auth_user_id"] == str(cast.ana.account.pk)
    assert again == 410


def test_session_known_before_signing_in_is_worth_nothing_after(cast: Cast, client: Client) -> None:
    client.session.save()
    planted = client.cookies[live.SESSION_COOKIE_NAME].value

    client.post(f"/sign-in/link/{tokens.sign_in_token(cast.ana.account, now=clock.now())}")

    assert client.cookies[live.SESSION_COOKIE_NAME].value != planted


@pytest.mark.parametrize(
    "email",
    [
        "a@atlas.example@evil.example",
        '"a@atlas.example"@evil.example',
        "a@evil.example,b@atlas.example",
        "a@evil.example\nbcc:b@atlas.example",
        "a@\uff41tlas.example",
        "a@sub.atlas.example",
        "a@atlas.example.",
        "a@atlas.example\x00.evil.example",
    ],
)
def test_address_that_pretends_to_be_of_the_company_does_not_join(
    cast: Cast, client: Client, email: str
) -> None:
    link = join_links.open_join_link(by=cast.marc, now=clock.now())

    client.post(f"/join/{link.code}", {"email": email, "given_name": "Zoé"})

    assert mail.outbox == []


@pytest.mark.parametrize(
    "place", ["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:alert(1)"]
)
def test_sign_in_leads_to_no_other_site(cast: Cast, client: Client, place: str) -> None:
    cast.ana.account.set_password("porte-voix-42")
    cast.ana.account.save()
    words = {"login": cast.ana.account.email, "password": "porte-voix-42", "next": place}

    answer = client.post("/sign-in", words)

    assert (answer.status_code, answer.headers["Location"]) == (302, "/")


def test_letters_lead_to_our_own_address_whatever_host_was_asked(cast: Cast, settings: object) -> None:
    settings.ALLOWED_HOSTS = ["*"]  # type: ignore[attr-defined]

    Client(headers={"host": "evil.example"}).post("/sign-in/link", {"email": cast.ana.account.email})

    assert f"{live.PUBLIC_ADDRESS}/sign-in/link/" in mail.outbox[0].body
    assert "evil.example" not in mail.outbox[0].body


def test_asking_for_a_password_says_alike_whether_the_address_is_known(cast: Cast) -> None:
    answers = [
        Client().post("/password/forgotten", {"email": email})
        for email in (cast.ana.account.email, "nobody@atlas.example")
    ]

    assert [(one.status_code, one.headers["Location"]) for one in answers] == [
        (302, "/password/forgotten/sent")
    ] * 2
    assert len(mail.outbox) == 2


def asked_by(remote: str, forwarded_for: str = "") -> str:
    request = RequestFactory().post("/sign-in", REMOTE_ADDR=remote, HTTP_X_FORWARDED_FOR=forwarded_for)
    return AccountAdapter(request).get_client_ip(request)


def test_attempts_are_counted_on_the_visitor_and_a_forged_header_changes_nothing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(live, "ENVIRONMENT", replace(live.ENVIRONMENT, trusted_proxies=("10.0.0.0/8",)))

    assert asked_by("203.0.113.9", "198.51.100.1") == "203.0.113.9"
    assert asked_by("10.0.0.1", "198.51.100.1, 203.0.113.9") == "203.0.113.9"


def test_wrong_passwords_are_refused_after_a_while_even_with_the_right_one(cast: Cast) -> None:
    cast.ana.account.set_password("porte-voix-42")
    cast.ana.account.save()
    for attempt in range(6):
        Client().post(
            "/sign-in",
            {"login": cast.ana.account.email, "password": "guess"},
            HTTP_X_FORWARDED_FOR=f"198.51.100.{attempt}",
        )

    answer = Client().post("/sign-in", {"login": cast.ana.account.email, "password": "porte-voix-42"})

    assert answer.status_code == 200
