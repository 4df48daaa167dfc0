"""Time is right where it is easiest to be wrong."""

import zoneinfo
from datetime import UTC, datetime

import pytest

from portevoix.core import clock


def test_canary_nine_in_casablanca_is_nine_utc() -> None:
    moment = clock.resolve(clock.CANARY_WALL, clock.CANARY_ZONE)

    assert moment == datetime(2026, 11, 24, 9, 0, tzinfo=UTC)


def test_zone_data_never_comes_from_the_system() -> None:
    assert zoneinfo.TZPATH == ()


@pytest.mark.parametrize(
    ("wall", "zone", "utc"),
    [
        ("2026-09-19T12:00", "Africa/Casablanca", "2026-09-19T11:00"),
        ("2026-09-21T12:00", "Africa/Casablanca", "2026-09-21T12:00"),
        ("2025-03-10T12:00", "Africa/Casablanca", "2025-03-10T12:00"),  # Ramadan 2025
        ("2025-04-10T12:00", "Africa/Casablanca", "2025-04-10T11:00"),
        ("2026-11-24T09:00", "Europe/Paris", "2026-11-24T08:00"),
        ("2027-03-28T02:30", "Europe/Paris", "2027-03-28T01:00"),  # skipped: first valid minute is 03:00
        ("2026-10-25T02:30", "Europe/Paris", "2026-10-25T00:30"),  # twice: the first
    ],
)
def test_resolve_follows_the_law_of_the_place(wall: str, zone: str, utc: str) -> None:
    moment = clock.resolve(datetime.fromisoformat(wall), zone)

    assert moment == datetime.fromisoformat(utc).replace(tzinfo=UTC)


@pytest.mark.parametrize("name", ["", "Mars/Olympus", "../etc/passwd", "\x00"])
def test_zone_refuses_what_is_none(name: str) -> None:
    with pytest.raises(clock.UnknownZone):
        clock.zone(name)
