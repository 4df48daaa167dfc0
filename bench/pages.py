"""The pages of `docs/run/` that benches write: a part between two markers is theirs, the rest is not touched."""

from pathlib import Path

PAGES = Path(__file__).parent.parent / "docs" / "run"


def write_part(page: str, name: str, text: str, *, before: str = "") -> None:
    """Puts that text between the markers of that name; at the end of the page, or ahead of `before`, the first time."""
    path = PAGES / page
    begin, end = f"<!-- {name}: written by a bench -->", f"<!-- {name}: end -->"
    part = f"{begin}\n{text.strip()}\n{end}"
    held = path.read_text() if path.exists() else ""
    if begin in held and end in held:
        head, _, rest = held.partition(begin)
        held = f"{head}{part}{rest.partition(end)[2]}"
    elif before and before in held:
        head, mark, rest = held.partition(before)
        held = f"{head}{part}\n\n{mark}{rest}"
    else:
        held = f"{held.rstrip()}\n\n{part}\n".lstrip()
    path.write_text(held)
