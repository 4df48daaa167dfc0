"""The stories of the demo company: what they lead to and when, here; what they say, in `texts/stories/`."""

import re
from dataclasses import dataclass
from functools import cached_property
from importlib.resources import files
from typing import Literal

from portevoix.demo.company import ANA, ATLAS, INES, SAISS, Language, address

State = Literal["published", "in_review", "refused"]
_LANGUAGES: dict[str, Language] = {"fr": "fr", "en": "en", "ar": "ar"}
_HEADING = re.compile(r"^## (?P<language>fr|en|ar) \| (?P<network>\S+)(?: \| (?P<angle>.+))?$", re.MULTILINE)


@dataclass(frozen=True)
class Caption:
    """A proposed text, without the disclosure line nor the link. An empty network means all of them."""

    language: Language
    network: str
    angle: str
    text: str


@dataclass(frozen=True)
class OwnWords:
    """What somebody wrote instead of the proposal."""

    language: Language
    text: str


@dataclass(frozen=True)
class Story:
    """A story of the demo.

    Days count back from the day of seeding, to publication or, for what is not published, to its writing.
    """

    key: str
    title: str
    link: str
    why: str
    pillar: str
    author: str
    published_days_ago: int
    lasts_days: int
    audience: str | None = None
    featured: bool = False
    internal_only: bool = False
    state: State = "published"
    note: str = ""  # what the editor answered, when refused

    @cached_property
    def _parts(self) -> tuple[tuple[str, str, str, str], ...]:
        return _parts_of(self.key)

    @property
    def captions(self) -> tuple[Caption, ...]:
        """The proposed texts, in the order an editor would set them."""
        return tuple(
            Caption(_LANGUAGES[language], "" if network == "*" else network, angle, text)
            for language, network, angle, text in self._parts
            if network != "own"
        )

    @property
    def own_words(self) -> tuple[OwnWords, ...]:
        """What ambassadors wrote by themselves about it."""
        return tuple(
            OwnWords(_LANGUAGES[language], text)
            for language, network, _angle, text in self._parts
            if network == "own"
        )

    @property
    def languages(self) -> frozenset[Language]:
        return frozenset(caption.language for caption in self.captions)


def _parts_of(key: str) -> tuple[tuple[str, str, str, str], ...]:
    page = (files("portevoix.demo") / "texts" / "stories" / f"{key}.md").read_text("utf-8")
    headings = list(_HEADING.finditer(page))
    ends = [heading.start() for heading in headings[1:]] + [len(page)]
    return tuple(
        (heading["language"], heading["network"], heading["angle"] or "", page[heading.end() : end].strip())
        for heading, end in zip(headings, ends, strict=True)
    )


@dataclass(frozen=True)
class Suggestion:
    """A link that an ambassador offers, with a word on why."""

    by: str
    link: str
    comment: str
    days_ago: int


_LEILA = address("Leïla", "Bensouda", ATLAS.domain)
_RACHIDA = address("Rachida", "Amellal", ATLAS.domain)
_ACTU = "https://atlas-energies.example/actualites"

