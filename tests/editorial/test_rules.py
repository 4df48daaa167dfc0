from dataclasses import dataclass

import pytest

from portevoix.editorial.rules import find_forbidden


@dataclass
class Phrase:
    phrase: str
    language: str = ""
    reason: str = "Nobody can prove it."
    better: str = ""
    code: str = "abc"


@pytest.mark.parametrize(
    ("text", "phrase", "found"),
    [
        ("Nous sommes le leader incontesté du toit.", "leader incontesté", "leader incontesté"),
        ("LE LEADER   INCONTESTE", "leader incontesté", "LEADER   INCONTESTE"),
        ("Leader\nincontesté !", "leader incontesté", "Leader\nincontesté"),
        ("C’est l’année du N°1", "l'année", "l’année"),
        ("Cœur de métier", "coeur de métier", "Cœur de métier"),
        ("نحن الأَفْضَلُ في السوق", "الأفضل", "الأَفْضَلُ"),
        ("جـــودة عالية", "جودة", "جـــودة"),
        ("Straße", "strasse", "Straße"),
        ("fin : garanti", "garanti", "garanti"),
    ],
)
def test_find_forbidden_ignores_capitals_accents_and_spaces(text: str, phrase: str, found: str) -> None:
    (finding,) = find_forbidden(text, [Phrase(phrase)])

    assert finding.found == found
    assert text[finding.start : finding.end] == found


@pytest.mark.parametrize(
    ("text", "phrase"),
    [("leadership", "leader"), ("le_leader", "leader"), ("1er2", "1er"), ("", "leader"), ("leader", "  ")],
)
def test_find_forbidden_wants_whole_words(text: str, phrase: str) -> None:
    assert find_forbidden(text, [Phrase(phrase)]) == ()


def test_find_forbidden_keeps_the_longer_of_two_that_overlap_and_the_order_of_the_text() -> None:
    phrases = [Phrase("leader", code="short"), Phrase("le leader incontesté", code="long")]

    found = find_forbidden("Leader hier, le leader incontesté demain.", phrases)

    assert [(one.code, one.found) for one in found] == [("short", "Leader"), ("long", "le leader incontesté")]


def test_find_forbidden_leaves_out_the_phrases_of_other_languages() -> None:
    phrases = [
        Phrase("leader", "en", code="en"),
        Phrase("leader", "fr", code="fr"),
        Phrase("unique", code="all"),
    ]

    found = find_forbidden("Un leader unique", phrases, "fr")

    assert [one.code for one in found] == ["fr", "all"]


def test_find_forbidden_says_the_reason_and_the_better_wording() -> None:
    (finding,) = find_forbidden("garanti", [Phrase("garanti", reason="Rien ne l’est.", better="prévu")])

    assert (finding.reason, finding.better) == ("Rien ne l’est.", "prévu")


def test_find_forbidden_stays_quick_on_a_huge_text() -> None:
    found = find_forbidden("aé " * 100_000 + "leader", [Phrase("leader")])

    assert [one.found for one in found] == ["leader"]
