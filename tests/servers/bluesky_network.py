"""A real Bluesky network on loopback, for the tests that no stand-in can make: started here, gone with them.

`with running() as network:` gives its addresses. It keeps likes (the AppView) where a PostgreSQL can be had; without
one it is the personal data server and the directory of identities alone. Handles end in `.test`; nothing is kept.
"""

import json
import random
import secrets
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx2
import psycopg
import pytest

TOOLS = Path(__file__).parents[2] / "tools"
POST, LIKE = "app.bsky.feed.post", "app.bsky.feed.like"
PASSWORD = "deux-mots-de-passe"
# A first installation compiles the servers' database driver, a minute of it.
INSTALL_SECONDS, START_SECONDS, STOP_SECONDS, ANSWER_SECONDS = 1800, 90, 15, 20
Json = dict[str, Any]


@dataclass(frozen=True)
class Network:
    """Where its servers answer; without PostgreSQL there is no AppView."""

    pds_url: str
    plc_url: str
    appview_url: str | None


@dataclass(frozen=True)
class Account:
    """Someone on this network, signed in."""

    did: str
    handle: str
    password: str
    access_token: str


@dataclass(frozen=True)
class Answer:
    """What a server said, refusals too: they are half of what we rely on."""

    status: int
    body: Json
    headers: httpx2.Headers


@contextmanager
def running(*, appview: bool = True, rate_limits: bool = False) -> Iterator[Network]:
    """A network of one's own; skips the test, saying why, where it cannot be had."""
    folder = installed()
    with tempfile.TemporaryDirectory(prefix="portevoix-bluesky-") as scratch:
        database = database_server() if appview else None
        with temporary_database(database) as url:
            plc, pds, view = map(str, free_ports(3))
            environ = {
                # Nothing else of ours: these servers read their settings from the environment.
                "TMPDIR": scratch,
                "LOG_ENABLED": "false",
                "BLUESKY_PLC_PORT": plc,
                "BLUESKY_PDS_PORT": pds,
                "BLUESKY_APPVIEW_PORT": view,
                "BLUESKY_DATABASE": url,
                "BLUESKY_RATE_LIMITS": "1" if rate_limits else "",
            }
            with started(folder, environ, Path(scratch) / "log.txt") as network:
                yield network


def installed() -> Path:
    """The servers' folder, filled if need be."""
    answered = told("real_servers.py", "bluesky")
    if answered.returncode:
        pytest.skip((answered.stderr.strip() or "Bluesky's servers cannot be had.").splitlines()[-1])
    return Path(answered.stdout.strip())


def database_server() -> str | None:
    """A PostgreSQL on which databases may be made, and that answers."""
    answered = told("postgres.py")
    if answered.returncode:
        return None
    url = answered.stdout.strip()
    try:
        psycopg.connect(url, connect_timeout=5).close()
    except psycopg.OperationalError:
        return None
    return url


def told(tool: str, *arguments: str) -> "subprocess.CompletedProcess[str]":
    command = [sys.executable, str(TOOLS / tool), *arguments]
    return subprocess.run(command, capture_output=True, text=True, timeout=INSTALL_SECONDS, check=False)


@contextmanager
def temporary_database(server: str | None) -> Iterator[str]:
    """The address of an empty database that ends with the test; nothing where there is no server."""
    if server is None:
        yield ""
        return
    name = f"portevoix_bluesky_{secrets.token_hex(6)}"
    with psycopg.connect(server, autocommit=True, connect_timeout=5) as connection:
        connection.execute(f"create database {name}")
        try:
            yield urlsplit(server)._replace(path=f"/{name}").geturl()
        finally:
            connection.execute(f"drop database if exists {name} with (force)")


def free_ports(count: int) -> list[int]:
    """Below those that the system lends to whoever connects: the network takes seconds to claim its own."""
    free: list[int] = []
    # Not the seeded source: tests that run side by side would choose alike.
    for port in random.SystemRandom().sample(range(20_000, 32_000), 200):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)):
                free.append(port)
        if len(free) == count:
            return free
    raise AssertionError("no free ports on 127.0.0.1")


