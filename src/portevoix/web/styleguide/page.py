"""Draws the style guide: one language and one theme at a time, or all six beside each other."""

from itertools import product
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.safestring import SafeString

from portevoix.people.roles import Ability
from portevoix.web.access import PageRequest, able
from portevoix.web.styleguide.samples import SAMPLES

THEMES = ("light", "dark")


@able(Ability.WRITE_STORIES)
def page(request: PageRequest) -> HttpResponse:
    """Every component; `?language=ar&theme=dark` shows one column alone."""
    languages = _asked(request, "language", tuple(SAMPLES))
    themes = _asked(request, "theme", THEMES)
    boards = [
        {
            "language": language,
            "direction": "rtl" if language == "ar" else "ltr",
            "theme": theme,
            "drawn": draw_board(language, theme),
        }
        for language, theme in product(languages, themes)
    ]
    return render(request, "styleguide/page.html", {"boards": boards, "is_single": len(boards) == 1})


def draw_board(language: str, theme: str) -> SafeString:
    """Every component in one language; the theme only tells the identifiers of one board from another's."""
    with translation.override(language):
        return render_to_string("styleguide/board.html", _context(language, theme))


def _asked(request: PageRequest, name: str, known: tuple[str, ...]) -> tuple[str, ...]:
    chosen = request.GET.get(name)
    return (chosen,) if chosen in known else known


def _context(language: str, theme: str) -> dict[str, Any]:
    words = SAMPLES[language]
    return {
        "words": words,
        "key": f"{language}-{theme}",
        "csrf_token": "none",  # the forms of the guide are sent nowhere
        "networks": _networks(),
        "moments": [
            {"value": "now", "label": words["now"], "checked": True},
            {"value": "later", "label": words["later"], "note": words["later_note"]},
        ],
        "groups": [_teams(words)],
        "steps": _steps(words),
        "headings": [{"label": label, "number": index > 0} for index, label in enumerate(words["headings"])],
    }


def _networks() -> list[dict[str, Any]]:
    names = {"linkedin": "LinkedIn", "whatsapp": "WhatsApp", "x": "X", "facebook": "Facebook", "xing": "XING"}
    return [
        {"value": key, "label": name, "network": key, "checked": key == "linkedin"}
        for key, name in names.items()
    ]


def _teams(words: dict[str, Any]) -> dict[str, Any]:
    counts = (22, 14, 24)
    options = [
        {"value": index, "label": name, "count": counts[index], "checked": index != 1}
        for index, name in enumerate(words["team_names"])
    ]
    return {"label": words["teams"], "name": "teams", "options": options}


def _steps(words: dict[str, Any]) -> list[dict[str, Any]]:
    written, published, invited = words["steps"]
    return [
        {"label": written, "url": "#", "done": True},
        {"label": published, "url": "#", "current": True, "action": words["continue"]},
        {"label": invited, "url": "#"},
    ]
