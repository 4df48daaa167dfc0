import random

import pytest

from portevoix.sharing.similarity import NEAR_IDENTICAL, closest

FRENCH = (
    "Notre équipe de Casablanca a posé mille panneaux solaires sur les toits de la laiterie. "
    "Ce matin, la première ligne tourne au soleil, et je suis fière d'y avoir contribué."
)
ENGLISH = (
    "Our Casablanca team has fitted a thousand solar panels on the roofs of the dairy. "
    "This morning the first line runs on sunlight, and I am proud to have had a part in it."
)
ARABIC = (
    "ركّب فريقنا في الدار البيضاء ألف لوح شمسي على أسطح مصنع الألبان. "
    "ومنذ هذا الصباح يعمل أول خط إنتاج بطاقة الشمس، وأنا فخور بمساهمتي في ذلك."
)
DISCLOSURE = "Je travaille chez Acme"

# What a colleague posted, what a person is about to post, and whether a reader would say "the same post".
# Measured: light edits stay at 0.84 and above, rewritten texts at 0.7 and below; 0.75 lies between them.
EXAMPLES = [
    ("the same text", FRENCH, FRENCH, True),
    ("an emoji and a mark", FRENCH, FRENCH.replace(".", " ☀️ !"), True),
    ("no accents, capitals", FRENCH, FRENCH.replace("é", "e").replace("è", "e").upper(), True),
    ("another link", f"{FRENCH} https://a.example/r/1", f"{FRENCH} https://b.example/r/22222", True),
    ("a disclosure line", FRENCH, f"{DISCLOSURE}\n{FRENCH}", True),
    ("a greeting in front", FRENCH, f"Bonjour à tous, belle journée. {FRENCH}", True),
    ("two synonyms", FRENCH, FRENCH.replace("posé", "installé").replace("fière", "heureuse"), True),
    ("sentences swapped", FRENCH, ". ".join(FRENCH.rstrip(".").split(". ")[::-1]), True),
    (
        "a whole sentence added",
        FRENCH,
        f"{FRENCH} Venez la visiter avec nous, la porte est ouverte jusqu'à vendredi.",
        True,
    ),
    (
        "a third rewritten",
        FRENCH,
        "Notre équipe de Casablanca a posé mille panneaux solaires sur les toits de la laiterie. "
        "Depuis hier, la première ligne tourne : quel soulagement pour mes collègues électriciens.",
        False,
    ),
    ("a short thanks after", ENGLISH, f"{ENGLISH} Thank you all.", True),
    ("English, one word", ENGLISH, ENGLISH.replace("proud", "happy"), True),
    ("Arabic, vowel signs gone", ARABIC, ARABIC.replace("ّ", ""), True),
    ("Arabic, stretched", ARABIC, ARABIC.replace("الشمس", "الشمـــس"), True),
    ("Arabic, one word", ARABIC, ARABIC.replace("فخور", "سعيد"), True),
    (
        "half rewritten",
        FRENCH,
        "Notre équipe de Casablanca a posé mille panneaux solaires sur les toits de la laiterie. "
        "J'y ai passé trois semaines, et le plus beau reste le sourire du chef d'atelier.",
        False,
    ),
    (
        "the same news, one's own words",
        FRENCH,
        "Trois semaines sur un toit de Berrechid : les panneaux sont là, la laiterie produit au soleil depuis hier.",
        False,
    ),
    (
        "English, one's own words",
        ENGLISH,
        "I spent three weeks on that roof. Today the dairy runs its first line on sunlight, what a view.",
        False,
    ),
    (
        "Arabic, one's own words",
        ARABIC,
        "قضيت ثلاثة أسابيع على سطح المصنع، واليوم صار الحليب يُعبّأ بطاقة الشمس. شكراً لكل من كان معنا.",
        False,
    ),
    ("another language", FRENCH, ENGLISH, False),
    ("short and different", "Bravo à toutes et à tous", "Bravo à Sara pour son prix", False),
]


@pytest.mark.parametrize(("mine", "theirs"), [(one, two) for _why, one, two, _same in EXAMPLES])
def test_likeness_is_the_same_both_ways(mine: str, theirs: str) -> None:
    there = closest(mine, [theirs], DISCLOSURE)
    back = closest(theirs, [mine], DISCLOSURE)

    assert there.is_near_identical == back.is_near_identical


@pytest.mark.parametrize(
    ("why", "theirs", "mine", "same"), EXAMPLES, ids=[example[0] for example in EXAMPLES]
)
def test_similarity_draws_the_line_where_a_reader_would(why: str, theirs: str, mine: str, same: bool) -> None:
    found = closest(mine, [theirs], DISCLOSURE)

    assert found.is_near_identical == same
    assert abs(found.ratio - NEAR_IDENTICAL) > 0.03, why


def test_similarity_names_the_closest_of_several() -> None:
    found = closest(FRENCH, [ENGLISH, FRENCH.replace("posé", "installé"), f"{FRENCH} Oui.", ARABIC])

    assert found.index == 2
    assert found.ratio > 0.95


def test_similarity_finds_nothing_among_nothing() -> None:
    assert closest(FRENCH, []).index == -1
    assert closest("", [FRENCH, ""]).ratio == 0
    assert closest("🙂 https://a.example", ["🙂 https://b.example"]).index == -1


def test_similarity_finds_its_twin_among_five_hundred_long_texts() -> None:
    drawn = random.Random(7)
    vocabulary = [f"{start}{end}" for start in FRENCH.split() for end in ENGLISH.split()]
    others = [" ".join(drawn.choices(vocabulary, k=400))[:3_000] for _text in range(500)]
    mine = f"{others[321]} et voilà"

    found = closest(mine, others)

    assert found.index == 321
