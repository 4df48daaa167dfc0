"""What the demo company stands for: pillars, disclosure line, wordings it avoids, audiences."""

from dataclasses import dataclass

from portevoix.demo.company import Language


@dataclass(frozen=True)
class Pillar:
    """A theme, named in three languages; `target_share` is per cent of the active stories."""

    key: str
    names: dict[Language, str]
    description: str
    target_share: int


@dataclass(frozen=True)
class ForbiddenPhrase:
    """A wording to avoid, why, and what to write instead."""

    phrase: str
    language: Language
    reason: str
    better: str


@dataclass(frozen=True)
class Audience:
    """For whom a story is; an empty part excludes nobody."""

    key: str
    name: str
    teams: tuple[str, ...] = ()
    countries: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    roles: tuple[str, ...] = ()


PILLARS = (
    Pillar(
        "roof",
        {"fr": "Solaire en toiture", "en": "Rooftop solar", "ar": "الطاقة الشمسية فوق الأسطح"},
        "Des toits d’usines, d’écoles et de fermes qui produisent, avec les chiffres et les noms.",
        30,
    ),
    Pillar(
        "wind",
        {"fr": "Éolien", "en": "Wind", "ar": "طاقة الرياح"},
        "Rénover, entretenir, prévenir les riverains : le vent au quotidien.",
        15,
    ),
    Pillar(
        "trades",
        {"fr": "Métiers et formation", "en": "Trades and training", "ar": "المهن والتكوين"},
        "Les gestes, les apprentis, la sécurité : ce que l’on apprend sur un toit.",
        20,
    ),
    Pillar(
        "work",
        {"fr": "Vie au travail", "en": "Life at work", "ar": "الحياة في العمل"},
        "Comment nous travaillons, y compris ce que nous avons essayé sans succès.",
        15,
    ),
    Pillar(
        "plain",
        {"fr": "L’énergie expliquée", "en": "Energy made plain", "ar": "الطاقة ببساطة"},
        "Lire une facture, comparer un devis, poser la bonne question. Sans rien vendre.",
        20,
    ),
)

DISCLOSURE: dict[Language, str] = {
    "fr": "Je travaille chez Atlas Énergies.",
    "en": "I work at Atlas Énergies.",
    "ar": "أعمل في أطلس للطاقات.",
}

FORBIDDEN = (
    ForbiddenPhrase(
        "le leader incontesté",
        "fr",
        "Personne ne peut le vérifier, et nos clients le savent.",
        "l’un des premiers installateurs",
    ),
    ForbiddenPhrase(
        "énergie gratuite",
        "fr",
        "Le soleil ne coûte rien, l’installation si. Dire le contraire trompe le client.",
        "une énergie produite sur place",
    ),
    ForbiddenPhrase(
        "totalement vert",
        "fr",
        "Fabriquer un panneau a un coût pour l’environnement : la loi demande des preuves.",
        "bas carbone, bilan à l’appui",
    ),
    ForbiddenPhrase(
        "zéro risque",
        "fr",
        "Il y a toujours un risque sur un toit. Nous disons comment nous le réduisons.",
        "un chantier préparé et assuré",
    ),
    ForbiddenPhrase(
        "the undisputed leader",
        "en",
        "Nobody can check it, and clients know that.",
        "one of the first installers",
    ),
    ForbiddenPhrase(
        "كهرباء مجانية",
        "ar",
        "الشمس بلا ثمن، أما التركيب فله ثمن. القول بغير ذلك يضلّل الزبون.",
        "كهرباء تُنتَج في المكان نفسه",
    ),
)

AUDIENCES = (
    Audience("field", "Ventes et projets", teams=("sales-casablanca", "sales-lyon", "projects")),
    Audience("morocco", "Équipes du Maroc", countries=("MA",)),
    Audience("france", "Équipes de France", countries=("FR",)),
    Audience("builders", "Métiers de terrain", teams=("projects", "maintenance", "studies")),
)

SAISS_PILLARS = (
    Pillar(
        "orchard",
        {"fr": "Le verger", "en": "The orchard", "ar": "البستان"},
        "Les arbres, l’eau, l’ombre : ce que la saison nous apprend.",
        50,
    ),
    Pillar(
        "mill",
        {"fr": "Le moulin", "en": "The mill", "ar": "المعصرة"},
        "De la cueillette à la bouteille, expliqué simplement.",
        50,
    ),
)

SAISS_DISCLOSURE: dict[Language, str] = {
    "fr": "Je travaille à la coopérative Zitoune Saïss.",
    "en": "I work at the Zitoune Saïss cooperative.",
    "ar": "أعمل في تعاونية زيتونة سايس.",
}
