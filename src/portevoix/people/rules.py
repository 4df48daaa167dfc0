"""Judgement about people, pure: which audience somebody belongs to, which address may join by itself."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

INVITATION_LIFE = timedelta(days=7)
REMINDER_AFTER = timedelta(hours=48)
JOIN_LINK_LIFE = timedelta(days=90)
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
