"""The feeds the demo company follows, all served by its own newsroom."""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True)
class Source:
    """A feed; `mode` says whether its articles wait for an editor."""

    key: str
    name: str
    address: str
    mode: Literal["review", "publish"]
    pillar: str
    new_per_day: int = 3
    most_active: int = 10


SOURCES = (
    Source(
        "atlas",
        "Atlas Énergies, actualités",
        "https://atlas-energies.example/actualites/flux.xml",
        "review",
        "roof",
    ),
    Source(
        "lettre", "La Lettre de l’énergie", "https://lettre-energie.example/atom.xml", "review", "plain", 2
    ),
    Source("chaouia", "إيكو الشاوية", "https://eco-chaouia.example/ar/rss.xml", "review", "roof", 2),
)
