"""Agora through our own client and the one way out: an account connected, a post published, and what goes wrong."""

import json
from collections.abc import Iterator
from datetime import timedelta
from urllib.parse import urlsplit

import pytest

from agora_town import BACK, LINK, PNG, T, Town, account_of
from portevoix.networks.contract import Attachment, Card, Draft
from portevoix.networks.direct import Ask, Finding, Grant, Key, Keys, Media, Published
from portevoix.networks.dummy.publisher import DummyPublisher
from portevoix.networks.dummy.sign_in import DummySignIn
from portevoix.networks.failures import Absent, OperatorMust, OutcomeUnknown, Refused, SignInAgain


@pytest.fixture
def town() -> Iterator[Town]:
    with Town.served() as town:
        yield town


DRAFT = Draft(
    text="Lu ce matin.",
    url=LINK,
    language="fr",
    disclosure="Je travaille chez Acme",
    card=Card("Une usine", picture=Attachment("p1", alt="Une usine au soleil")),
)


def load(_code: str) -> Media:
    return Media(PNG, "image/png")


def test_a_person_connects_an_account_of_theirs(town: Town) -> None:
    grant, answer = town.sign_in(account=account_of(town.agora).id)

    who = DummySignIn().who(grant, town.wire)

    assert answer["state"] == "state & more"
    assert (who.handle, who.name) == ("@ana.belkadi", "Ana Belkadi")
    assert who.url == "https://agora.example/@ana.belkadi"
    assert grant.expires_at == T + 3600


def test_a_person_opens_an_account_under_a_name_of_theirs(town: Town) -> None:
    grant, _ = town.sign_in(account="new", name="  هند السلامي ")

    who = DummySignIn().who(grant, town.wire)

    assert (who.name, who.handle) == ("هند السلامي", "@هند.السلامي")
    assert town.ask(urlsplit(who.url).path)[0] == 200


def test_a_refusal_comes_back_as_one(town: Town) -> None:
    ask = Ask(Keys(), BACK, "s")
    begun = DummySignIn().begin(ask, town.wire)

    status, headers, _ = town.consent(begun.url, answer="refuse")

    assert (status, headers["Location"]) == (303, f"{BACK}?error=access_denied&state=s")
    with pytest.raises(Refused, match="refuses"):
        DummySignIn().finish(ask, begun.kept, {"error": "access_denied"}, town.wire)


def test_grants_are_refreshed_and_end(town: Town) -> None:
    old, _ = town.sign_in(account=account_of(town.agora).id)
    town.now += timedelta(hours=2)
    with pytest.raises(SignInAgain):
        DummySignIn().who(old, town.wire)

    fresh = DummySignIn().refresh(old, Keys(), town.wire)
    assert DummySignIn().who(fresh, town.wire).name == "Ana Belkadi"

    DummySignIn().revoke(fresh, Keys(), town.wire)
    with pytest.raises(SignInAgain):
        DummySignIn().who(fresh, town.wire)
    with pytest.raises(SignInAgain):
        DummySignIn().refresh(fresh, Keys(), town.wire)


def test_another_client_is_not_known(town: Town) -> None:
    with pytest.raises(OperatorMust):
        DummySignIn.flow.exchange(Ask(Keys("portevoix", "wrong"), BACK, ""), {}, {"code": "c"}, town.wire)


@pytest.mark.parametrize(
    ("form", "error"),
    [
        ({}, "invalid_request"),
        ({"grant_type": "password"}, "unsupported_grant_type"),
        ({"grant_type": "authorization_code", "code": "c"}, "invalid_request"),
        ({"grant_type": "refresh_token", "refresh_token": "r"}, "invalid_grant"),
    ],
)
def test_faulty_exchanges_are_named(town: Town, form: dict[str, str], error: str) -> None:
    client = {"client_id": "portevoix", "client_secret": "agora"}

    status, _headers, body = town.ask("/oauth/token", {**client, **form})

    assert (status, json.loads(body)) == (400, {"error": error})


def test_a_post_is_published_once_found_measured_and_taken_off(town: Town) -> None:
    grant, _ = town.sign_in(account=account_of(town.agora).id)
    publisher = DummyPublisher()
    frozen = publisher.freeze(DRAFT, Key("share-1", T))
    assert publisher.find(frozen, {}, grant, town.wire) is Finding.ABSENT
    prepared = publisher.prepare(frozen, grant, load, town.wire)

    published = publisher.publish(frozen, prepared, grant, town.wire)
    again = publisher.publish(frozen, prepared, grant, town.wire)

    assert again == published == publisher.find(frozen, prepared, grant, town.wire)
    assert published.url == f"https://agora.example/@ana.belkadi/{published.post_id}"
    town.now += timedelta(minutes=50)
    told = publisher.read_figures(published.post_id, grant, town.wire)
    assert set(told) == {"views", "likes", "reposts", "replies"}
    assert told["views"] > 0
    publisher.delete(published.post_id, frozen, grant, town.wire)
    publisher.delete(published.post_id, frozen, grant, town.wire)
    with pytest.raises(Absent):
        publisher.read_figures(published.post_id, grant, town.wire)
    assert publisher.find(frozen, prepared, grant, town.wire) is Finding.ABSENT


def test_a_post_whose_answer_was_lost_is_found(town: Town) -> None:
    grant, _ = town.sign_in(account=account_of(town.agora).id)
    publisher = DummyPublisher()
    frozen = publisher.freeze(DRAFT, Key("share-1", T))
    town.drop = {"POST"}

    with pytest.raises(OutcomeUnknown):
        publisher.publish(frozen, {}, grant, town.wire)

    found = publisher.find(frozen, {}, grant, town.wire)
    assert isinstance(found, Published)
    assert found.post_id == town.agora.latest()[0][1].id


def test_what_agora_does_not_take_is_said_to_programs(town: Town) -> None:
    grant, _ = town.sign_in(account=account_of(town.agora).id)
    publisher = DummyPublisher()
    frozen = {**publisher.freeze(DRAFT, Key("share-1", T)), "text": "a" * 601}

    with pytest.raises(Refused) as refused:
        publisher.publish(frozen, {}, grant, town.wire)
    with pytest.raises(SignInAgain):
        publisher.publish(frozen, {}, Grant(access_token="nobody's"), town.wire)

    assert refused.value.detail == "too_long"
    headers = {"Authorization": f"Bearer {grant.access_token}"}
    answers = [
        town.wire.call("POST", "https://agora.example/api/posts", headers=headers, content=b"[1]"),
        town.wire.call("POST", "https://agora.example/api/posts", headers=headers, content=b'{"text": 1}'),
        town.wire.call("POST", "https://agora.example/api/pictures", headers=headers, content=b"<svg/>"),
        town.wire.call("GET", "https://agora.example/api/posts/none", headers=headers),
        town.wire.call("GET", "https://agora.example/api/me"),
    ]
    assert [answer.status for answer in answers] == [400, 400, 415, 404, 401]
