"""Real input written by others, lying beside the repository: read it there, copy none of it here."""

from pathlib import Path

import pytest

FOLDER = Path(__file__).resolve().parents[2] / "shared" / "data"


def shared_data(name: str) -> Path:
    """The folder of that name under `../shared/data`; the test that asks is skipped where there is none."""
    folder = FOLDER / name
    if not folder.is_dir():
        pytest.skip(f"no real input here: {folder} does not exist")
    return folder
