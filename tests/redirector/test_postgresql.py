"""The redirector reads from PostgreSQL what Django wrote there; on SQLite its own tests do the same with a file."""

from dataclasses import astuple
from datetime import datetime, timedelta

import pytest
from django.db import connection

from cast import Cast
from portevoix.core import tenancy
from portevoix.links.actions.cards import keep_card
from portevoix.links.actions.keys import keep_visitor_secrets
from portevoix.links.actions.opening import open_link, withdraw_links
from portevoix.links.cards import CardFacts
from portevoix.links.models import ClickKey, VisitorPeriod
from portevoix.redirector.store import DatabaseAway, PostgresSource, link_of

pytestmark = [
    pytest.mark.skipif("sqlite" in connection.vendor, reason="the suite runs on SQLite here"),
    pytest.mark.django_db(transaction=True),
]


@pytest.fixture
def source() -> PostgresSource:
    told = connection.settings_dict
    return PostgresSource(
        f"postgres://{told['USER']}:{told['PASSWORD']}@{told['HOST']}:{told['PORT'] or 5432}/{told['NAME']}"
    )


def test_link_is_read_as_it_was_written(cast: Cast, now: datetime, source: PostgresSource) -> None:
    with tenancy.acting_for(cast.atlas.pk):
        link = open_link(
            organisation=cast.atlas,
            destination="https://atlas.example/une-page",
            fallback="https://atlas.example/",
            expires_at=now + timedelta(days=1),
            now=now,
        )
        [row] = source.links([link.code, "absent"])
        withdraw_links(links=[link], now=now)

    found = link_of(row)
    assert (found.id, found.location) == (link.pk, "https://atlas.example/une-page")
    assert not found.is_closed(now.timestamp())
    assert found.is_closed((now + timedelta(days=2)).timestamp())
    assert link_of(source.links([link.code])[0]).withdrawn


def test_secrets_of_visitors_are_read_with_their_periods(
    cast: Cast, now: datetime, source: PostgresSource
) -> None:
    keep_visitor_secrets(organisation_id=cast.atlas.pk, now=now)
    keep_visitor_secrets(organisation_id=cast.other.pk, now=now)

    rows = source.secrets(cast.atlas.pk)

    kept = VisitorPeriod.unscoped.filter(organisation=cast.atlas).order_by("starts_at")
    assert [(bytes(secret), start, end) for secret, start, end in rows] == [
        (bytes(one.secret), one.starts_at, one.ends_at) for one in kept
    ]


def test_nothing_is_read_from_a_server_that_is_away() -> None:
    with pytest.raises(DatabaseAway):
        PostgresSource("postgres://nobody@127.0.0.1:1/none").links(["abc"])


def test_key_of_click_ids_is_read_with_links_that_carry_them(
    cast: Cast, now: datetime, source: PostgresSource
) -> None:
    facts = {
        "destination": "https://atlas.example/a",
        "fallback": "https://atlas.example/",
        "expires_at": None,
    }
    with tenancy.acting_for(cast.atlas.pk):
        telling = open_link(organisation=cast.atlas, now=now, carries_click_id=True, **facts)
        silent = open_link(organisation=cast.atlas, now=now, **facts)

    rows = {row[2]: row for row in source.links([telling.code, silent.code])}

    assert bytes(rows[telling.code][7]) == bytes(ClickKey.unscoped.get().secret)
    assert [link_of(rows[one.code]).carries_click_id for one in (telling, silent)] == [True, False]


def test_card_of_a_link_is_read(cast: Cast, now: datetime, source: PostgresSource) -> None:
    shown = CardFacts(
        "Titre", "Résumé", "fr", "Atlas", "https://atlas.example/a", "/pictures/a", "image/jpeg", 9, 8, "A"
    )
    facts = {"destination": shown.page, "fallback": shown.page, "expires_at": None, "now": now}
    card = keep_card(organisation=cast.atlas, subject="story", shown=shown, now=now)
    with tenancy.acting_for(cast.atlas.pk):
        telling = open_link(organisation=cast.atlas, card=card, **facts)
        silent = open_link(organisation=cast.atlas, **facts)

    assert [tuple(row) for row in source.cards(telling.code)] == [astuple(shown)]
    assert source.cards(silent.code) == []
