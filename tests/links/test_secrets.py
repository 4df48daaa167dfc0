"""Secrets of visitors: one a month, made ahead, destroyed when the month is over."""

from datetime import UTC, datetime

from cast import Cast
from portevoix.links.jobs import renew_visitor_secrets
from portevoix.links.models import VisitorSecret

NOVEMBER = datetime(2026, 11, 24, tzinfo=UTC)
DECEMBER = datetime(2026, 12, 1, tzinfo=UTC)


def months(cast: Cast) -> dict[str, bytes]:
    rows = VisitorSecret.unscoped.filter(organisation=cast.atlas)
    return {row.month: bytes(row.secret) for row in rows}


def test_secrets_are_made_a_month_ahead_for_every_organisation(cast: Cast) -> None:
    changed_count = renew_visitor_secrets(NOVEMBER)

    assert (changed_count, sorted(months(cast))) == (4, ["2026-11", "2026-12"])
    assert {len(secret) for secret in months(cast).values()} == {32}
    assert len(set(VisitorSecret.unscoped.values_list("secret", flat=True))) == 4


def test_secret_stays_the_same_all_month(cast: Cast) -> None:
    renew_visitor_secrets(NOVEMBER)
    before = months(cast)

    changed_count = renew_visitor_secrets(datetime(2026, 11, 30, 23, 59, tzinfo=UTC))

    assert (changed_count, months(cast)) == (0, before)


def test_secret_is_destroyed_when_its_month_is_over(cast: Cast) -> None:
    renew_visitor_secrets(NOVEMBER)
    december = months(cast)["2026-12"]

    renew_visitor_secrets(DECEMBER)

    assert sorted(months(cast)) == ["2026-12", "2027-01"]
    assert months(cast)["2026-12"] == december
