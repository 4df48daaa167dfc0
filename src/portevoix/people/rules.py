"""Judgement about people, pure: which audience somebody belongs to, which address may join by itself."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

INVITATION_LIFE = timedelta(days=7)
REMINDER_AFTER = timedelta(hours=48)
INVITATION_KEPT = timedelta(days=30)
JOIN_LINK_LIFE = timedelta(days=90)
JOIN_CONFIRMATION_LIFE = timedelta(hours=24)
SIGN_IN_LINK_LIFE = timedelta(minutes=15)
SMALLEST_GROUP = 5
AUDIENCE_KEYS = ("teams", "countries", "languages", "roles")


@dataclass(frozen=True)
class Traits:
    """What an audience may look at: declared facts of one's place in the company, nothing else."""

    team: str
    country: str
    language: str
    roles: frozenset[str]


def matches(rule: Mapping[str, Sequence[str]], traits: Traits) -> bool:
    """Whether a person of those traits belongs to the audience. An absent or empty key excludes nobody."""
    return (
        _admits(rule, "teams", [traits.team])
        and _admits(rule, "countries", [traits.country])
        and _admits(rule, "languages", [traits.language])
        and _admits(rule, "roles", traits.roles)
    )


def _admits(rule: Mapping[str, Sequence[str]], key: str, values: Iterable[str]) -> bool:
    wanted = rule.get(key)
    return not wanted or not set(wanted).isdisjoint(values)


def is_of_domain(email: str, domains: Iterable[str]) -> bool:
    """Whether the address belongs to one of the mail domains; a subdomain is another domain."""
    domain = email.strip().lower().rpartition("@")[2]
    return bool(domain) and domain in {name.strip().lower().lstrip("@") for name in domains}


def clean_domain(name: str) -> str:
    """A mail domain as it is compared: lower case, without the @; empty when it cannot be one."""
    domain = name.strip().lower().lstrip("@").rstrip(".")
    well_formed = "." in domain and not set(domain) - set(_DOMAIN_LETTERS) and ".." not in domain
    return domain if well_formed and domain[0].isalnum() else ""


_DOMAIN_LETTERS = "abcdefghijklmnopqrstuvwxyz0123456789.-"


@dataclass(frozen=True)
class Group:
    """A named group of people and how many they are; the name is empty for small groups merged together."""

    name: str
    count: int


def shown_groups(groups: Iterable[Group], smallest: int = SMALLEST_GROUP) -> list[Group]:
    """The groups that may be shown, largest first.

    Groups under `smallest` are merged, and the merged group is shown only if it is large enough itself; what a lone
    small group counts cannot be had by subtraction, since the next smallest is merged with it.
    """
    ordered = sorted((group for group in groups if group.count), key=lambda group: -group.count)
    large = [group for group in ordered if group.count >= smallest]
    rest = sum(group.count for group in ordered if group.count < smallest)
    if 0 < rest < smallest and large:
        rest += large.pop().count
    return [*large, Group("", rest)] if rest >= smallest else large
