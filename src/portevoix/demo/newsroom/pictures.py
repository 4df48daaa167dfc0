"""The illustrations of the newsroom: flat scenes of 1200 × 630, drawn here, the same bytes every time."""

from collections.abc import Callable
from functools import cache

from portevoix.demo.newsroom import scenes_inside, scenes_outside, scenes_town
from portevoix.demo.newsroom.canvas import Canvas

_SCENES: dict[str, Callable[[], Canvas]] = {
    "cold-store": scenes_inside.cold_store,
    "control-room": scenes_inside.control_room,
    "depot": scenes_inside.depot,
    "factory": scenes_outside.factory,
    "invoice": scenes_inside.invoice,
    "olives": scenes_outside.olives,
    "port": scenes_town.port,
    "pump": scenes_outside.pump,
    "rooftops": scenes_town.rooftops,
    "school": scenes_town.school,
    "table": scenes_inside.table,
    "train": scenes_outside.train,
    "turbines": scenes_outside.turbines,
    "workshop": scenes_inside.workshop,
}

NAMES: tuple[str, ...] = tuple(_SCENES)


@cache
def png(name: str) -> bytes:
    """The scene called `name`, as PNG, drawn once; an unknown name is a KeyError."""
    return _SCENES[name]().png()
