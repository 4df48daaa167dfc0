"""The accessibility check that every page visited must pass, light and dark."""

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

RULES = {
    "runOnly": {
        "type": "tag",
        "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    }
}


# What a change of colours can break; the rest is the same in both themes.
COLOURS = {"runOnly": {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}}
SETTLED = """
    Promise.allSettled(document.getAnimations().map((one) => one.finished))
      .then(() => new Promise(requestAnimationFrame))
"""


def check(page: Page) -> None:
    """Fails with what axe found and where, in both themes; leaves the page in the light one."""
    for theme, rules in (("dark", COLOURS), ("light", RULES)):
        page.emulate_media(color_scheme=theme)
        page.evaluate(SETTLED)
        found = Axe().run(page, options=rules).response["violations"]
        lines = [f"{v['id']}: {node['html'][:160]}" for v in found for node in v["nodes"]]
        assert lines == [], f"{page.url} ({theme}):\n" + "\n".join(lines)
