"""An own account, connected; a share that goes out by itself at the minute that was chosen; what it brought; the end.

At Bluesky, on its own servers, and at Agora, which the demo brings.
"""

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Locator, expect

from journeys.conftest import PHONE, Installation, Visit, installed
from portevoix.demo.agora import server as agora
from servers import bluesky_network
from servers.bluesky_network import Account, Network

pytestmark = [pytest.mark.journey, pytest.mark.slow]

LOCALES = {"fr": "fr-FR", "ar": "ar-MA"}
A_LIKE = {"fr": "1 j’aime", "ar": "إعجاب واحد"}
GOES_OUT_MS, COUNTED_MS = 100_000, 4_000


@dataclass
class Place:
    """An installation beside networks that answer; `why_no_bluesky`: why Bluesky's servers cannot be had here."""

    installation: Installation
    bluesky: Network | None
    why_no_bluesky: str = ""
    accounts: dict[str, Account] = field(default_factory=dict)


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory, browser: Browser) -> Iterator[Place]:
    """Its own installation: the networks must be known to it from the start."""
    with ExitStack() as stack:
        site, _thread = agora.serve(0)
        stack.callback(site.shutdown)
        played, allowed, accounts = dict(agora.stand_ins(site.server_port)), "", {}
        network, why = _bluesky(stack)
        if network:
            pds = urlsplit(network.pds_url).port or 0
            for language in LOCALES:
                accounts[language] = bluesky_network.create_account(network, f"noor-{language}.test")
                played[accounts[language].handle] = ("127.0.0.1", pds)
            played["plc.directory"] = ("127.0.0.1", urlsplit(network.plc_url).port or 0)
            played["public.api.bsky.app"] = ("127.0.0.1", urlsplit(network.appview_url or "").port or 0)
            allowed = f"localhost:{pds}"
        folder = tmp_path_factory.mktemp("publishing")
        yield Place(stack.enter_context(installed(folder, played, allowed)), network, why, accounts)


def _bluesky(stack: ExitStack) -> tuple[Network | None, str]:
    try:
        network = stack.enter_context(bluesky_network.running())
    except pytest.skip.Exception as why:
        return None, str(why)
    return (network, "") if network.appview_url else (None, "Bluesky counts likes on a PostgreSQL only.")


@pytest.fixture
def noor(browser: Browser, place: Place, language: str) -> Iterator[Visit]:
    """Noor on her phone, signed in."""
    yield from signed_in("noor", browser, place, language)


@pytest.fixture
def chloe(browser: Browser, place: Place, language: str) -> Iterator[Visit]:
    """Chloé on hers: one person's posts keep half an hour between them."""
    yield from signed_in("chloe", browser, place, language)


def signed_in(who: str, browser: Browser, place: Place, language: str) -> Iterator[Visit]:
    context = browser.new_context(
        viewport=PHONE,
        locale=LOCALES[language],
        color_scheme="light",
        reduced_motion="reduce",
        has_touch=True,
    )
    context.set_default_timeout(15_000)
    visit = Visit(context, place.installation)
    visit.sign_in(who, language)
    yield visit
    context.close()


def test_share_goes_out_at_bluesky_at_the_minute_that_was_chosen(
    place: Place, noor: Visit, language: str
) -> None:
    network = place.bluesky
    if network is None:
        pytest.skip(place.why_no_bluesky)
    account = place.accounts[language]
    connect_bluesky(noor, account)
    expect(noor.page.locator("main")).to_contain_text(account.handle)

    plan_on(noor, "bluesky", language)
    noor.check_page()
    see = noor.page.locator('a[href*="bsky.app/profile/"]')
    expect(see).to_be_visible(timeout=GOES_OUT_MS)
    noor.check_page()

    (post,) = bluesky_network.list_posts(network, account.did)
    assert (
        see.get_attribute("href")
        == f"https://bsky.app/profile/{account.did}/post/{post['uri'].split('/')[-1]}"
    )
    assert post["value"]["embed"]["external"]["uri"].startswith(f"{place.installation.address}/r/")
    liked_by = bluesky_network.create_account(network, f"lea-{language}.test")
    bluesky_network.like(network, liked_by, post["uri"], post["cid"])
    expect(read_figures(noor)).to_contain_text(A_LIKE[language])
    noor.check_page()

    disconnect(noor)
    assert len(bluesky_network.list_posts(network, account.did)) == 1  # what is online stays online


