"""Tokens are shown once, kept as a hash, and end at once."""

from datetime import datetime, timedelta

import pytest

from cast import Cast
from portevoix.core.errors import NotFound, Refusal
from portevoix.people.actions.api_tokens import (
    MOST_TOKENS,
    create_api_token,
    hash_of_token,
    note_use_of_token,
    revoke_api_token,
)
from portevoix.people.models import ApiToken, TrailEntry
from portevoix.people.queries import get_api_token_for, token_of_secret


def test_token_is_known_by_its_secret_and_kept_without_it(cast: Cast, now: datetime) -> None:
    token, secret = create_api_token(organisation=cast.atlas, by=cast.driss, name=" CRM ", now=now)

    row = ApiToken.objects.values().get()
    assert token_of_secret(hash_of_token(secret)) == token
    assert token_of_secret(hash_of_token(secret + "x")) is None
    assert (row["name"], secret[:8]) == ("CRM", row["beginning"])
    assert not any(secret in str(value) for value in row.values())
    assert secret not in str(list(TrailEntry.objects.values()))


def test_revoked_token_is_unknown(cast: Cast, now: datetime) -> None:
    token, secret = create_api_token(organisation=cast.atlas, by=cast.driss, name="CRM", now=now)

    for _again in range(2):
        revoke_api_token(token=token, by=cast.driss, now=now)

    assert token_of_secret(hash_of_token(secret)) is None
    assert list(TrailEntry.objects.order_by("pk").values_list("act", flat=True)) == [
        "create_api_token",
        "revoke_api_token",
    ]


def test_name_is_free_again_once_its_token_is_revoked(cast: Cast, now: datetime) -> None:
    token, _secret = create_api_token(organisation=cast.atlas, by=cast.driss, name="CRM", now=now)
    with pytest.raises(Refusal) as why:
        create_api_token(organisation=cast.atlas, by=cast.driss, name="crm", now=now)
    revoke_api_token(token=token, by=cast.driss, now=now)

    assert why.value.code == "name_taken"
    assert create_api_token(organisation=cast.atlas, by=cast.driss, name="crm", now=now)[0].name == "crm"


def test_there_are_twenty_at_most(cast: Cast, now: datetime) -> None:
    for number in range(MOST_TOKENS):
        create_api_token(organisation=cast.atlas, by=cast.driss, name=f"CRM {number}", now=now)

    with pytest.raises(Refusal) as why:
        create_api_token(organisation=cast.atlas, by=cast.driss, name="one more", now=now)

    assert why.value.code == "too_many_tokens"


def test_use_is_noted_to_the_hour(cast: Cast, now: datetime) -> None:
    token, _secret = create_api_token(organisation=cast.atlas, by=cast.driss, name="CRM", now=now)

    noted = []
    for minutes in (0, 59, 61):
        token.refresh_from_db()
        noted.append(note_use_of_token(token=token, now=now + timedelta(minutes=minutes)))

    assert noted == [True, False, True]


def test_token_is_found_by_those_who_administer(cast: Cast, now: datetime) -> None:
    token, _secret = create_api_token(organisation=cast.atlas, by=cast.driss, name="CRM", now=now)

    assert get_api_token_for(cast.driss, token.code) == token
    with pytest.raises(NotFound):
        get_api_token_for(cast.ines, token.code)
