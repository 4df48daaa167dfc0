"""Pictures of the ten main pages, phone and desk, French and Arabic, light and dark, from a demo of its own.

    python tools/shots.py [--only NAME] [--out shots]

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
from pathlib import Path

import chromium
from playwright.sync_api import Browser, Page, ViewportSize, sync_playwright

ROOT = Path(__file__).parent.parent
SIZES: dict[str, ViewportSize] = {
    "phone": {"width": 390, "height": 844},
    "desk": {"width": 1280, "height": 860},
}
# (name, whose log-in, path); a path of None is reached by `reach`.
PAGES: tuple[tuple[str, str | None, str], ...] = (
    ("01-sign-in", None, "/sign-in"),
    ("02-to-share", "ana", "/"),
    ("03-share-sheet", "ana", "share"),
    ("04-my-results", "ana", "/results"),
    ("05-me", "ana", "/me"),
    ("06-overview", "marc", "/studio/"),
    ("07-library", "ines", "/studio/library"),
    ("08-compose", "ines", "compose"),
    ("09-review", "ines", "/studio/review"),
    ("10-ambassadors", "marc", "/studio/ambassadors"),
    ("11-sources", "ines", "/studio/sources"),
    ("12-line", "ines", "/studio/line"),
)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", default="", help="pages whose name holds this")
    parser.add_argument("--out", type=Path, default=ROOT / "shots")
    parser.add_argument("--address", help="an installation of the demo that runs already")
    options = parser.parse_args()
    browser_path = chromium.path()
    if browser_path is None:
        return 1
    options.out.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="portevoix-shots-") as var, sync_playwright() as playwright:
        process, address = (None, options.address) if options.address else start_demo(var)
        try:
            browser = playwright.chromium.launch(executable_path=browser_path, args=["--no-sandbox"])
            take_all(browser, address, options.out, options.only)
        finally:
            if process:
                os.killpg(process.pid, signal.SIGTERM)
                process.wait(timeout=20)
    return 0


def start_demo(var: str) -> tuple["subprocess.Popen[bytes]", str]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    environ = {**os.environ, "PORTEVOIX_VAR": var, "PORTEVOIX_PORT": str(port)}
    process = subprocess.Popen(
        [sys.executable, "-m", "portevoix", "demo"], cwd=ROOT, env=environ, start_new_session=True
    )
    address = f"http://127.0.0.1:{port}"
    while process.poll() is None:
        try:
            with urllib.request.urlopen(f"{address}/health", timeout=1):
                return process, address
        except OSError:
            time.sleep(0.2)
    sys.exit("The demo did not start.")


def take_all(browser: Browser, address: str, out: Path, only: str) -> None:
    for language in ("fr", "ar"):
        for theme in ("light", "dark"):
            for size, viewport in SIZES.items():
                for name, who, path in PAGES:
                    if only in name:
                        context = browser.new_context(
                            viewport=viewport,
                            device_scale_factor=2 if size == "phone" else 1,
                            color_scheme=theme,
                            locale={"fr": "fr-FR", "ar": "ar-MA"}[language],
                        )
                        page = context.new_page()
                        if who:
                            sign_in(page, address, who, language)
                        reach(page, address, path)
                        page.screenshot(path=out / f"{name}-{size}-{language}-{theme}.png")
                        context.close()


def sign_in(page: Page, address: str, who: str, language: str) -> None:
    """Signs in with the demo's own log-in, and reads in that language."""
    page.goto(f"{address}/sign-in")
    page.fill("input[name=login]", f"{who}@atlas-energies.example")
    page.fill("input[name=password]", "porte-voix")
    page.click("form[data-sign-in] button[type=submit]")
    page.wait_for_load_state()
    page.request.post(
        f"{address}/language", form={"language": language, "next": "/"}, headers=csrf(page, address)
    )


def csrf(page: Page, address: str) -> dict[str, str]:
    token = next((c["value"] for c in page.context.cookies() if c["name"] == "csrftoken"), "")
    return {"X-CSRFToken": token, "Referer": address}


def reach(page: Page, address: str, path: str) -> None:
    if path == "share":
        page.goto(f"{address}/")
        page.locator("[data-share]").first.click()
        page.wait_for_timeout(600)
    elif path == "compose":
        page.goto(f"{address}/studio/library")
        page.locator("a[href*='/studio/stories/']").first.click()
        page.wait_for_timeout(600)
    else:
        page.goto(address + path)
    page.wait_for_load_state("networkidle")


if __name__ == "__main__":
    sys.exit(main())
