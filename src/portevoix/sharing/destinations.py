"""Where the links of shares lead: the story's page, with the organisation's tags, and whether it is told of clicks."""

from collections.abc import Mapping
from functools import cached_property

from portevoix.library.models import Story, StoryState
from portevoix.links import tagging
from portevoix.links.actions.opening import LONGEST_DESTINATION
from portevoix.links.queries import link_setting
from portevoix.people.models import Organisation, Participation, Person, Team
from portevoix.people.rules import SMALLEST_GROUP

OTHERS = "others"  # people without a team, and teams so small that their name would be somebody's


class Destinations:
    """The destinations of one story's links; the setting is read once, each team's size once."""

    def __init__(self, story: Story) -> None:
        self._story = story
        self._setting = link_setting(story.organisation_id)
        self._teams: dict[int | None, str] = {None: OTHERS}

    @cached_property
    def carries_click_id(self) -> bool:
        """Whether they tell their page which click it was: as the story says, else as the organisation does."""
        said = self._story.carries_click_ids
        return self._setting.carries_click_ids if said is None else said

    def of(self, channel: str, team: Team | None) -> str:
        """The address that a share on that channel, by somebody of that team, leads to."""
        page: str = self._story.link or self._story.organisation.website
        if not self._setting.is_tagging:
            return page
        facts = self._facts(channel, team)
        return tagging.tagged(page, self._setting.patterns, facts, longest=LONGEST_DESTINATION)

    def _facts(self, channel: str, team: Team | None) -> Mapping[str, str]:
        story = self._story
        is_by_team = any("{team}" in pattern for pattern in self._setting.patterns.values())
        return {
            "network": channel,
            "story": tagging.word_of(story.title) or story.code,
            "pillar": story.pillar.name_in(story.organisation.language) if story.pillar else "",
            "team": self._name_of(team) if is_by_team else "",
        }

    def _name_of(self, team: Team | None) -> str:
        key = team.pk if team else None
        if team is not None and key not in self._teams:
            people = Person.unscoped.filter(
                team=team, participation=Participation.JOINED, is_active=True
            ).count()
            self._teams[key] = team.name if people >= SMALLEST_GROUP else OTHERS
        return self._teams[key]


def preview(organisation: Organisation, patterns: Mapping[str, str]) -> tuple[str, str]:
    """The address of the story published last, or of the company's site, and as a share on LinkedIn would lead there."""
    rows = Story.objects.filter(state=StoryState.PUBLISHED).exclude(link="").select_related("pillar")
    story = rows.order_by("-published_at").first()
    page = story.link if story else organisation.website
    pillar = story.pillar.name_in(organisation.language) if story and story.pillar else ""
    facts = {
        "network": "linkedin",
        "story": story.title if story else "",
        "pillar": pillar,
        "team": OTHERS,
    }
    fit = {name: pattern for name, pattern in patterns.items() if not tagging.problem_of(pattern)}
    return page, tagging.tagged(page, fit, facts, longest=LONGEST_DESTINATION)
