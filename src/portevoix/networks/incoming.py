"""What a network says, made fit to be kept: servers are strangers', and may say anything in any place.

Texts lose what no database keeps and no line shows; identifiers are short or none; addresses are plain https; moments lie
within ten years. What is unfit becomes empty, or None: whoever reads says what that means. Nothing here raises.
"""

from collections.abc import Iterator
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import urlsplit

import regex

# As wide as the columns in which the caller keeps them.
LONGEST_ACCOUNT_ID, LONGEST_ID, LONGEST_PROFILE_URL, LONGEST_URL = 255, 500, 500, 1000
LONGEST_TOKEN = 16_000
LONGEST_DATE = 100
LONGEST_LIFE_SECONDS = 10 * 366 * 24 * 3600.0
# The largest figure that every reader of JSON holds exactly, and that columns of figures hold.
MOST = 2**53
BREAKS = regex.compile(r"[\t\n\v\f\r\x85\u2028\u2029]+")
UNKEPT = regex.compile(r"[\p{Cc}\p{Cs}]")
UNKEPT_IN_PROSE = regex.compile(r"[^\P{Cc}\t\n\r]|\p{Cs}")
PLAIN_ADDRESS = regex.compile(r"[^\s\p{C}\\<>\"]+")
TOKEN = regex.compile(r"[\x21-\x7e]+")


def one_line(text: str) -> str:
    """A text as one line, without control characters and halves of characters."""
    return str(UNKEPT.sub("", BREAKS.sub(" ", text)))


def prose(text: str) -> str:
    """A text that keeps its line breaks, and loses other control characters and halves of characters."""
    return str(UNKEPT_IN_PROSE.sub("", text))


def short(text: str, longest: int = LONGEST_ID) -> str:
    """An identifier; empty when it is longer than we keep: half an identifier names nothing."""
    return text if len(text) <= longest else ""


def token(text: str) -> str:
    """A token that a header can carry; empty when it cannot."""
    return text if len(text) <= LONGEST_TOKEN and TOKEN.fullmatch(text) else ""


def is_plain_https(address: str) -> bool:
    """Whether an address is https, names a host and nobody, and holds nothing that readers of addresses drop or bend."""
    if not PLAIN_ADDRESS.fullmatch(address):
        return False
    try:
        parts = urlsplit(address)
        port = parts.port
    except ValueError:
        return False
    return parts.scheme == "https" and bool(parts.hostname) and "@" not in parts.netloc and port != 0


def web_address(address: str, longest: int = LONGEST_URL) -> str:
    """An address fit to be shown as a link; empty when it is not."""
    return address if len(address) <= longest and is_plain_https(address) else ""


def whole(value: object) -> int | None:
    """A figure that can be kept; None when it is none, is negative, or is beyond all reason."""
    is_figure = isinstance(value, int) and not isinstance(value, bool)
    return value if is_figure and isinstance(value, int) and 0 <= value <= MOST else None


def lifetime(seconds: object) -> float | None:
    """Seconds that something lasts, ten years at most; None when it is no such figure."""
    if isinstance(seconds, bool) or not isinstance(seconds, int | float) or not seconds > 0:
        return None
    return float(min(seconds, LONGEST_LIFE_SECONDS))


def end(moment: object, now: float) -> float | None:
    """The moment at which something ends, in seconds since 1970, within ten years from now; None when it is none."""
    known = lifetime(moment)
    if known is None or isinstance(moment, bool) or not isinstance(moment, int | float):
        return None
    return float(min(moment, now + LONGEST_LIFE_SECONDS))


def moment_in(text: str) -> float | None:
    """The moment that a text names as ISO 8601 does, in seconds since 1970; UTC where it names no zone."""
    try:
        return _seconds(datetime.fromisoformat(text[:LONGEST_DATE]))
    except (ValueError, OverflowError, OSError):
        return None


def http_date_in(text: str) -> float | None:
    """The moment that a text names as headers do, in seconds since 1970."""
    try:
        return _seconds(parsedate_to_datetime(text[:LONGEST_DATE]))
    except (ValueError, TypeError, IndexError, OverflowError, OSError):
        return None


def _seconds(moment: datetime) -> float:
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()


def texts_in(found: Any) -> Iterator[str]:
    """Every text in a JSON value, however deep."""
    left = [found]
    while left:
        one = left.pop()
        if isinstance(one, str):
            yield one
        elif isinstance(one, dict):
            left += one.values()
        elif isinstance(one, list):
            left += one
