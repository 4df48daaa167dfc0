import pytest
from hypothesis import given
from hypothesis import strategies as st

from portevoix.sharing.disclosure import has_disclosure, with_disclosure, without_disclosure

FRENCH = "Je travaille chez Acme."
ARABIC = "أعمل لدى أكمي"
TAG = "#Acme"


@pytest.mark.parametrize("line", [FRENCH, ARABIC, TAG])
def test_disclosure_comes_first_on_its_own_line(line: str) -> None:
    assert with_disclosure("Bonjour", line) == f"{line}\nBonjour"


@pytest.mark.parametrize("line", [FRENCH, ARABIC, TAG])
@given(text=st.text(max_size=60))
def test_disclosure_is_said_once_however_often_it_is_asked(line: str, text: str) -> None:
    once = with_disclosure(text, line)

    assert with_disclosure(once, line) == once


def test_disclosure_moves_up_from_wherever_it_stood() -> None:
    assert with_disclosure(f"Bonjour\n{FRENCH}\nÀ bientôt", FRENCH) == f"{FRENCH}\nBonjour\nÀ bientôt"


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("JE TRAVAILLE CHEZ ACME\nBonjour", FRENCH),
        ("Bonjour\r\n  je travaille chez acme !", FRENCH),
        ("أعملُ لدى أكمــي\nمرحبا", ARABIC),
        (f"{FRENCH} Nous recrutons.", FRENCH),
        ("Bonjour\n#acme", TAG),
    ],
)
def test_disclosure_is_recognised_in_the_hand_of_a_person(text: str, line: str) -> None:
    assert has_disclosure(text, line)


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("Nous recrutons chez Acme.", FRENCH),
        ("Je travaille chez Acmel. Bonjour", "Je travaille chez Acme"),
        ("#Acme recrute à Casablanca", TAG),
        ("", FRENCH),
        ("Bonjour\n\n", "🙂"),
    ],
)
def test_disclosure_is_not_seen_where_it_is_not(text: str, line: str) -> None:
    assert not has_disclosure(text, line)


def test_disclosure_that_opens_a_sentence_leaves_the_text_as_it_is() -> None:
    text = f"{FRENCH} Nous recrutons."

    assert with_disclosure(text, FRENCH) == text
    assert without_disclosure(text, FRENCH) == "Nous recrutons."


def test_disclosure_of_one_word_never_eats_a_sentence() -> None:
    assert with_disclosure("#Acme recrute", TAG) == "#Acme\n#Acme recrute"


def test_disclosure_that_is_empty_changes_nothing() -> None:
    assert with_disclosure("  Bonjour\r\n", "") == "  Bonjour\r\n"


def test_disclosure_goes_and_the_words_remain() -> None:
    assert without_disclosure(f"{FRENCH}\nBonjour\n\nÀ bientôt", FRENCH) == "Bonjour\n\nÀ bientôt"
