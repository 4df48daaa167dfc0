"""Time that runs faster, the same for every process of a run: what lasts minutes in the product lasts seconds here."""

import time
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

# A Tuesday morning, so that nobody is to be left alone for the eleven hours that a run may last.
MORNING = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)


@dataclass(frozen=True)
class FastClock:
    """Shows `begins` when the machine's monotonic clock says `origin`, and runs `factor` times as fast from there.

    Linux has one monotonic clock for all processes, so that they agree without a word.
    """

    begins: float
    origin: float
    factor: float

    @classmethod
    def started(cls, factor: float) -> "FastClock":
        """A clock that shows the morning now."""
        return cls(MORNING.timestamp(), time.monotonic(), factor)

    def shown_at(self, monotonic: float) -> float:
        """What it shows, in seconds since 1970, when the monotonic clock says so."""
        return self.begins + (monotonic - self.origin) * self.factor

    def now(self) -> datetime:
        """What it shows now."""
        return datetime.fromtimestamp(self.shown_at(time.monotonic()), UTC)

    def monotonic_at(self, shown: float) -> float:
        """What the monotonic clock says when this one shows that."""
        return self.origin + (shown - self.begins) / self.factor

    def wall_at(self, shown: datetime) -> datetime:
        """What the clock on the wall shows when this one shows that: for databases, which know no other."""
        ahead = self.monotonic_at(shown.timestamp()) - time.monotonic()
        return datetime.now(UTC) + timedelta(seconds=ahead)