STORIES = (
    Story(
        "laiterie-berrechid",
        "À Berrechid, une laiterie produit 38 % de son électricité sur son toit",
        f"{_ACTU}/laiterie-berrechid",
        (
            "Vos clients demandent ce que le solaire change sur une facture. Voici un chiffre "
            "vérifié, et un client qui en parle lui-même."
        ),
        "roof",
        INES.email,
        published_days_ago=8,
        lasts_days=14,
        featured=True,
    ),
    Story(
        "cinq-questions-facture",
        "Facture d’électricité : cinq questions à poser avant de signer",
        "https://lettre-energie.example/pratique/cinq-questions-facture",
        (
            "Utile avant un premier rendez-vous. L’article ne parle pas de nous, et c’est ce qui le "
            "rend bon à partager."
        ),
        "plain",
        INES.email,
        published_days_ago=12,
        lasts_days=14,
    ),
    Story(
        "atelier-settat",
        "À Settat, douze apprentis posent leur premier champ de panneaux",
        f"{_ACTU}/atelier-settat",
        "Beaucoup d’entre vous ont formé quelqu’un. C’est l’occasion de dire comment on apprend ce métier.",
        "trades",
        INES.email,
        published_days_ago=5,
        lasts_days=21,
        featured=True,
    ),
    Story(
        "eoliennes-tarare",
        "Trois éoliennes reprises à neuf dans les monts du Lyonnais",
        f"{_ACTU}/eoliennes-tarare",
        (
            "On nous demande souvent ce que devient un parc de vingt ans. Cet article répond, y "
            "compris sur ce qui n’a pas pu être gardé."
        ),
        "wind",
        INES.email,
        published_days_ago=20,
        lasts_days=30,
    ),
    Story(
        "chantier-en-train",
        "Aller au chantier en train : ce que six mois d’essai nous ont appris",
        f"{_ACTU}/au-chantier-en-train",
        "Un essai raconté avec ses ratés. Ceux qui y ont participé sont les mieux placés pour en parler.",
        "work",
        INES.email,
        published_days_ago=41,
        lasts_days=24,
    ),
    Story(
        "sous-les-oliviers",
        "Sous les oliviers de Meknès, de l’ombre et du courant",
        "https://eco-chaouia.example/fr/sous-les-oliviers",
        (
            "Un journal indépendant a passé la journée sur l’un de nos chantiers. Vos clients "
            "agricoles s’y reconnaîtront."
        ),
        "roof",
        INES.email,
        published_days_ago=54,
        lasts_days=30,
    ),
    Story(
        "nuit-salle-de-conduite",
        "Une nuit en salle de conduite",
        f"{_ACTU}/une-nuit-en-salle-de-conduite",
        "Peu de gens savent que quelqu’un veille. Si vous connaissez cette équipe, dites-le avec vos mots.",
        "trades",
        INES.email,
        published_days_ago=51,
        lasts_days=35,
    ),
    Story(
        "port-casablanca",
        "في ميناء الدار البيضاء، مستودع يخزن البرد لا الكهرباء",
        "https://eco-chaouia.example/ar/mina-addar-albayda",
        "Un article en arabe, clair et chiffré, à envoyer à ceux qui travaillent le froid ou près de la mer.",
        "roof",
        INES.email,
        published_days_ago=27,
        lasts_days=35,
        audience="morocco",
    ),
    Story(
        "duree-de-vie",
        "Combien de temps vit un panneau ?",
        "",
        "La question que l’on vous pose le plus. Racontez comment vous y répondez.",
        "plain",
        INES.email,
        published_days_ago=46,
        lasts_days=60,
    ),
    Story(
        "points-du-trimestre",
        "Résultats du trimestre : ce que nous pouvons dire",
        "",
        "Pour répondre juste si l’on vous interroge. À lire, pas à publier.",
        "work",
        INES.email,
        published_days_ago=3,
        lasts_days=14,
        internal_only=True,
    ),
    Story(
        "demonter-recycler",
        "Dix-huit ans après la pose, nous démontons nos propres panneaux",
        f"{_ACTU}/demonter-recycler",
        "On nous interroge sur le recyclage à chaque salon. Nous avons enfin nos propres chiffres.",
        "trades",
        _RACHIDA,
        published_days_ago=1,
        lasts_days=21,
        state="in_review",
    ),
    Story(
        "devis-a-la-loupe",
        "Toitures industrielles : huit devis à la loupe",
        "https://lettre-energie.example/marche/devis-a-la-loupe",
        "Notre devis fait partie des huit, et il s’en sort bien.",
        "plain",
        _LEILA,
        published_days_ago=4,
        lasts_days=14,
        audience="field",
        state="refused",
        note=(
            "Merci Leïla. L’article est bon, mais les concurrents y sont reconnaissables et nous y sommes "
            "juge et partie. Si vous gardez seulement la partie sur ce qu’un devis oublie, je publie "
            "volontiers."
        ),
    ),
)

SUGGESTIONS = (
    Suggestion(
        ANA.email,
        "https://eco-chaouia.example/ar/madakhat-alray",
        "Deux de mes clients m’en ont parlé cette semaine. La phrase sur le réservoir est très juste.",
        2,
    ),
    Suggestion(
        address("Rémi", "Condamin", ATLAS.domain),
        f"{_ACTU}/ecole-villeurbanne",
        "J’étais à la visite. La question de l’élève sur le bleu vaut le détour.",
        1,
    ),
)

_KHADIJA = SAISS.people[1].email
SAISS_STORIES = (
    Story(
        "saiss-deux-recoltes",
        "Sous les oliviers de Meknès, de l’ombre et du courant",
        "https://eco-chaouia.example/fr/sous-les-oliviers",
        (
            "On parle de nous dans le journal. Vos voisins vous poseront des questions : les "
            "réponses sont dedans."
        ),
        "orchard",
        _KHADIJA,
        published_days_ago=11,
        lasts_days=30,
        featured=True,
    ),
    Story(
        "saiss-premiere-presse",
        "La première huile est sortie",
        "",
        "La saison commence. Dites-le à votre façon, avec une photo du moulin si vous y passez.",
        "mill",
        _KHADIJA,
        published_days_ago=4,
        lasts_days=21,
    ),
    Story(
        "saiss-lire-une-etiquette",
        "Lire une étiquette d’huile d’olive",
        "",
        "Une explication simple, qui sert à tout le monde, même à ceux qui achètent ailleurs.",
        "mill",
        _KHADIJA,
        published_days_ago=2,
        lasts_days=30,
    ),
)
