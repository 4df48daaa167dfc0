"""Pictures of the main pages, phone and desk, French and Arabic, light and dark, from a demo of its own.

    python tools/shots.py [--only NAME] [--language fr] [--theme dark] [--size phone] [--out shots]

Look at every one of them.
"""

import argparse
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import product
from pathlib import Path

import chromium
from playwright.sync_api import Browser, BrowserContext, Page, StorageState, ViewportSize, sync_playwright

ROOT = Path(__file__).parent.parent
LOCALES = {"fr": "fr-FR", "ar": "ar-MA", "en": "en-GB"}
THEMES = ("light", "dark")
SIZES: dict[str, ViewportSize] = {
    "phone": {"width": 390, "height": 844},
    "desk": {"width": 1280, "height": 860},
}


@dataclass(frozen=True)
class Shot:
    """One page: who looks at it, where it is, and the links to follow from there."""

    name: str
    who: str
    path: str
    follow: tuple[str, ...] = ()
    whole: bool = True


NOBODY = ""
SHARE = "a[data-sheet]"
SHOTS = (
    Shot("01-sign-in", NOBODY, "/sign-in"),
    Shot("02-to-share", "ana", "/"),
    Shot("03-share-sheet", "ana", "/", (SHARE,), whole=False),
    Shot("04-thanks", "ana", "/results", (".results-share",)),
    Shot("05-my-results", "ana", "/results"),
    Shot("06-me", "ana", "/me"),
    Shot("07-suggest", "ana", "/suggest"),
    Shot("08-overview", "marc", "/studio/"),
    Shot("08-visitors", "marc", "/studio/visitors"),
    Shot("09-library", "ines", "/studio/library"),
    Shot("10-compose", "ines", "/studio/library", (".row-link",)),
    Shot("11-review", "ines", "/studio/library/review"),
    Shot("12-suggestions", "ines", "/studio/suggestions"),
    Shot("13-sources", "ines", "/studio/sources"),
    Shot("14-source", "ines", "/studio/sources", (".row-link",)),
    Shot("15-line", "ines", "/studio/line"),
    Shot("16-ambassadors", "marc", "/studio/ambassadors"),
    Shot("17-audiences", "marc", "/studio/audiences"),
    Shot("18-exports", "marc", "/studio/exports"),
    Shot("19-start", "ines", "/studio/library/new"),
    Shot("20-people", "driss", "/admin/people"),
    Shot("21-settings", "driss", "/admin/settings"),
    Shot("22-trail", "driss", "/admin/trail"),
    Shot("23-not-found", NOBODY, "/r/nothinghere"),
    Shot("24-privacy", NOBODY, "/privacy"),
)


def main() -> int:
    options = asked()
    browser_path = chromium.path()
    if browser_path is None:
        return 1
    options.out.mkdir(exist_ok=True)
    with installation(options.address) as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=browser_path, args=["--no-sandbox"])
        taken = take_all(browser, address, options)
    print(f"{taken} pictures in {options.out}/")
    return 0


def asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", default="", help="pages whose name holds this")
    parser.add_argument("--language", choices=LOCALES, action="append", help="French and Arabic if not told")
    parser.add_argument("--theme", choices=THEMES, action="append")
    parser.add_argument("--size", choices=SIZES, action="append")
    parser.add_argument("--out", type=Path, default=ROOT / "shots")
    parser.add_argument("--address", help="a demo that runs already")
    return parser.parse_args()


@contextmanager
def installation(address: str | None) -> Iterator[str]:
    """The demo at that address, or one of our own that ends with us."""
    if address:
        yield address
        return
    with tempfile.TemporaryDirectory(prefix="portevoix-shots-") as var:
        process, ours = start_demo(var)
        try:
            yield ours
        finally:
            os.killpg(process.pid, signal.SIGTERM)
            process.wait(timeout=20)


def start_demo(var: str) -> tuple["subprocess.Popen[bytes]", str]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    environ = {**os.environ, "PORTEVOIX_VAR": var, "PORTEVOIX_PORT": str(port)}
    command = [sys.executable, "-m", "portevoix", "demo"]
    process = subprocess.Popen(
        command, cwd=ROOT, env=environ, start_new_session=True, stdout=subprocess.DEVNULL
    )
    address = f"http://127.0.0.1:{port}"
    while process.poll() is None:
        try:
            with urllib.request.urlopen(f"{address}/health", timeout=1):
                return process, address
        except OSError:
            time.sleep(0.2)
    sys.exit("The demo did not start.")


def take_all(browser: Browser, address: str, options: argparse.Namespace) -> int:
    """Every picture asked for; one sign-in a person, one browser a person, theme and size."""
    shots = [shot for shot in SHOTS if options.only in shot.name]
    people = sorted({shot.who for shot in shots})
    signed_in = {who: sign_in(browser, address, who) for who in people}
    taken = 0
    for language in options.language or ("fr", "ar"):
        for who, theme, size in product(people, options.theme or THEMES, options.size or SIZES):
            with opened(browser, signed_in[who], language, theme, size) as page:
                speak(page, address, language)
                for shot in shots:
                    if shot.who == who:
                        path = options.out / f"{shot.name}-{size}-{language}-{theme}.png"
                        taken += take(page, address, shot, path)
    return taken


@contextmanager
def opened(browser: Browser, state: StorageState, language: str, theme: str, size: str) -> Iterator[Page]:
    context = browser.new_context(
        storage_state=state,
        viewport=SIZES[size],
        device_scale_factor=1.5 if size == "phone" else 1,
        color_scheme="dark" if theme == "dark" else "light",
        locale=LOCALES[language],
        reduced_motion="reduce",
    )
    yield context.new_page()
    context.close()


def sign_in(browser: Browser, address: str, who: str) -> StorageState:
    """Signs in with the demo's own log-in; nobody's browser is a fresh one."""
    context = browser.new_context()
    page = context.new_page()
    page.goto(f"{address}/sign-in")
    if who:
        page.fill("#id_login", f"{who}@atlas-energies.example")
        page.fill("#id_password", "porte-voix")
        page.locator("form", has=page.locator("#id_password")).locator("[type=submit]").click()
        page.wait_for_url(lambda url: "/sign-in" not in url)
    return state_of(context)


def state_of(context: BrowserContext) -> StorageState:
    state = context.storage_state()
    context.close()
    return state


def speak(page: Page, address: str, language: str) -> None:
    """The person chooses the language."""
    token = next((c["value"] for c in page.context.cookies() if c["name"] == "csrftoken"), "")
    page.request.post(
        f"{address}/language",
        form={"language": language},
        headers={"X-CSRFToken": token, "Referer": f"{address}/"},
    )


def take(page: Page, address: str, shot: Shot, path: Path) -> bool:
    """Whether there was something to take; a demo without such a row is said, and the others go on."""
    page.goto(address + shot.path)
    for link in shot.follow:
        if not page.locator(link).count():
            print(f"{path.name}: nothing to open there", file=sys.stderr)
            return False
        page.locator(link).first.click()
        page.wait_for_timeout(300)
    page.wait_for_load_state("networkidle")
    page.screenshot(path=path, full_page=shot.whole)
    return True


if __name__ == "__main__":
    sys.exit(main())
