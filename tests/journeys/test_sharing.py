"""From the invitation to what it brought: the main job, lived by Marc, Ana and a visitor."""

import re
import urllib.error
import urllib.request
from urllib.parse import quote

import pytest
from playwright.sync_api import Locator, Page, expect

from journeys.conftest import Installation, Visit, Visits

pytestmark = pytest.mark.journey

DISCLOSURE = {"fr": "Je travaille chez Atlas Énergies.", "ar": "أعمل في أطلس للطاقات."}
OWN_WORDS = {
    "fr": " J’y étais mardi : 100 % d’envie, & du vent ?",
    "ar": " كنت هناك يوم الثلاثاء: حماس 100% و«ريح»؟",
}
ONE_VISIT = {"fr": "1 visite", "ar": "زيارة واحدة"}
A_PHONE = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko)"
    " Version/18.6 Mobile/15E148 Safari/604.1"
)


class Stop(urllib.request.HTTPRedirectHandler):
    """Leaves a redirect unfollowed."""

    def redirect_request(self, *_: object) -> None:
        return None


def test_an_invited_person_shares_and_sees_what_it_brought(
    visit: Visits, installation: Installation, language: str
) -> None:
    story, caption = installation.people[language]["story"], installation.people[language]["caption"]
    email = f"ana.{language}@atlas-energies.example"

    invite(visit(language=language), email, language)
    ana = visit(language=language, phone=True)
    accept(ana, installation.mailed_link(email))
    expect(ana.page.get_by_role("heading", name=story)).to_be_visible()
    ana.check_page()

    # Card to network in two taps; LinkedIn is offered first.
    ana.page.locator(".story", has_text=story).locator("a[data-sheet]").tap()
    ana.page.locator("dialog.sheet[open] [data-submit]").tap()
    ana.page.wait_for_url("**/thanks")
    linkedin = tracked_link(ana.page)
    said = f"{DISCLOSURE[language]}\n{caption}\n\n{linkedin}"
    assert ana.outside == [f"https://www.linkedin.com/feed/?shareActive=true&text={quote(said, safe='')}"]
    ana.check_page()

    ana.outside.clear()
    ana.open("/").locator(".story", has_text=story).locator("a[data-sheet]").tap()
    sheet = ana.page.locator("dialog.sheet[open]")
    sheet.locator(".option", has=ana.page.locator("[value=whatsapp]")).tap()
    sheet.locator("textarea").fill(caption + OWN_WORDS[language])
    ana.check_page()
    sheet.locator("[data-submit]").tap()
    ana.page.wait_for_url("**/thanks")
    whatsapp = tracked_link(ana.page)
    said = f"{DISCLOSURE[language]}\n{caption}{OWN_WORDS[language]}\n\n{whatsapp}"
    assert ana.outside == [f"https://wa.me/?text={quote(said, safe='')}"]
    assert whatsapp != linkedin

    assert asked_by_a_robot(whatsapp) == 302
    visitor = visit(language=language, phone=True, user_agent=A_PHONE)
    visitor.open(whatsapp)
    expect(visitor.page.get_by_role("heading", name=story)).to_be_visible()
    newsroom = f"http://atlas-energies.example.localhost:{installation.newsroom_port}"
    assert visitor.page.url == f"{newsroom}/actualites/atelier-settat"

    thanks = ana.page.url
    row = wait_for_a_visit(ana)
    expect(row).to_contain_text(ONE_VISIT[language])
    expect(ana.page.locator(".results-words")).to_contain_text("1" if language == "fr" else "زيارة واحدة")
    ana.check_page()

    ana.open(thanks).locator("form[action$='/take-back'] [type=submit]").click()
    ana.page.wait_for_load_state()
    ana.check_page()
    assert ana.open("/results").locator(".results-share").count() == 2
    assert ana.page.locator(".results-share .tag").count() == 1


def test_sharing_needs_no_script(visit: Visits, installation: Installation, language: str) -> None:
    noor = visit(language=language, phone=True, java_script_enabled=False)
    noor.sign_in("noor", language)

    story = noor.page.locator(".story", has_text=installation.people[language]["story"])
    story.locator("a[data-sheet]").click()
    noor.page.locator(".option", has=noor.page.locator("[value=whatsapp]")).click()
    with noor.context.expect_page():
        noor.page.locator("[data-submit]").click()
    noor.page.wait_for_timeout(500)

    [window] = [address for address in noor.outside if address.startswith("https://wa.me/")]
    said = f"{DISCLOSURE[language]}\n{installation.people[language]['caption']}\n\n{installation.address}/r/"
    assert window.startswith(f"https://wa.me/?text={quote(said, safe='')}")


def test_the_sheet_opens_and_closes_by_keyboard(visit: Visits, language: str) -> None:
    noor = visit(language=language)
    page = noor.sign_in("noor", language)
    button = page.locator("a[data-sheet]").first

    tab_to(page, "a[data-sheet]")
    page.keyboard.press("Enter")
    expect(page.locator("dialog.sheet[open]")).to_be_visible()
    noor.check_page()
    page.keyboard.press("Escape")

    expect(page.locator("dialog.sheet[open]")).to_have_count(0)
    expect(button).to_be_focused()
    assert page.url == f"{noor.installation.address}/"


@pytest.mark.parametrize("path", ["/me", "/suggest", "/results"])
def test_the_other_pages_of_a_member_read_well(visit: Visits, language: str, path: str) -> None:
    noor = visit(language=language, phone=True)
    noor.sign_in("noor", language)

    noor.open(path)

    noor.check_page()


def invite(marc: Visit, email: str, language: str) -> None:
    marc.sign_in("marc", language)
    marc.open("/studio/ambassadors").fill("#id_emails", email)
    marc.page.select_option("#id_language", language)
    marc.page.locator("form", has=marc.page.locator("#id_emails")).locator("[type=submit]").click()
    expect(marc.page.locator("main")).to_contain_text(email)
    marc.check_page()


def accept(ana: Visit, link: str) -> None:
    """Opens the mailed link, gives a name and a password, and joins."""
    page = ana.open(link)
    ana.check_page()
    page.fill("[name=given_name]", "Ana")
    page.fill("[name=password]", "trois-mots-sans-lien")
    page.locator("main form [type=submit]").tap()
    page.wait_for_url(f"{ana.installation.address}/")


def tracked_link(page: Page) -> str:
    """The link that the post carries, as the thank-you keeps it."""
    found = re.search(r"http\S+/r/\w+$", page.locator("#posted").text_content() or "")
    assert found, page.url
    return found[0]


def asked_by_a_robot(link: str) -> int:
    """The answer to a program that says what it is."""
    asked = urllib.request.Request(link, headers={"User-Agent": "curl/8.14.1"})
    try:
        return int(urllib.request.build_opener(Stop).open(asked, timeout=5).status)
    except urllib.error.HTTPError as answer:
        return answer.code


def wait_for_a_visit(ana: Visit) -> Locator:
    """The row of the share somebody visited, once the worker has judged; the robot came first, so it is judged too."""
    for _ in range(40):
        row = ana.open("/results").locator(".results-share", has=ana.page.locator(".evidence"))
        if row.count():
            return row
        ana.page.wait_for_timeout(250)
    raise AssertionError("no visit was counted")


def tab_to(page: Page, selector: str) -> None:
    for _ in range(30):
        page.keyboard.press("Tab")
        if page.evaluate("(selector) => document.activeElement.matches(selector)", selector):
            return
    raise AssertionError(f"{selector} cannot be reached with Tab")
