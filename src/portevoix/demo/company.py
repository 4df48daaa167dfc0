"""Who works at the demo company, and at the second client of its consultant. Everybody here is invented."""

import unicodedata
from dataclasses import dataclass
from typing import Literal

Language = Literal["fr", "en", "ar"]
Country = Literal["MA", "FR"]

PASSWORD = "porte-voix"  # noqa: S105 - the demo prints it beside the log-ins
CASABLANCA = "Africa/Casablanca"
PARIS = "Europe/Paris"


@dataclass(frozen=True)
class Team:
    """A team, by the key that people and audiences name it with."""

    key: str
    name: str


@dataclass(frozen=True)
class Person:
    """Somebody of an organisation. `joined_days_ago` is None for those who have not joined the programme."""

    given_name: str
    family_name: str
    email: str
    team: str | None
    country: Country
    language: Language
    roles: tuple[str, ...]
    joined_days_ago: int | None
    paused: bool = False

    @property
    def time_zone(self) -> str:
        return CASABLANCA if self.country == "MA" else PARIS


@dataclass(frozen=True)
class Organisation:
    """A client of the demo: its people, its teams, its mail domain."""

    key: str
    name: str
    domain: str
    language: Language
    country: Country
    teams: tuple[Team, ...]
    people: tuple[Person, ...]

    @property
    def website(self) -> str:
        return f"https://{self.domain}/"

    @property
    def time_zone(self) -> str:
        return CASABLANCA if self.country == "MA" else PARIS

    def person(self, email: str) -> Person:
        """The person with that address; refuses an unknown one."""
        return next(person for person in self.people if person.email == email)


def address(given_name: str, family_name: str, domain: str) -> str:
    """The mail address a name gives: no accents, no spaces."""
    plain = unicodedata.normalize("NFKD", f"{given_name}.{family_name}").encode("ascii", "ignore").decode()
    return f"{plain.lower().replace(' ', '-')}@{domain}"


_ATLAS = "atlas-energies.example"
_SAISS = "zitoune-saiss.example"
_AGENCY = "relais-conseil.example"

ATLAS_TEAMS = (
    Team("sales-casablanca", "Ventes Casablanca"),
    Team("sales-lyon", "Ventes Lyon"),
    Team("projects", "Projets"),
    Team("maintenance", "Maintenance"),
    Team("studies", "Études"),
    Team("communication", "Communication"),
    Team("support", "Fonctions support"),
    Team("direction", "Direction"),
)

# Given name, family name, country, language, days since joining (-: not yet; p after it: in a pause).
_ATLAS_ROSTER: dict[str, str] = {
    "sales-casablanca": """
        Karim, Ouazri, MA, fr, 54
        Yasmine, Bouhlal, MA, fr, 55
        Soufiane, Ait Lahcen, MA, ar, 53
        Meryem, Tadlaoui, MA, fr, 52
        Hamza, Rifaï, MA, ar, 50
        Ghita, Sebbar, MA, fr, 44
        Othman, Drissi Kaïd, MA, fr, 37
        Imane, Zaryouh, MA, ar, 33
        Badr, Mezgueldi, MA, fr, 21
        Siham, Ouriaghli, MA, fr, -
        Anas, Benjaâfar, MA, ar, -
    """,
    "sales-lyon": """
        Clémence, Aubrespin, FR, fr, 54
        Thibault, Marchenoir, FR, fr, 52
        Nawel, Hadjerès, FR, fr, 51
        Rémi, Condamin, FR, fr, 45
        Olivia, Farnworth, FR, en, 40
        Gaspard, Vionnet, FR, fr, 34
        Sabine, Estrabaud, FR, fr, 16p
        Loïc, Kermarrec, FR, fr, -
        Pauline, Desgranges, FR, fr, -
    """,
    "projects": """
        Youssef, Lahrichi, MA, fr, 53
        Maud, Perrachon, FR, fr, 52
        Zineb, Oukacha, MA, ar, 49
        Étienne, Jacquemard, FR, fr, 47
        Hind, Sellami, MA, fr, 41
        Bastien, Rouvière, FR, fr, 36
        Tariq, Bouanane, MA, ar, 29
        Jonas, Weidling, FR, en, 24
        Asmae, Fikri, MA, fr, 19
        Adrien, Montcharmont, FR, fr, -
    """,
    "maintenance": """
        Bouchra, Senhaji, MA, fr, 51
        Rachida, Amellal, MA, fr, 48
        Mickaël, Thévenet, FR, fr, 46
        Abdellah, Guessous, MA, ar, 39
        Kévin, Bourdillat, FR, fr, 31
        Fatiha, Nejjar, MA, ar, 26
        Ludovic, Ravat, FR, fr, -
        Rachid, Moutaki, MA, ar, -
        Samir, Khelladi, FR, fr, -
    """,
    "studies": """
        Hélène, Brisebarre, FR, fr, 50
        Reda, Chraïbi Alaoui, MA, fr, 45
        Priya, Nandakumar, FR, en, 38
        Wassim, Laâroussi, MA, fr, 30
        Capucine, Fayolle, FR, fr, 22
        Nizar, Bekkali, MA, ar, -
        Antonin, Roche-Mazet, FR, fr, -
    """,
    "communication": """
        Leïla, Bensouda, MA, fr, 55
        Étienne, Courbet, FR, fr, 53
        Noémie, Lachaud, FR, fr, 43
    """,
    "support": """
        Aïcha, Mernissi Hakam, MA, ar, 47
        Florence, Giraudet, FR, fr, 35
        Mounir, Zouiten, MA, fr, -
        Cécile, Andrieux, FR, fr, -
    """,
    "direction": """
        Philippe, Massonnat, FR, fr, 42
        Nadia, El Ouafi, MA, fr, 28
    """,
}
_FURTHER_ROLES: dict[str, tuple[str, ...]] = {
    "Karim Ouazri": ("team_lead", "ambassador"),
    "Leïla Bensouda": ("contributor",),
    "Rachida Amellal": ("contributor",),
    "Noémie Lachaud": ("analyst", "ambassador"),
    "Clémence Aubrespin": ("team_lead", "ambassador"),
}

