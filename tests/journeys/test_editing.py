"""How a story comes: from a link, from a feed, from a contributor; each until an ambassador has it before her."""

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from journeys.conftest import Visit, Visits
from portevoix.demo.newsroom.articles import Article, article_at

pytestmark = pytest.mark.journey

FORBIDDEN = {"fr": "le leader incontesté", "ar": "كهرباء مجانية"}
BETTER = {"fr": "l’un des premiers installateurs", "ar": "كهرباء تُنتَج في المكان نفسه"}
REASON = {"fr": "Personne ne peut le vérifier", "ar": "الشمس بلا ثمن"}
# A site that the company has not confirmed yet, and two of its articles.
NEW_SITE = {
    "fr": (
        "https://lettre-energie.example/pratique/cinq-questions-facture",
        "https://lettre-energie.example/marche/devis-a-la-loupe",
    ),
    "ar": (
        "https://eco-chaouia.example/ar/sutuh-almadina",
        "https://eco-chaouia.example/ar/madakhat-alray",
    ),
}
LIBRARY = re.compile(r"/studio/library$")
FEED = {
    "fr": "https://atlas-energies.example/actualites/flux.xml",
    "ar": "https://lettre-energie.example/atom.xml",
}


def test_a_link_becomes_a_story_that_ambassadors_have(visit: Visits, language: str) -> None:
    first, second = (article(link) for link in NEW_SITE[language])
    ines = visit(language=language)
    ines.sign_in("ines", language)

    paste(ines, first.url)
    expect(ines.page.locator(".joined-title")).to_have_text(first.title)
    expect(ines.page.locator(".joined-preview img")).to_be_visible()

    ines.page.fill("[name=why]", FORBIDDEN[language])
    ines.page.select_option("[name=pillar]", index=1)
    caption = first_caption(ines.page)
    before = counter(ines.page).inner_text()
    caption.fill(f"{FORBIDDEN[language]}. {first.summary}")
    expect(counter(ines.page)).not_to_have_text(before)
    flag = ines.page.locator(".flag:visible")
    expect(flag).to_contain_text(REASON[language])
    ines.check_page()
    flag.get_by_role("button").click()
    expect(caption).to_have_value(f"{BETTER[language]}. {first.summary}")
    expect(ines.page.locator("[data-saved-state]")).to_have_attribute("data-state", "saved")
    expect(flag).to_have_count(0)

    ines.page.wait_for_timeout(1000)
    ines.page.reload()
    expect(first_caption(ines.page)).to_have_value(f"{BETTER[language]}. {first.summary}")
    expect(ines.page.locator("[name=why]")).to_have_value(FORBIDDEN[language])

    publish(ines.page)
    expect(ines.page.locator("[name=act][value=publish]")).to_have_count(2)
    ines.check_page()
    ines.page.locator(".banner [value=publish]").click()
    ines.page.wait_for_url(LIBRARY)
    ines.check_page()
    feed_holds(visit, first.title, language)

    # The site is known from now on: nothing is asked.
    paste(ines, second.url)
    first_caption(ines.page).fill(second.summary)
    publish(ines.page)
    ines.page.wait_for_url(LIBRARY)


def test_a_feed_brings_stories_to_look_over(visit: Visits, language: str) -> None:
    ines = visit(language=language)
    ines.sign_in("ines", language)

    ines.open("/studio/sources/new").fill("[name=address]", FEED[language])
    ines.page.select_option("[name=pillar]", index=2)
    ines.check_page()
    ines.page.locator("main form [type=submit]").click()
    wait_for(ines, "/studio/library/review", ".review")
    ines.check_page()
    title = ines.page.locator(".review h2").first.inner_text()
    ines.page.locator(".review-acts > a").first.click()
    link = ines.page.locator(".joined-link a").get_attribute("href") or ""
    publish(ines.page)
    confirm_if_asked(ines.page)
    ines.page.wait_for_url(LIBRARY)
    feed_holds(visit, title, language)

    # However it is written, the same page makes no second story; the first one is a click away.
    paste(ines, f"{link}?utm_source=lettre#haut")
    expect(ines.page.locator(".field-error")).to_contain_text(title)
    expect(ines.page.locator("main form a.quiet-link")).to_contain_text(title)
    ines.check_page()

    ines.open("/studio/sources")
    ines.check_page()


