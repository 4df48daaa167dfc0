"""Coming in by an invitation or a join link, on pages that say what joining means."""

from datetime import datetime, timedelta

import pytest
from django.core import mail
from django.core.cache import cache
from django.test import Client

from cast import Cast
from make import make_person
from portevoix.core import clock, tenancy
from portevoix.people import tokens
from portevoix.people.actions import invitations, join_links
from portevoix.people.models import Invitation, JoinLink, Person
from portevoix.people.roles import Role


@pytest.fixture
def row(cast: Cast) -> Invitation:
    return invitations.invite_person(
        by=cast.marc, email="yasmine@atlas.example", given_name="Yasmine", language="ar", now=clock.now()
    )


@pytest.fixture
def link(cast: Cast) -> JoinLink:
    cache.clear()
    return join_links.open_join_link(by=cast.marc, now=clock.now())


def test_invitation_speaks_the_language_of_its_letter(row: Invitation, client: Client) -> None:
    page = client.get(f"/invitation/{tokens.invitation_token(row)}").content.decode()

    assert '<html lang="ar" dir="rtl"' in page
    assert "لا يُنشر شيء أبدًا من دونكم." in page
    assert 'value="Yasmine"' in page


def test_invitation_is_accepted_and_signs_in(row: Invitation, client: Client) -> None:
    answer = client.post(f"/invitation/{tokens.invitation_token(row)}", {"given_name": "Yasmine"})

    person = Person.objects.get(account__email="yasmine@atlas.example")
    assert answer.headers["Location"] == "/"
    assert client.session["_auth_user_id"] == str(person.account_id)
    assert (person.takes_part, person.language) == (True, "ar")


def test_invitation_to_somebody_with_a_log_in_lets_nobody_else_use_it(
    cast: Cast, now: datetime, client: Client
) -> None:
    paul = make_person(cast.other, "Paul", [Role.MANAGER], now=now)
    with tenancy.acting_for(cast.other.pk):
        row = invitations.invite_person(by=paul, email=cast.noor.account.email, now=clock.now())

    answer = client.post(f"/invitation/{tokens.invitation_token(row)}", {"given_name": "Noor"})

    assert answer.headers["Location"] == "/sign-in"
    assert "_auth_user_id" not in client.session
    assert Person.unscoped.filter(organisation=cast.other, account=cast.noor.account).exists()


def test_refused_password_keeps_what_was_typed(row: Invitation, client: Client) -> None:
    words = {"given_name": "Yasmine B", "family_name": "Alaoui", "password": "court"}
    page = client.post(f"/invitation/{tokens.invitation_token(row)}", words).content.decode()

    assert [f'value="{words[name]}"' in page for name in words] == [True, True, True]
    assert "id_password_error" in page
    assert not Person.objects.filter(account__email="yasmine@atlas.example").exists()


@pytest.mark.parametrize("token", ["x", "abc.def", ""])
def test_forged_invitation_is_said_to_be_closed(row: Invitation, client: Client, token: str) -> None:
    path = f"/invitation/{token or row.code}"

    assert [client.get(path).status_code, client.post(path, {"given_name": "Eve"}).status_code] == [410, 410]


def test_expired_invitation_is_said_to_be_closed(row: Invitation, client: Client) -> None:
    Invitation.objects.update(expires_at=clock.now() - timedelta(seconds=1))

    assert client.get(f"/invitation/{tokens.invitation_token(row)}").status_code == 410


def test_join_link_is_walked_to_its_end(link: JoinLink, client: Client) -> None:
    client.post(f"/join/{link.code}", {"email": "zoe@atlas.example", "given_name": "Zoé"})
    path = "/join/confirm/" + mail.outbox[0].body.split("/join/confirm/")[1].split()[0]
    opened = Client().get(path)
    nobody_yet = Person.objects.filter(account__email="zoe@atlas.example").exists()

    answer = client.post(path)

    assert (opened.status_code, nobody_yet) == (200, False)
    assert answer.headers["Location"] == "/"
    assert Person.objects.get(account__email="zoe@atlas.example").takes_part


def test_private_address_is_refused_beside_its_field(link: JoinLink, client: Client) -> None:
    words = {"email": "zoe@home.example", "given_name": "Zoé"}
    page = client.post(f"/join/{link.code}", words).content.decode()

    assert 'id="id_email_error"' in page
    assert 'value="zoe@home.example"' in page
    assert mail.outbox == []


def test_closed_join_link_is_nowhere(cast: Cast, link: JoinLink, client: Client) -> None:
    join_links.close_join_link(link=link, by=cast.marc, now=clock.now())

    assert client.get(f"/join/{link.code}").status_code == 404
