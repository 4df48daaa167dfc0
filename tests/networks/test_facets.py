"""What of a text can be pressed on Bluesky: counted in bytes, whatever the letters."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portevoix.networks.bluesky.facets import facets_of

PIECES = st.sampled_from(
    [
        "https://exemple.fr/à?b=c#d",
        "http://a.example",
        "exemple.com/x.",
        "(https://exemple.fr)",
        "#emploi",
        "#وظائف,",
        "#2026",
        "＃été!",
        "@ana.bsky.social",
        "ana@exemple.fr",
        "👨‍👩‍👧‍👦",
        "#👩🏽‍🚀",
        "مرحبا",
        "\r\n",
        "\n",
        " ",
        "\u202f",
        "e\u0301",
        "#é:exemple.com",
        "\ud83d",
    ]
)
TEXTS = st.lists(PIECES | st.text(max_size=6), max_size=14).map(" ".join) | st.text(max_size=200)


def covered(text: str) -> list[tuple[str, str]]:
    """Each facet as the words that it covers and what it leads to."""
    content = text.encode(errors="replace")
    return [
        (
            content[one["index"]["byteStart"] : one["index"]["byteEnd"]].decode(),
            next(value for name, value in one["features"][0].items() if name != "$type"),
        )
        for one in facets_of(text)
    ]


@given(text=TEXTS)
def test_facet_covers_the_very_words_that_it_is_about(text: str) -> None:
    for words, target in covered(text):
        assert target in (words, f"https://{words}", words[1:])


@given(text=TEXTS)
def test_facets_lie_within_the_text_and_never_over_one_another(text: str) -> None:
    edges = [(one["index"]["byteStart"], one["index"]["byteEnd"]) for one in facets_of(text)]

    assert all(0 <= start < end for start, end in edges)
    assert all(after[0] >= before[1] for before, after in pairwise(edges))
    assert not edges or edges[-1][1] <= len(text.encode(errors="replace"))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Lisez https://exemple.fr/a.", [("https://exemple.fr/a", "https://exemple.fr/a")]),
        ("(https://exemple.fr)", [("https://exemple.fr", "https://exemple.fr")]),
        ("exemple.com, vite", [("exemple.com", "https://exemple.com")]),
        ("HTTPS://Exemple.FR", [("HTTPS://Exemple.FR", "HTTPS://Exemple.FR")]),
        ("مرحبا 👋 #وظائف", [("#وظائف", "وظائف")]),
        ("Une\r\n#Équipe!", [("#Équipe", "Équipe")]),
        ("＃été", [("＃été", "été")]),
        ("👨‍👩‍👧‍👦 #a #b", [("#a", "a"), ("#b", "b")]),
        ("#2026 #, # x#y ##", []),
        ("#👩🏽‍🚀 #️⃣", []),  # a joiner would cut a picture in two; a keycap is no hashtag
        ("@ana.bsky.social ana@exemple.fr", []),
        ("#é:exemple.com", [("#é:exemple.com", "é:exemple.com")]),
        ("https://exemple.fr/#ancre", [("https://exemple.fr/#ancre", "https://exemple.fr/#ancre")]),
        ("#" + "é" * 65, []),
        ("", []),
    ],
)
def test_facets_of_what_people_write(text: str, expected: list[tuple[str, str]]) -> None:
    assert covered(text) == expected


def test_mention_calls_nobody() -> None:
    assert facets_of("Merci @noor.bsky.social !") == []


@pytest.mark.parametrize("text", ["#" * 100_000, "#a " * 30_000, "a." * 50_000, "#" + "é" * 100_000])
def test_facets_read_a_hostile_text_to_its_end(text: str) -> None:
    assert isinstance(facets_of(text), list)
