"""Signing in: by password, by an e-mailed link, and never told whether an address exists."""

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core import mail
from django.core.cache import cache
from django.test import Client

from cast import Cast
from portevoix.core import clock
from portevoix.people import tokens
from portevoix.people.models import Account

PASSWORD = "quatre mots sans lien"


@pytest.fixture(autouse=True)
def _no_attempts_yet(settings: Any) -> None:
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
    cache.clear()


def is_signed_in(client: Client) -> bool:
    return "_auth_user_id" in client.session


def sign_in_path(cast: Cast) -> str:
    Client().post("/sign-in/link", {"email": " ANA@atlas.example"})
    return "/sign-in/link/" + mail.outbox[-1].body.split("/sign-in/link/")[1].split()[0]


def test_password_signs_in(cast: Cast, client: Client) -> None:
    cast.ana.account.set_password(PASSWORD)
    cast.ana.account.save()

    answer = client.post("/sign-in", {"login": "ana@atlas.example", "password": PASSWORD})

    assert (answer.status_code, answer.headers["Location"]) == (302, "/")
    assert is_signed_in(client)


def test_staff_come_in_by_their_work(cast: Cast, client: Client) -> None:
    cast.driss.account.set_password(PASSWORD)
    cast.driss.account.save()

    answer = client.post("/sign-in", {"login": "driss@atlas.example", "password": PASSWORD})

    assert answer.headers["Location"] == "/studio/ambassadors"


def test_wrong_password_keeps_the_address(cast: Cast, client: Client) -> None:
    answer = client.post("/sign-in", {"login": "ana@atlas.example", "password": "non"})

    assert 'value="ana@atlas.example"' in answer.content.decode()
    assert "L’adresse ou le mot de passe n’est pas le bon." in answer.content.decode()
    assert not is_signed_in(client)


def test_link_is_not_consumed_by_a_scanner_that_opens_it(cast: Cast, client: Client) -> None:
    path = sign_in_path(cast)

    looks = [Client().get(path).status_code, Client().head(path).status_code]
    client.post(path)

    assert looks == [200, 200]
    assert is_signed_in(client)


def test_link_serves_once(cast: Cast, client: Client) -> None:
    path = sign_in_path(cast)
    Client().post(path)

    answer = client.post(path)

    assert answer.status_code == 410
    assert not is_signed_in(client)


@pytest.mark.parametrize(("minutes", "status"), [(14, 302), (15, 410)])
def test_link_is_good_for_a_quarter_of_an_hour(cast: Cast, client: Client, minutes: int, status: int) -> None:
    token = tokens.sign_in_token(cast.ana.account, now=clock.now() - timedelta(minutes=minutes))

    assert client.post(f"/sign-in/link/{token}").status_code == status


def test_tampered_link_opens_nothing(cast: Cast, client: Client) -> None:
    token = tokens.sign_in_token(cast.ana.account, now=clock.now())

    answers = [
        client.post(f"/sign-in/link/{bad}").status_code for bad in (token[:-1] + "x", "x", token + "a")
    ]

    assert answers == [410, 410, 410]


@pytest.mark.parametrize("path", ["/sign-in/link", "/password/forgotten"])
def test_page_answers_known_and_unknown_addresses_alike(cast: Cast, path: str) -> None:
    pages = []
    for email in ("ana@atlas.example", "eve@atlas.example"):
        page = Client().post(path, {"email": email}, follow=True).content.decode()
        pages.append(page.replace(email, "").split('name="csrfmiddlewaretoken"')[0].split("<main")[1])

    assert pages[0] == pages[1]
    assert [letter.to for letter in mail.outbox] == [["ana@atlas.example"], ["eve@atlas.example"]]


def test_unknown_address_is_told_so_by_letter_without_a_link(cast: Cast, client: Client) -> None:
    client.post("/sign-in/link", {"email": "eve@atlas.example"})

    assert mail.outbox[0].subject == "Aucun compte Portevoix à cette adresse"
    assert "http" not in mail.outbox[0].body


def test_asking_again_and_again_is_stopped(cast: Cast, client: Client) -> None:
    statuses = [client.post("/sign-in/link", {"email": "ana@atlas.example"}).status_code for _ in range(5)]

    assert statuses == [200, 200, 200, 429, 429]
    assert len(mail.outbox) == 3


def test_forgotten_password_is_replaced(cast: Cast, client: Client) -> None:
    client.post("/password/forgotten", {"email": "ana@atlas.example"})
    path = "/password/new/" + mail.outbox[0].body.split("/password/new/")[1].split()[0]
    form = client.get(path, follow=True)

    client.post(form.redirect_chain[-1][0], {"password1": PASSWORD, "password2": PASSWORD})

    assert Account.objects.get(pk=cast.ana.account_id).check_password(PASSWORD)


def test_changing_the_password_ends_the_other_sessions(cast: Cast) -> None:
    cast.ana.account.set_password("celui d’avant")
    cast.ana.account.save()
    desk, phone = Client(), Client()
    desk.force_login(cast.ana.account)
    phone.force_login(cast.ana.account)

    words = {"oldpassword": "celui d’avant", "password1": PASSWORD, "password2": PASSWORD}
    desk.post("/password/change", words)

    assert [client.get("/password/change").status_code for client in (desk, phone)] == [200, 302]


def test_nobody_signs_up(cast: Cast, client: Client) -> None:
    paths = ("/signup", "/accounts/signup/", "/sign-up", "/accounts/email/", "/email")

    assert [client.get(path).status_code for path in paths] == [404] * 5


@pytest.mark.parametrize("following", ["https://evil.example/", "//evil.example", "javascript:alert(1)"])
def test_sign_in_leads_to_no_other_site(cast: Cast, client: Client, following: str) -> None:
    cast.ana.account.set_password(PASSWORD)
    cast.ana.account.save()

    answer = client.post("/sign-in", {"login": "ana@atlas.example", "password": PASSWORD, "next": following})

    assert answer.headers["Location"] == "/"


@pytest.mark.parametrize(("demo", "shown"), [(True, 1), (False, 0)])
def test_demo_alone_shows_its_log_ins(
    cast: Cast, client: Client, settings: Any, tmp_path: Path, demo: bool, shown: int
) -> None:
    log_ins = [{"name": "Ana Benali", "part": "ambassador", "email": "ana@atlas.example", "password": "p"}]
    (tmp_path / "demo-logins.json").write_text(json.dumps(log_ins))
    settings.DEMO, settings.VAR = demo, tmp_path

    page = client.get("/sign-in").content.decode()

    assert page.count("Ana Benali") == shown


def test_switching_puts_the_other_organisation_in_force(cast: Cast, client: Client, now: Any) -> None:
    from make import make_person

    twin = make_person(cast.atlas, "Otto", ["editor"], now=now)
    twin.account, old = cast.otto.account, twin.account
    twin.save()
    old.delete()
    client.force_login(cast.otto.account)

    client.post("/organisation/switch", {"organisation": cast.other.code})
    refused = client.post("/organisation/switch", {"organisation": "nothere"})

    assert client.session["organisation"] == cast.other.code
    assert refused.status_code == 404
