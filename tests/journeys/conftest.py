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
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Request

from journeys import axe
from portevoix.demo.newsroom import server as newsroom

ROOT = Path(__file__).parents[2]
PHONE = {"width": 390, "height": 844}
DESK = {"width": 1280, "height": 860}
PASSWORD = "deux-mots-de-passe"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Two processes share the journeys by file and language: those that publish wait for minutes that were chosen."""
    for item in items:
        if isinstance(item, pytest.Function) and item.path.parent == Path(__file__).parent:
            language = item.callspec.params.get("language", "") if hasattr(item, "callspec") else ""
            item.add_marker(pytest.mark.xdist_group(f"{item.path.stem} {language}"))


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
    with installed(tmp_path_factory.mktemp("var")) as place:
        yield place


@contextmanager
def installed(
    var: Path, played: Mapping[str, tuple[str, int]] | None = None, allowed: str = ""
) -> Iterator[Installation]:
    """An installation in that folder; `played`: other hosts that this machine plays, `allowed`: where its door opens."""
    port, newsroom_port = free_port(), free_port()
    address = f"http://127.0.0.1:{port}"
    hosts = {**newsroom.stand_ins(newsroom_port), **(played or {})}
    stand_ins = ",".join(f"{host}={ip}:{at}" for host, (ip, at) in hosts.items())
    environ = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "portevoix.settings",
        "DATABASE_URL": "",
        "PORTEVOIX_VAR": str(var),
        "PORTEVOIX_PORT": str(port),
        "PORTEVOIX_ADDRESS": address,
        "PORTEVOIX_STAND_INS": stand_ins,
        "PORTEVOIX_OUTGOING_ALLOW": allowed,
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


def is_outside(address: str) -> bool:
    """Whether asking that address would leave this machine."""
    host = urlsplit(address).hostname or ""
    is_here = host in ("127.0.0.1", "localhost") or host.endswith(".localhost")
    return address.startswith("http") and not is_here


class Visit:
    """A browser of one person: their window, what it asked of the outside world, and nothing let out."""

    def __init__(self, context: BrowserContext, installation: Installation) -> None:
        self.outside: list[str] = []
        self.complaints: list[str] = []
        self.context, self.installation = context, installation
        context.on("request", self._note)
        context.on("console", self._hear)
        context.on("weberror", lambda error: self.complaints.append(str(error.error)))
        # An empty page, not a failure: Chromium would ask again by itself.
        context.route(is_outside, lambda route: route.fulfill(body=""))
        self.page: Page = context.new_page()

    def _note(self, request: Request) -> None:
        if is_outside(request.url):
            self.outside.append(request.url)

    def _hear(self, message: ConsoleMessage) -> None:
        # A form that comes back with a refusal is a 422, which the browser reports as a failed load.
        if message.type == "error" and "status of 422" not in message.text:
            self.complaints.append(message.text)

    def open(self, path: str) -> Page:
        self.page.goto(path if path.startswith("http") else self.installation.address + path)
        return self.page

    def sign_in(self, who: str, language: str) -> Page:
        """Signs in by the page, as everybody does."""
        page = self.open("/sign-in")
        page.fill("#id_login", self.installation.people[language][who])
        page.fill("#id_password", PASSWORD)
        page.locator("form", has=page.locator("#id_password")).locator("[type=submit]").click()
        page.wait_for_url(lambda url: "/sign-in" not in url)
        return page

    def check_page(self) -> None:
        """The page as it stands: nothing for axe to say in either theme, no sideways scroll at 320 px, no complaint.

        320 px is also 1280 px at 400 %.
        """
        self.page.bring_to_front()  # a browser draws those behind once a second, if that
        axe.check(self.page)
        asked = self.page.viewport_size
        assert asked is not None
        self.page.set_viewport_size({"width": 320, "height": 640})
        width = self.page.evaluate("document.documentElement.scrollWidth")
        self.page.set_viewport_size(asked)
        assert width <= 320, f"{self.page.url}: {width} px wide on a screen of 320"
        assert self.complaints == [], f"{self.page.url}: {self.complaints}"


Visits = Callable[..., Visit]


@pytest.fixture
def visit(browser: Browser, installation: Installation) -> Iterator[Visits]:
    """`visit(language=…, phone=True)` opens a browser that knows nothing of the others."""
    contexts: list[BrowserContext] = []

    def start(*, language: str = "fr", phone: bool = False, **more: Any) -> Visit:
        context = browser.new_context(
            viewport=PHONE if phone else DESK,
            locale={"fr": "fr-FR", "ar": "ar-MA", "en": "en-GB"}[language],
            color_scheme="light",
            reduced_motion="reduce",
            has_touch=phone,
            **more,
        )
        context.set_default_timeout(10_000)
        contexts.append(context)
        return Visit(context, installation)

    yield start
    for context in contexts:
        context.close()


@pytest.fixture(params=["fr", "ar"])
def language(request: pytest.FixtureRequest) -> str:
    """Every journey is made in both."""
    return str(request.param)
