"""Which dated version of LinkedIn's interface we speak, and until when LinkedIn speaks it.

Each version lives a year at least; then every request that names it is answered 426. An installation may name a newer
one (`Grant.extra["version"]`) without waiting for a newer Portevoix.
"""

import re
from datetime import date

VERSION = "202609"
SOURCE = "https://learn.microsoft.com/en-us/linkedin/marketing/integrations/migrations"
# LinkedIn announces the very day in its table of migrations: until now always the 15th of the same month, or close to it.
SUNSET_DAY = 15

_DATED = re.compile(r"20[0-9]{2}(?:0[1-9]|1[0-2])")


def is_version(text: str) -> bool:
    """Whether a text names a version: the year, then the month."""
    return _DATED.fullmatch(text) is not None


def sunset_on(version: str) -> date:
    """The day from which LinkedIn may refuse that version."""
    return date(int(version[:4]) + 1, int(version[4:]), SUNSET_DAY)
