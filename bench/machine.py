"""The machine a figure was taken on, in one line, and where the figures of a run are kept."""

import json
import os
import platform
from pathlib import Path


def machine() -> str:
    """Cores, memory, kernel, Python."""
    memory_gb = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return (
        f"{os.cpu_count()} cores, {memory_gb:.0f} GiB, Linux {platform.release().split('-')[0]}, "
        f"Python {platform.python_version()}"
    )


def keep(name: str, figures: dict[str, object]) -> None:
    """Writes the figures as JSON under var/bench/, beside the table that was printed."""
    folder = Path(__file__).parent.parent / "var" / "bench"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{name}.json").write_text(json.dumps({"machine": machine(), **figures}, indent=2))
