"""Where a link belongs: whose share it is, of which story, on which network. Frozen with the share, so kept a while."""

from collections.abc import Sequence
from time import monotonic
from typing import Final, NamedTuple

from portevoix.links.packing import packed
from portevoix.people.models import Organisation
from portevoix.sharing.models import Share

KEPT_SECONDS: Final = 60.0  # a person erased meanwhile leaves no trace longer than that (`jobs.erase_strays`)
_PER_QUERY: Final = 500


class Place(NamedTuple):
    """What the clicks on a link are counted under."""

    organisation: int
    person: int
    story: int
    team: int
    network: int
    country: int
    zone: str
    is_company: bool


class Places:
    """The places of links, read of the database and remembered for a minute."""

    def __init__(self) -> None:
        self.forget()

    def forget(self) -> None:
        """Reads everything again."""
        self._known: dict[int, Place] = {}
        self._zones: dict[int, str] = {}
        self._since = monotonic()

    def of(self, links: Sequence[int]) -> list[Place | None]:
        """The place of each link; None for one that nobody shares."""
        self._forget_old()
        missing = [link for link in links if link not in self._known]
        for start in range(0, len(missing), _PER_QUERY):
            self._read(missing[start : start + _PER_QUERY])
        return [self._known.get(link) for link in links]

    def zone_of(self, organisation: int) -> str:
        """The time zone of an organisation's days."""
        if organisation not in self._zones:
            self._zones[organisation] = Organisation.objects.values_list("time_zone", flat=True).get(
                pk=organisation
            )
        return self._zones[organisation]

    def forget_zones(self) -> None:
        """Asks for the organisations' zones again: days are counted by the one in force."""
        self._zones.clear()

    def _forget_old(self) -> None:
        if monotonic() - self._since > KEPT_SECONDS:
            self.forget()

    def _read(self, links: Sequence[int]) -> None:
        rows = Share.unscoped.filter(link__in=links).order_by()
        for link, organisation, person, story, team, channel, country, zone, is_company in rows.values_list(
            "link_id",
            "organisation_id",
            "person_id",
            "story_id",
            "team_id",
            "channel",
            "country",
            "zone",
            "is_company",
        ):
            self._known[link] = Place(
                organisation, person, story, team or 0, packed(channel), packed(country), zone, is_company
            )
