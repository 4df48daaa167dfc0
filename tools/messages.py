"""The words of the product: extracts them, says which are untranslated, compiles them. No gettext tools needed.

Words live beside the pages that speak them: a folder of `src/portevoix` that holds a `locale/` owns every string below it
that no deeper `locale/` owns. Message ids are English; French and Arabic are translated.

    python tools/messages.py update [AREA]   new strings into the catalogues, translations kept, unused ones dropped
    python tools/messages.py check           prints what is missing; fails when anything is
    python tools/messages.py compile         builds the .mo files (never committed)
"""

import os
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

SOURCE = Path(__file__).parent.parent / "src" / "portevoix"
TRANSLATED = ("fr", "ar")
KEYWORDS = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
    "npgettext_lazy": ((1, "c"), 2, 3),
}
ARABIC_PLURALS = (
    "(n==0 ? 0 : n==1 ? 1 : n==2 ? 2 : n%100>=3 && n%100<=10 ? 3 : n%100>=11 && n%100<=99 ? 4 : 5)"
)
Words = tuple[str | tuple[str, ...], str | None]


def areas() -> list[Path]:
    """The folders that own words, deepest first."""
    return sorted((p.parent for p in SOURCE.glob("**/locale")), key=lambda p: -len(p.parts))


def owner(file: Path) -> Path | None:
    """The area a source file belongs to."""
    return next((area for area in areas() if area in file.parents), None)


def words_of(file: Path) -> Iterator[tuple[Words, int]]:
    """Each translatable string of a file, with its line."""
    text = file.read_text("utf-8")
    if file.suffix == ".html":
        text = as_python(text, file)
    for line, found, _comments, context in extract(
        "python", BytesIO(text.encode()), keywords=KEYWORDS, comment_tags=("Translators:",)
    ):
        yield (found, context), line


def as_python(text: str, file: Path) -> str:
    """A template as source that the extractor of Python reads."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portevoix.settings")
    from django.utils.translation.template import templatize

    # A template's indentation means nothing to Python, and would be refused by it.
    return "\n".join(line.strip() for line in templatize(text, origin=str(file)).split("\n"))


def template_of(area: Path) -> Catalog:
    """What one area says, as an empty catalogue."""
    catalogue = Catalog(charset="utf-8")
    for file in sorted([*area.rglob("*.py"), *area.rglob("*.html"), *area.rglob("*.txt")]):
        if "migrations" in file.parts or owner(file) != area:
            continue
        for (found, context), _line in words_of(file):
            flags = ["python-format"] if "%(" in str(found) else []
            # No line numbers: they would change the catalogues at every edit.
            catalogue.add(found, locations=[(str(file.relative_to(SOURCE)), 0)], context=context, flags=flags)
    return catalogue


def catalogue_path(area: Path, language: str) -> Path:
    return area / "locale" / language / "LC_MESSAGES" / "django.po"


def load(path: Path, language: str) -> Catalog:
    """The catalogue at that path; an empty one where there is none."""
    catalogue = Catalog(locale=language, charset="utf-8")
    if path.exists():
        with path.open("rb") as file:
            catalogue = read_po(file, locale=language)
    if language == "ar":
        # Babel puts 11 to 99 last; every other tool, and Django, puts them before "all the rest".
        catalogue._plural_expr = ARABIC_PLURALS  # type: ignore[assignment]  # declared as None only
    return catalogue


def update(only: str | None = None) -> None:
    """Brings the catalogues in line with the source."""
    for area in areas():
        if only and area != SOURCE / only:
            continue
        template = template_of(area)
        for language in TRANSLATED:
            path = catalogue_path(area, language)
            catalogue = load(path, language)
            catalogue.update(template, no_fuzzy_matching=True)
            catalogue.obsolete.clear()
            catalogue.header_comment = f"# Portevoix, {area.relative_to(SOURCE)}, {language}."
            catalogue.revision_date = catalogue.creation_date = datetime(2026, 11, 23, tzinfo=UTC)
            path.parent.mkdir(parents=True, exist_ok=True)
            with path.open("wb") as file:
                write_po(file, catalogue, width=110, sort_output=True, include_lineno=False)


def is_translated(message: Message) -> bool:
    forms = message.string if isinstance(message.string, list | tuple) else [message.string]
    return all(forms) and not message.fuzzy


def missing() -> Iterator[str]:
    """One line for each string without its French or Arabic."""
    for area in areas():
        template = template_of(area)
        for language in TRANSLATED:
            catalogue = load(catalogue_path(area, language), language)
            for message in template:
                there = catalogue.get(message.id, message.context) if message.id else None
                if message.id and (there is None or not is_translated(there)):
                    yield f"{area.relative_to(SOURCE)} {language}: {message.id!r}"


def homeless() -> Iterator[str]:
    """Files that speak but belong to no area: their words would never be translated."""
    for file in [*SOURCE.rglob("*.py"), *SOURCE.rglob("*.html")]:
        if owner(file) is None and "migrations" not in file.parts and any(words_of(file)):
            yield f"{file.relative_to(SOURCE)}: no locale/ folder above it"


def compile_all() -> None:
    """Builds every .mo beside its .po; skips those already newer."""
    for po in SOURCE.glob("**/locale/*/LC_MESSAGES/django.po"):
        mo = po.with_suffix(".mo")
        if mo.exists() and mo.stat().st_mtime >= po.stat().st_mtime:
            continue
        catalogue = load(po, po.parts[-3])
        building = mo.with_suffix(".building")
        with building.open("wb") as target:
            write_mo(target, catalogue)
        building.replace(mo)


def main(arguments: list[str]) -> int:
    match arguments:
        case ["update", *rest]:
            update(rest[0] if rest else None)
        case ["compile"]:
            compile_all()
        case ["check"]:
            lines = [*missing(), *homeless()]
            print("\n".join(lines) or "Every string is translated.")
            return 1 if lines else 0
        case _:
            print(__doc__)
            return 2
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
