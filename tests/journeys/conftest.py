"""A real installation for the journeys: the server, the redirector and the worker as processes, a newsroom beside them.

Nothing here touches the database: the company is made by a process of its own, and the rest happens in the browser.
"""

import json
import os
import re
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Request

from portevoix.demo import newsroom

ROOT = Path(__file__).parents[2]
PHONE = {"width": 390, "height": 844}
DESK = {"width": 1280, "height": 860}


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass
class Installation:
    """Where the product answers, where the newsroom is, and what was printed (mail included)."""

    address: str
    newsroom_port: int
    environ: dict[str, str]
    log: Path
    people: dict[str, dict[str, str]] = field(default_factory=dict)

    def mailed_link(self, to: str, *, seconds: float = 15) -> str:
        """The last link of ours mailed to that address, waiting for the worker to send it."""
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            mails = re.split(r"\n-{60,}\n", self.log.read_text())
            for mail in reversed(mails):
                if f"To: {to}" in mail and (found := re.findall(rf"{re.escape(self.address)}/\S+", mail)):
                    return found[0].rstrip(".>)")
            time.sleep(0.2)
        raise AssertionError(f"no mail to {to} within {seconds} s")


@pytest.fixture(scope="session")
def browser_type_launch_args() -> dict[str, object]:
    """Debian's Chromium, or whichever there is; without one the journeys are skipped, saying so."""
    found = os.environ.get("PORTEVOIX_CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
    if not found:
        pytest.skip("Chromium is not installed: the journeys did not run.")
    quiet = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"]
    return {"executable_path": found, "args": quiet}


@pytest.fixture(scope="session")
def installation(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    var = tmp_path_factory.mktemp("var")
    port, newsroom_port = free_port(), free_port()
    address = f"http://127.0.0.1:{port}"
    stand_ins = ",".join(f"{host}=127.0.0.1:{newsroom_port}" for host in newsroom.stand_ins(newsroom_port))
    environ = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "portevoix.settings",
        "DATABASE_URL": "",
        "PORTEVOIX_VAR": str(var),
        "PORTEVOIX_PORT": str(port),
        "PORTEVOIX_ADDRESS": address,
        "PORTEVOIX_STAND_INS": stand_ins,
        "PYTHONUNBUFFERED": "1",
    }
    site, _ = newsroom.serve(newsroom_port, now=lambda: datetime.now(UTC))
    subprocess.run([sys.executable, "-m", "portevoix", "manage", "migrate", "-v0"], env=environ, check=True)
    company = subprocess.run(
        [sys.executable, str(Path(__file__).parent / "company.py")],
        env=environ,
        check=True,
        capture_output=True,
        text=True,
    )
    log = var / "log.txt"
    with log.open("w") as printed:
        server = subprocess.Popen(
            [sys.executable, "-m", "portevoix", "serve"], env=environ, stdout=printed, stderr=printed
        )
        try:
            wait_until_up(address, server, log)
            yield Installation(address, newsroom_port, environ, log, json.loads(company.stdout))
        finally:
            server.terminate()
            server.wait(timeout=20)
            site.shutdown()


def wait_until_up(address: str, server: "subprocess.Popen[bytes]", log: Path) -> None:
    until = time.monotonic() + 30
    while time.monotonic() < until:
        if server.poll() is not None:
            raise AssertionError(f"the server ended: {log.read_text()}")
        try:
            with urllib.request.urlopen(f"{address}/health", timeout=1):
                return
        except OSError:
            time.sleep(0.1)
    raise AssertionError(f"the server did not come up: {log.read_text()}")


class Visit:
    """A browser of one person: their window, what it asked of the outside world, and nothing let out."""

    def __init__(self, context: BrowserContext, address: str) -> None:
        self.outside: list[str] = []
        self.context, self.address = context, address
        context.on("request", self._note)
        context.route(lambda url: "127.0.0.1" not in url, lambda route: route.abort())
        self.page: Page = context.new_page()

    def _note(self, request: Request) -> None:
        if "127.0.0.1" not in request.url and request.url.startswith("http"):
            self.outside.append(request.url)

    def open(self, path: str) -> Page:
        self.page.goto(path if path.startswith("http") else self.address + path)
        return self.page


@pytest.fixture
def visit(browser: Browser, installation: Installation) -> Iterator[object]:
    """`visit(language=…, phone=True, theme="dark")` opens a browser that knows nothing of the others."""
    contexts: list[BrowserContext] = []

    def start(*, language: str = "fr", phone: bool = False, theme: str = "light", **more: object) -> Visit:
        context = browser.new_context(
            viewport=PHONE if phone else DESK,
            locale={"fr": "fr-FR", "ar": "ar-MA", "en": "en-GB"}[language],
            color_scheme=theme,
            has_touch=phone,
            **more,
        )
        contexts.append(context)
        return Visit(context, installation.address)

    yield start
    for context in contexts:
        context.close()