@contextmanager
def started(folder: Path, environ: dict[str, str], log: Path) -> Iterator[Network]:
    """The process and its end; it also ends by itself when the pipe to it closes."""
    with log.open("w") as printed:
        process = subprocess.Popen(
            [str(folder / "node"), str(folder / "network.mjs")],
            env=environ,
            stdin=subprocess.PIPE,
            stdout=printed,
            stderr=printed,
            start_new_session=True,
        )
    try:
        yield when_ready(process, log)
    finally:
        stop(process)


def when_ready(process: "subprocess.Popen[bytes]", log: Path) -> Network:
    until = time.monotonic() + START_SECONDS
    while time.monotonic() < until:
        ended = process.poll() is not None
        for line in log.read_text().splitlines():
            if line.startswith('{"ready":true') and line.endswith("}"):
                ready = json.loads(line)
                return Network(ready["pds"], ready["plc"], ready["appview"])
        if ended:
            raise AssertionError(f"the Bluesky network ended: {log.read_text()}")
        time.sleep(0.1)
    raise AssertionError(f"the Bluesky network was not ready within {START_SECONDS} s: {log.read_text()}")


def stop(process: "subprocess.Popen[bytes]") -> None:
    process.terminate()
    try:
        process.wait(timeout=STOP_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait(timeout=STOP_SECONDS)
    finally:
        if process.stdin:
            process.stdin.close()


def read(server: str, name: str, *, token: str = "", **parameters: Any) -> Answer:
    """Asks a server for something, by the name of the method."""
    return _answered("GET", server, name, token, params=parameters)


def write(server: str, name: str, *, token: str = "", body: Json | None = None) -> Answer:
    """Asks a server to do something, by the name of the method."""
    return _answered("POST", server, name, token, **({} if body is None else {"json": body}))


def _answered(method: str, server: str, name: str, token: str, **more: Any) -> Answer:
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    with httpx2.Client(trust_env=False, timeout=ANSWER_SECONDS) as client:
        response = client.request(method, f"{server}/xrpc/{name}", headers=headers, **more)
    return Answer(response.status_code, response.json() if response.content else {}, response.headers)


def create_account(network: Network, handle: str) -> Account:
    """Someone new; the handle is given whole, `ana.test`."""
    body = {"handle": handle, "email": f"{handle}@atlas.example", "password": PASSWORD}
    answer = done(write(network.pds_url, "com.atproto.server.createAccount", body=body))
    return Account(answer["did"], answer["handle"], PASSWORD, answer["accessJwt"])


def create_app_password(network: Network, account: Account, name: str = "portevoix") -> str:
    """A password for one application, as a person makes in their settings."""
    answer = write(
        network.pds_url,
        "com.atproto.server.createAppPassword",
        token=account.access_token,
        body={"name": name},
    )
    return str(done(answer)["password"])


def list_posts(network: Network, did: str) -> list[Json]:
    """The person's posts, each with `uri`, `cid` and `value`, newest first."""
    answer = read(network.pds_url, "com.atproto.repo.listRecords", repo=did, collection=POST, limit=100)
    return list(done(answer)["records"])


def like(network: Network, actor: Account, uri: str, cid: str) -> None:
    """The actor likes the post."""
    record = {
        "$type": LIKE,
        "subject": {"uri": uri, "cid": cid},
        "createdAt": datetime.now(UTC).isoformat().replace("+00:00", "Z"),
    }
    body = {"repo": actor.did, "collection": LIKE, "record": record}
    done(write(network.pds_url, "com.atproto.repo.createRecord", token=actor.access_token, body=body))


def done(answer: Answer) -> Json:
    """What was answered to something that cannot be refused here."""
    assert answer.status == 200, f"{answer.status}: {answer.body}"
    return answer.body