def test_a_contributor_is_answered_and_then_published(visit: Visits, language: str) -> None:
    title, note = f"Ce que j’ai vu à Settat ({language})", "Il manque un chiffre."
    chloe, ines = visit(language=language), visit(language=language)
    chloe.sign_in("chloe", language)
    chloe.open("/studio/library/new")
    chloe.check_page()
    chloe.page.fill("#id_title", title)
    chloe.page.locator("[name=from][value=text]").click()
    first_caption(chloe.page).fill("Un toit, douze apprentis.")
    chloe.page.locator("[name=act][value=submit]").click()
    chloe.page.wait_for_url(LIBRARY)
    chloe.check_page()

    ines.sign_in("ines", language)
    review = ines.open("/studio/library/review").locator(".review", has_text=title)
    review.locator("summary").click()
    review.locator("textarea").fill(note)
    review.locator("details [type=submit], details form button").last.click()
    ines.page.wait_for_load_state()
    expect(ines.page.locator(".review", has_text=title)).to_have_count(0)

    expect(chloe.open("/studio/library").locator(".row", has_text=title)).to_contain_text(note)
    chloe.page.locator(".row-link", has_text=title).click()
    expect(chloe.page.locator(".banner")).to_contain_text(note)
    chloe.check_page()
    first_caption(chloe.page).fill("Un toit, douze apprentis, 84 panneaux.")
    chloe.page.locator("[name=act][value=submit]").click()
    chloe.page.wait_for_url(LIBRARY)

    review = ines.open("/studio/library/review").locator(".review", has_text=title)
    expect(review).to_contain_text("84")
    review.locator(".review-acts > a").click()
    publish(ines.page)
    ines.page.wait_for_url(LIBRARY)
    feed_holds(visit, title, language)


@pytest.mark.parametrize(
    ("who", "path"),
    [
        ("ines", "/studio/"),
        ("ines", "/studio/line"),
        ("ines", "/studio/suggestions"),
        ("marc", "/studio/audiences"),
        ("marc", "/studio/exports"),
        ("driss", "/admin/people"),
        ("driss", "/admin/settings"),
        ("driss", "/admin/trail"),
    ],
)
def test_the_other_pages_of_the_studio_read_well(visit: Visits, language: str, who: str, path: str) -> None:
    someone = visit(language=language)
    someone.sign_in(who, language)

    someone.open(path)

    someone.check_page()


@pytest.mark.parametrize(
    "path", ["/sign-in", "/sign-in/link", "/password/forgotten", "/privacy", "/r/nothing"]
)
def test_the_pages_of_strangers_read_well(visit: Visits, language: str, path: str) -> None:
    stranger = visit(language=language, phone=True)

    stranger.open(path)

    stranger.complaints.clear()  # a browser reports the 404 itself
    stranger.check_page()


def article(link: str) -> Article:
    found = article_at(link)
    assert found
    return found


def paste(ines: Visit, link: str) -> None:
    ines.open("/studio/library/new").fill("#id_link", link)
    ines.page.locator("[name=from][value=link]").click()
    ines.page.wait_for_load_state()


def first_caption(page: Page) -> Locator:
    """The caption that is open, in the person's language; a story without one is given one for all networks."""
    if not page.locator("[data-caption] textarea:visible").count():
        add = page.locator("summary.chip:visible")
        expect(add).to_have_count(1)  # one language is open, once the page is ready
        add.click()
        page.locator(".chip-choice:visible").first.click()
    page.wait_for_load_state()
    return page.locator("[data-caption] textarea:visible").first


def counter(page: Page) -> Locator:
    return page.locator("[data-caption] [data-count]:visible").first


def publish(page: Page) -> None:
    page.locator(".composer-head [name=act][value=publish]").click()
    page.wait_for_load_state()


def confirm_if_asked(page: Page) -> None:
    asked = page.locator(".banner [value=publish]")
    if asked.count():
        asked.click()


def feed_holds(visit: Visits, title: str, language: str) -> None:
    """The ambassador is offered that story."""
    noor = visit(language=language, phone=True)
    noor.sign_in("noor", language)
    expect(noor.page.get_by_role("heading", name=title)).to_be_visible()


def wait_for(ines: Visit, path: str, selector: str) -> None:
    """Until the worker has read the feed."""
    for _ in range(60):
        if ines.open(path).locator(selector).count():
            return
        ines.page.wait_for_timeout(500)
    raise AssertionError(f"{path} never showed {selector}")
