"""The components: what they are made of, and what they draw in each language."""

import re
from pathlib import Path

import pytest
from django import forms
from django.template import engines
from django.utils import translation

from portevoix.web.styleguide.page import draw_board
from portevoix.web.styleguide.samples import SAMPLES
from portevoix.web.templatetags.figures import bar_chart, share_of

TEMPLATES = Path(__file__).parents[2] / "src" / "portevoix" / "web" / "templates"
COMPONENTS = sorted((TEMPLATES / "cotton").glob("*.html"))
# A part that another component includes has no props of its own.
PARTS = {"link_card.html"}


def draw(source: str, language: str = "fr", **context: object) -> str:
    """The source rendered, its white space tidied."""
    # Tags of components are compiled by the loader; a string has to be told the long form.
    with translation.override(language):
        rendered = engines["django"].from_string("{% load icons %}" + source).render(context)
    return re.sub(r"[ \n]+", " ", rendered).strip()


@pytest.mark.parametrize("path", COMPONENTS, ids=lambda path: path.stem)
def test_component_says_its_contract_and_declares_its_props(path: Path) -> None:
    source = path.read_text()

    assert source.startswith("{#")
    assert ("<c-vars" in source) == (path.name not in PARTS)
    assert len(source.splitlines()) < 150


def test_templates_hold_no_inline_script_nor_style() -> None:
    inline = re.compile(
        r'\sstyle="|<style|<script(?![^>]*\ssrc=)|\son(?:click|load|error|change|submit|input|focus|blur|key\w+|mouse\w+)="'
    )

    found = [str(path) for path in TEMPLATES.rglob("*.html") if inline.search(path.read_text())]

    assert found == []


def test_story_card_shares_in_the_language_of_the_reader() -> None:
    card = '{% cotton story_card title="Un toit" share_url="/s/1" why="votre équipe en parle." / %}'

    drawn = [draw(card, language) for language in ("fr", "en", "ar")]

    said = [re.search(r"<b>(.*?)</b>", each)[1] for each in drawn]  # type: ignore[index]
    assert said == ["Pour vous\xa0:", "For you:", "اخترناها لكم:"]


def test_story_card_escapes_what_people_wrote_once() -> None:
    drawn = draw('{% cotton story_card title="{{ title }}" / %}', title="L’été <b>& l'eau")

    assert re.search(r"<h2[^>]*>(.*?)</h2>", drawn)[1] == "L’été &lt;b&gt;&amp; l&#x27;eau"  # type: ignore[index]


def test_evidence_alone_keeps_its_word_for_screen_readers() -> None:
    drawn = draw('{% cotton evidence level="estimated" :alone="True" / %}')

    assert '<span class="sr-only">estimé</span>' in drawn


class LinkForm(forms.Form):
    address = forms.URLField(label="Lien", help_text="L’adresse de la page.", assume_scheme="https")


def test_field_joins_its_error_and_its_help_to_the_control() -> None:
    form = LinkForm({"address": "rien"})

    drawn = draw('{% cotton field :field="form.address" / %}', form=form)

    described = re.search(r'aria-describedby="([^"]+)"', drawn)[1].split()  # type: ignore[index]
    assert sorted(described) == ["id_address_error", "id_address_helptext"]
    assert [drawn.count(f'id="{name}"') for name in described] == [1, 1]
    assert 'value="rien"' in drawn
    assert 'aria-invalid="true"' in drawn


def test_chart_runs_with_the_reading_direction() -> None:
    bars = [{"label": str(week), "value": week} for week in (1, 2, 3)]

    with translation.override("fr"):
        french = [bar.x for bar in bar_chart(bars).bars]
    with translation.override("ar"):
        arabic = [bar.x for bar in bar_chart(bars).bars]

    assert french == ["0.00%", "39.00%", "78.00%"]
    assert arabic == list(reversed(french))


def test_chart_writes_only_its_highest_figure() -> None:
    chart = bar_chart([{"label": "a", "value": 4}, {"label": "b", "value": 9}, {"label": "c", "value": 9}])

    assert [bar.shows_value for bar in chart.bars] == [False, True, False]


def test_chart_without_a_figure_draws_an_empty_axis() -> None:
    assert [bar.height for bar in bar_chart([{"label": "a", "value": 0}]).bars] == [0]
    assert bar_chart([]).bars == []


@pytest.mark.parametrize(
    ("value", "whole", "share"), [(38, 60, "63.33%"), (70, 60, "100.00%"), (-2, 60, "0.00%"), (5, 0, "0%")]
)
def test_share_stays_within_its_bar(value: int, whole: int, share: str) -> None:
    with translation.override("fr"):
        assert share_of(value, whole) == share


def test_samples_say_the_same_things_in_each_language() -> None:
    keys = {language: sorted(words) for language, words in SAMPLES.items()}

    assert keys["fr"] == keys["en"] == keys["ar"]


@pytest.mark.parametrize("language", list(SAMPLES))
def test_styleguide_draws_every_component_in_the_language(language: str) -> None:
    board = draw_board(language, "dark")

    classes = {word for found in re.findall(r'class="([^"]*)"', board) for word in found.split()}
    assert SAMPLES[language]["why"] in board
    assert "<c-" not in board
    assert {
        "story",
        "post",
        "editor",
        "choice",
        "field",
        "picker",
        "tile",
        "measure",
        "chart",
        "table",
    } <= classes
    assert {"steps", "empty", "toast", "confirm", "banner", "tag", "evidence", "portrait"} <= classes
