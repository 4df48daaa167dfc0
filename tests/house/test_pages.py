"""Pages keep to the rules: short, no inline script or style, logical sides only, every word translated."""

import re
import sys
from pathlib import Path

import pytest
from django.template import TemplateSyntaxError

ROOT = Path(__file__).parents[2]
SOURCE = ROOT / "src" / "portevoix"
TEMPLATES = sorted(file for file in (SOURCE / "web").rglob("*.html"))
sys.path.insert(0, str(ROOT / "tools"))

# Tailwind's physical sides; their logical twins (ms, me, ps, pe, start, end) mirror by themselves in Arabic.
PHYSICAL = re.compile(
    r"(?<![\w-])-?(?:ml|mr|pl|pr|left|right|border-l|border-r|rounded-l|rounded-r|rounded-tl|rounded-tr|rounded-bl"
    r"|rounded-br|text-left|text-right|float-left|float-right)(?:-[\w\[\]./]+)?(?=[\s\"'])"
)
INLINE = re.compile(
    r"\sstyle=|\son(?:click|change|input|submit|load|error|focus|blur|toggle|key\w+|mouse\w+|pointer\w+)="
)
BANNED = re.compile(r"\b(engage|engagement|leverage|viral|engager|viralité)\b", re.IGNORECASE)


def name_of(file: Path) -> str:
    return str(file.relative_to(SOURCE))


@pytest.mark.parametrize("file", TEMPLATES, ids=name_of)
def test_page_keeps_the_rules(file: Path) -> None:
    text = file.read_text()
    without_comments = re.sub(r"{#.*?#}|{% comment.*?endcomment %}|<!--.*?-->", "", text, flags=re.DOTALL)
    classes = " ".join(re.findall(r'class="([^"]*)"', without_comments)).join('""')

    assert text.count("\n") <= 150
    assert (
        re.findall(r"<style|<script(?![^>]*\bsrc=)(?![^>]*type=\"application/json\")", without_comments) == []
    )
    assert INLINE.findall(without_comments) == []
    assert PHYSICAL.findall(classes) == []
    assert BANNED.findall(without_comments) == []


def test_every_icon_that_a_page_draws_exists() -> None:
    """A drawing that is missing breaks the page, and only where it is shown."""
    from portevoix.web.templatetags.icons import icon

    named = re.compile(
        r"""icon(?:_end)?="([a-z0-9-]+)"|{% icon "([a-z0-9-]+)"|icon(?:_end)?='([a-z0-9-]+)'"""
    )
    missing = []
    for file in SOURCE.rglob("*.html"):
        for found in named.finditer(file.read_text()):
            name = next(filter(None, found.groups()))
            try:
                icon(name)
            except TemplateSyntaxError:
                missing.append(f"{file.name}: {name}")

    assert missing == []


def test_every_string_is_translated() -> None:
    import messages

    assert [*messages.missing(), *messages.homeless()] == []


def test_translations_keep_their_placeholders() -> None:
    import messages

    broken = []
    for po in SOURCE.rglob("*.po"):
        for message in messages.load(po, po.parts[-3]):
            ids = message.id if isinstance(message.id, tuple | list) else [message.id]
            strings = message.string if isinstance(message.string, tuple | list) else [message.string]
            wanted = set(re.findall(r"%\(\w+\)s", ids[-1] or ""))
            if message.id and any(not set(re.findall(r"%\(\w+\)s", s)) <= wanted for s in strings):
                broken.append(f"{name_of(po)}: {message.id!r}")

    assert broken == []


def test_one_sentence_has_one_translation() -> None:
    """The same words in two rooms are translated alike: Django would show whichever it read first."""
    import messages

    seen: dict[tuple[str, str, str], tuple[str, str]] = {}
    different = []
    for po in sorted(SOURCE.rglob("*.po")):
        for message in messages.load(po, po.parts[-3]):
            key = (po.parts[-3], str(message.id), message.context or "")
            first, where = seen.setdefault(key, (str(message.string), name_of(po)))
            if message.id and first != str(message.string):
                different.append(f"{message.id!r}: {where}, {name_of(po)}")

    assert different == []