def test_share_goes_out_at_agora_and_is_taken_off(place: Place, chloe: Visit, language: str) -> None:
    connect_agora(chloe)

    plan_on(chloe, "dummy", language)
    see = chloe.page.locator('a[href*="agora.example.localhost"]')
    expect(see).to_be_visible(timeout=GOES_OUT_MS)
    thanks, seen = chloe.page.url, see.get_attribute("href") or ""
    chloe.check_page()
    chloe.open(seen)
    assert place.installation.people[language]["caption"][:20] in (chloe.page.text_content("body") or "")

    chloe.open(thanks).locator("[commandfor=take-off]").first.tap()  # it asks first
    chloe.check_page()
    chloe.page.locator("dialog[open] [type=submit]").last.tap()
    expect(see).to_have_count(0)
    expect(chloe.page.locator("#standing[hx-get]")).to_have_count(0)  # it is done: nothing more to wait for
    chloe.check_page()
    chloe.open(seen)
    chloe.complaints.clear()  # Agora says 404, as it should
    assert place.installation.people[language]["caption"][:20] not in (chloe.page.text_content("body") or "")
    disconnect(chloe)


def connect_bluesky(noor: Visit, account: Account) -> None:
    """From my accounts to Bluesky's own page and back, with a yes on both sides."""
    noor.open("/me/accounts")
    noor.check_page()
    page = noor.page
    page.locator("a[href$='/me/accounts/bluesky']").tap()
    noor.check_page()
    page.locator("#typed").fill(account.handle)
    page.locator("main form [type=submit]").first.tap()
    page.wait_for_url(lambda url: "localhost" in url)
    page.locator("input[name=password]").fill(account.password)
    page.locator("button[type=submit]").click()
    page.locator("input[name=password]").wait_for(state="detached")
    page.locator("button[type=submit]").click()
    agree(noor)


def connect_agora(noor: Visit) -> None:
    page = noor.open("/me/accounts/dummy")
    page.locator("main form [type=submit]").first.tap()
    page.wait_for_url(lambda url: "agora.example" in url)
    page.locator("input[name=account]").first.check(force=True)
    page.locator("#accept").click()
    agree(noor)


def agree(noor: Visit) -> None:
    """Back here: whose account it is, and the yes that keeps it."""
    noor.page.wait_for_url("**/me/sign-ins/**")
    noor.complaints.clear()  # what other people's pages say of themselves
    noor.check_page()
    noor.page.locator("[name=answer][value=yes]").tap()
    noor.page.wait_for_url("**/me/accounts")
    noor.check_page()


def plan_on(noor: Visit, network: str, language: str) -> None:
    """The sheet, the network, the next minute of Noor's own clock; the page of the post follows."""
    story = noor.installation.people[language]["story"]
    noor.open("/").locator(".story", has_text=story).locator("a[data-sheet]").tap()
    sheet = noor.page.locator("dialog.sheet[open]")
    sheet.locator(".option", has=noor.page.locator(f"[value={network}]")).tap()
    sheet.locator(".option", has=noor.page.locator("[name=when][value=chosen]")).tap()
    at = sheet.locator("[name=at]")
    at.fill(next_minute(at.get_attribute("min") or ""))
    noor.check_page()
    sheet.locator("[data-submit-direct]").tap()
    noor.page.wait_for_url("**/thanks")


def next_minute(now: str) -> str:
    return (datetime.fromisoformat(now) + timedelta(minutes=1)).isoformat(timespec="minutes")


def read_figures(noor: Visit) -> Locator:
    """Asks for the figures, once Bluesky's counter had a moment to hear of the like."""
    noor.page.wait_for_timeout(COUNTED_MS)
    noor.page.locator("form[action$='/figures'] [type=submit]").tap()
    return noor.page.locator("#standing")


def disconnect(noor: Visit) -> None:
    page = noor.open("/me/accounts")
    page.locator("[command=show-modal]").first.tap()
    page.locator("dialog[open] [type=submit]").last.tap()
    page.wait_for_url("**/me/accounts")
    expect(page.locator("main [command=show-modal]")).to_have_count(0)
    noor.check_page()
