"""The articles of the newsroom, read from `articles/HOST/PATH.md`: a few fields, an empty line, paragraphs."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Literal, get_args

Card = Literal["opengraph", "twitter", "jsonld", "none"]


@dataclass(frozen=True)
class Site:
    """One of the invented sites; `feed` is where its feed lies."""

    host: str
    name: str
    tagline: str
    language: str
    feed: str


@dataclass(frozen=True)
class Article:
    """One page. `card` says how it describes itself to those who make previews."""

    host: str
    path: str
    language: str
    title: str
    summary: str
    author: str
    picture: str
    card: Card
    days_ago: int
    hour: int
    blocks: tuple[str, ...]

    @property
    def url(self) -> str:
        return f"https://{self.host}{self.path}"

    def published_at(self, now: datetime) -> datetime:
        """When it came out, seen from `now`; articles are at least a day old, so never in the future."""
        day = now.date() - timedelta(days=self.days_ago)
        return datetime.combine(day, time(self.hour), tzinfo=now.tzinfo)


SITES = (
    Site(
        "atlas-energies.example",
        "Atlas Énergies",
        "Solaire et éolien, de Casablanca à Lyon",
        "fr",
        "/actualites/flux.xml",
    ),
    Site(
        "lettre-energie.example",
        "La Lettre de l’énergie",
        "Chaque semaine, ce qu’il faut savoir avant de signer",
        "fr",
        "/atom.xml",
    ),
    Site(
        "eco-chaouia.example",
        "إيكو الشاوية · Éco Chaouia",
        "اقتصاد الجهة، بالعربية والفرنسية",
        "ar",
        "/ar/rss.xml",
    ),
)
HOSTS = tuple(site.host for site in SITES)


@cache
def all_articles() -> tuple[Article, ...]:
    """Every article of every site, the newest first."""
    root = files("portevoix.demo.newsroom") / "articles"
    found = [article for host in HOSTS for article in _under(root / host, host, "")]
    return tuple(sorted(found, key=lambda article: (article.days_ago, -article.hour, article.path)))


def articles_of(site: Site) -> tuple[Article, ...]:
    """The articles of one site, the newest first."""
    return tuple(article for article in all_articles() if article.host == site.host)


def article_at(url: str) -> Article | None:
    """The article at that address, if the newsroom has one."""
    return next((article for article in all_articles() if article.url == url), None)


def _under(folder: Traversable, host: str, path: str) -> list[Article]:
    found: list[Article] = []
    for entry in folder.iterdir():
        if entry.is_dir():
            found += _under(entry, host, f"{path}/{entry.name}")
        elif entry.name.endswith(".md"):
            found.append(_read(entry.read_text("utf-8"), host, f"{path}/{entry.name.removesuffix('.md')}"))
    return found


def _read(page: str, host: str, path: str) -> Article:
    head, _, body = page.partition("\n\n")
    fields = dict(line.split(": ", 1) for line in head.splitlines())
    return Article(
        host=host,
        path=path,
        language=fields["language"],
        title=fields["title"],
        summary=fields["summary"],
        author=fields["author"],
        picture=fields["picture"],
        card=next(card for card in get_args(Card) if card == fields["card"]),
        days_ago=int(fields["published"]),
        hour=int(fields["hour"]),
        blocks=tuple(block.strip() for block in body.strip().split("\n\n")),
    )