def test_french_typography() -> None:
    """A no-break space stands before : ; ? % and inside « », and nobody is shouted at."""
    import messages

    wrong = []
    for po in SOURCE.rglob("fr/LC_MESSAGES/django.po"):
        for message in messages.load(po, "fr"):
            strings = message.string if isinstance(message.string, tuple | list) else [message.string]
            for text in strings if message.id else []:
                plain = re.sub(r"https?://\S+|%\(\w+\)s|%%|<[^>]+>|&\w+;|\d+:\d+|mailto:", "", text)
                if re.search(r"[^\s][:;?%»]|[ ][:;?%»]|«[^\u00a0\u202f]|!", plain):
                    wrong.append(f"{name_of(po)}: {text!r}")

    assert wrong == []


def test_arabic_uses_arabic_punctuation() -> None:
    import messages

    wrong = [
        f"{name_of(po)}: {text!r}"
        for po in SOURCE.rglob("ar/LC_MESSAGES/django.po")
        for message in messages.load(po, "ar")
        if message.id
        for text in (message.string if isinstance(message.string, tuple | list) else [message.string])
        if re.search(r"[ء-ي]\s?[?;,]", text) or "!" in text
    ]

    assert wrong == []


@pytest.mark.parametrize(
    ("count", "form"),
    [(0, 0), (1, 1), (2, 2), (3, 3), (10, 3), (11, 4), (99, 4), (100, 5), (102, 5), (103, 3), (111, 4)],
)
def test_arabic_counts_as_arabic_does(count: int, form: int) -> None:
    """Zero, one, two, a few (3 to 10), many (11 to 99), all the rest: the order translators write them in (CLDR)."""
    from gettext import c2py

    import messages

    plural = c2py(messages.ARABIC_PLURALS)

    assert plural(count) == form


# Names that may be in Latin letters, or end with a mark of their own.
NAMES = r"title|story|phrases?|better|pillar|fact|name|inviter|organisation|email|host"


def arabic_strings() -> list[tuple[str, tuple[str, ...]]]:
    """Where each Arabic sentence is, and its forms."""
    import messages

    return [
        (name_of(po), tuple(message.string if isinstance(message.string, tuple | list) else [message.string]))
        for po in sorted(SOURCE.rglob("ar/LC_MESSAGES/django.po"))
        for message in messages.load(po, "ar")
        if message.id
    ]


def test_arabic_keeps_names_in_their_place() -> None:
    """Unless a name is isolated, its full stop or question mark jumps to the other side of an Arabic sentence."""
    isolated = re.compile(rf"(?:\u2068|<bdi>)%\((?:{NAMES})\)s(?:\u2069|</bdi>)")

    loose = [
        f"{where}: {text!r}"
        for where, forms in arabic_strings()
        for text in forms
        if re.search(rf"%\((?:{NAMES})\)s", isolated.sub("", text))
    ]

    assert loose == []


def test_arabic_nouns_agree_with_their_number() -> None:
    """11 to 99 take an accusative singular (زائرًا), 100 and on a genitive (زائر); a noun in ة is written alike."""
    wrong = []
    for where, forms in arabic_strings():
        if len(forms) == 6:
            many, others = (re.findall(r"%\(\w+\)s ([ء-ْ]+)", text)[:1] for text in forms[4:])
            if any(not re.search("(ًا|ة|منها)$", noun) for noun in many) or any(
                n.endswith("ًا") for n in others
            ):
                wrong.append(f"{where}: {forms[4:]}")

    assert wrong == []


def test_arabic_writes_tanwin_one_way() -> None:
    assert [f"{where}: {text}" for where, forms in arabic_strings() for text in forms if "اً" in text] == []