ANA = Person(
    "Ana", "Belkadi", "ana@atlas-energies.example", "sales-casablanca", "MA", "fr", ("ambassador",), 55
)
INES = Person(
    "Ines", "Morvan", "ines@atlas-energies.example", "communication", "FR", "fr", ("editor", "ambassador"), 56
)
MARC = Person(
    "Marc",
    "Vauzelle",
    "marc@atlas-energies.example",
    "communication",
    "FR",
    "fr",
    ("manager", "ambassador"),
    56,
)
DRISS = Person(
    "Driss", "Tahmani", "driss@atlas-energies.example", "support", "MA", "fr", ("administrator",), None
)
SALMA = Person("Salma", "Zerhoudi", "salma@relais-conseil.example", None, "MA", "fr", ("consultant",), None)


def _row(line: str, team: str, domain: str) -> Person:
    given_name, family_name, country, language, joined = (part.strip() for part in line.split(","))
    return Person(
        given_name,
        family_name,
        address(given_name, family_name, domain),
        team,
        "MA" if country == "MA" else "FR",
        "ar" if language == "ar" else "en" if language == "en" else "fr",
        _FURTHER_ROLES.get(f"{given_name} {family_name}", ("ambassador",)),
        None if joined == "-" else int(joined.rstrip("p")),
        joined.endswith("p"),
    )


def _people(roster: dict[str, str], domain: str) -> tuple[Person, ...]:
    return tuple(
        _row(line, team, domain) for team, lines in roster.items() for line in lines.strip().splitlines()
    )


ATLAS = Organisation(
    key="atlas",
    name="Atlas Énergies",
    domain=_ATLAS,
    language="fr",
    country="MA",
    teams=ATLAS_TEAMS,
    people=(ANA, INES, MARC, DRISS, SALMA, *_people(_ATLAS_ROSTER, _ATLAS)),
)

SAISS = Organisation(
    key="saiss",
    name="Coopérative Zitoune Saïss",
    domain=_SAISS,
    language="fr",
    country="MA",
    teams=(Team("mill", "Moulin"), Team("orchard", "Verger")),
    people=(
        SALMA,
        Person(
            "Khadija",
            "Mesfioui",
            "khadija.mesfioui@zitoune-saiss.example",
            "mill",
            "MA",
            "ar",
            ("manager",),
            30,
        ),
        *_people(
            {
                "mill": "Brahim, Oulhaj, MA, ar, 28\nSanae, Kettani Rami, MA, fr, 27",
                "orchard": "Lahcen, Aboulfath, MA, ar, 25\nMina, Tijani Saad, MA, fr, 21\nJawad, Kourdi, MA, fr, -",
            },
            _SAISS,
        ),
    ),
)

ORGANISATIONS = (ATLAS, SAISS)
CAST = (ANA, INES, MARC, DRISS, SALMA)  # the log-ins that the demo prints
