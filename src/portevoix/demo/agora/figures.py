"""How a post fares: figures that follow from its identifier and its age alone, and never fall.

Some dozens of views on the first day, most of them soon; as many again over the next three, then nothing more.
"""

import hashlib
from dataclasses import dataclass

DAY = 24 * 3600.0
DAYS_OF_LIFE = 4.0


@dataclass(frozen=True)
class Figures:
    """What Agora tells of a post."""

    views: int
    likes: int
    reposts: int
    replies: int


def figures(post_id: str, age: float) -> Figures:
    """The figures of a post of that age, in seconds."""
    draws = hashlib.sha256(post_id.encode()).digest()
    days = min(max(age, 0.0) / DAY, DAYS_OF_LIFE)
    # A square root: a quarter of an hour brings a tenth of the day's views, four days bring twice as many.
    views = _between(28, 84, draws[0]) * days**0.5
    return Figures(
        views=int(views),
        likes=int(views * _between(0.04, 0.12, draws[1])),
        reposts=int(views * _between(0.0, 0.03, draws[2])),
        replies=int(views * _between(0.0, 0.04, draws[3])),
    )


def _between(low: float, high: float, draw: int) -> float:
    return low + (high - low) * draw / 255
