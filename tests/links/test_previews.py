"""The redirector tells those who draw cards as the judge of clicks does."""

import pytest
from crawleruseragents import CRAWLER_USER_AGENTS_DATA

from portevoix.demo.visitors import DESKS, PHONES, PREVIEWS, ROBOTS, TABLETS
from portevoix.links.previews import builds_preview
from portevoix.links.robots import judge_agent

PUBLISHED = [agent for entry in CRAWLER_USER_AGENTS_DATA for agent in entry.get("instances", ())]


@pytest.mark.parametrize(
    "agents", [PUBLISHED, [*PHONES, *DESKS, *TABLETS, *ROBOTS], sum(PREVIEWS.values(), ())]
)
def test_redirector_and_judge_agree_on_previews(agents: list[str]) -> None:
    assert [
        agent for agent in agents if builds_preview(agent) != (judge_agent(agent).kind == "preview")
    ] == []


def test_previews_are_found() -> None:
    assert sum(builds_preview(agent) for agent in PUBLISHED) > 50
    assert not builds_preview("LinkedInApp/9.1 (iPhone)")
