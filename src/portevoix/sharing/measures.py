"""When a post's figures are read at its network: often at first, then less and less, for thirty days. Pure."""

from datetime import datetime, timedelta

LONGEST = timedelta(days=30)
AFTER_HOURS = (0.25, 1, 3, 6, 12, 24, 36, 48, 72, 96, 120, 168, 240, 336, 504, 720)


def next_reading(published_at: datetime, readings: int) -> datetime | None:
    """The moment of the next reading after that many; None once thirty days are over."""
    if readings >= len(AFTER_HOURS):
        return None
    return published_at + timedelta(hours=AFTER_HOURS[readings])
