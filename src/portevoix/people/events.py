"""What happened to people, in the past tense, for the storeys above."""

from dataclasses import dataclass

from portevoix.core.events import Event


@dataclass(frozen=True)
class OrganisationCreated(Event):
    """A body that runs a programme came in."""


@dataclass(frozen=True, kw_only=True)
class OrganisationChanged(Event):
    """An organisation became something else, or set other limits; `changed` names its fields."""

    changed: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class PersonJoined(Event):
    """A person takes part from now on, for the first time or again."""

    person_id: int


@dataclass(frozen=True, kw_only=True)
class PersonPaused(Event):
    """A person stopped for a while."""

    person_id: int


@dataclass(frozen=True, kw_only=True)
class PersonLeft(Event):
    """A person takes part no longer, by their own act."""

    person_id: int


@dataclass(frozen=True, kw_only=True)
class PersonDeactivated(Event):
    """A person's access to the organisation ended."""

    person_id: int


@dataclass(frozen=True, kw_only=True)
class PersonErased(Event):
    """A person's data was erased on request; what remains of them carries no name."""

    person_id: int
