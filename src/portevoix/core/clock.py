"""Time: now, zones, wall clocks. No Django here, so that every storey may ask.

Time zones come from the `tzdata` package, never from the system: hosts whose system data predates release 2026c place
Morocco one hour off (Africa/Casablanca stays on UTC+00 since 20 September 2026; IANA tz NEWS, release 2026c).
Importing this module makes that so for the whole process.
"""

import zoneinfo
from datetime import UTC, datetime, timedelta
from importlib import metadata

# The system's database would win over the package's otherwise, however old it is.
zoneinfo.reset_tzpath(to=[])
zoneinfo.ZoneInfo.clear_cache()

CANARY_WALL = datetime(2026, 11, 24, 9, 0)  # noqa: DTZ001  a wall clock, on purpose
CANARY_ZONE = "Africa/Casablanca"


class UnknownZone(ValueError):
    """The name is not one of the IANA time zones."""


def now() -> datetime:
    """The present moment, aware, in UTC."""
    return datetime.now(UTC)


def zone(name: str) -> zoneinfo.ZoneInfo:
    """The IANA zone of that name, from the packaged data; refuses a name it does not know."""
    try:
        return zoneinfo.ZoneInfo(name)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise UnknownZone(f"{name!r} is not an IANA time zone.") from error


def zone_names() -> tuple[str, ...]:
    """Every IANA zone name of the packaged data, in alphabetical order."""
    return tuple(sorted(zoneinfo.available_timezones()))


def resolve(wall: datetime, zone_name: str) -> datetime:
    """The moment (UTC) at which clocks of the zone show `wall`.

    A time that a change of clocks skips becomes the first valid minute after the gap; one that occurs twice is the first.
    """
    local = wall.replace(tzinfo=zone(zone_name), fold=0)
    moment = local.astimezone(UTC)
    if moment.astimezone(local.tzinfo).replace(tzinfo=None) == wall.replace(tzinfo=None):
        return moment
    return _end_of_gap(moment, zone_name)


def _end_of_gap(moment: datetime, zone_name: str) -> datetime:
    """The clock change next to `moment`, which lies in the hours just after it by construction."""
    tz, late = zone(zone_name), moment.replace(second=0, microsecond=0)
    while late.astimezone(tz).utcoffset() == (late - timedelta(minutes=1)).astimezone(tz).utcoffset():
        late -= timedelta(minutes=1)
    return late


def tzdata_version() -> str:
    """The IANA release in use, as the package numbers it."""
    return metadata.version("tzdata")
