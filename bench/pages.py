"""The pages of `docs/run/` that benches write: what stands between two markers is theirs, the rest is not touched."""

from pathlib import Path

PAGES = Path(__file__).parent.parent / "docs" / "run"


def write_part(page: str, name: str, text: str) -> None:
    """Puts that text between the markers of that name, which stand in the page already."""
    path = PAGES / page
    begin, end = f"<!-- {name}: written by a bench -->", f"<!-- {name}: end -->"
    head, found, rest = path.read_text().partition(begin)
    _old, closed, tail = rest.partition(end)
    if not (found and closed):
        raise ValueError(f"{page} has no part {name}.")
    path.write_text(f"{head}{begin}\n{text.strip()}\n{end}{tail}")
