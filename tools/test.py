"""Everything that runs: the suite on SQLite and, where there is one, on PostgreSQL, real servers, journeys."""

import os
import subprocess
import sys

import chromium
import postgres

PYTEST = [sys.executable, "-m", "pytest"]


def main() -> int:
    """0 when everything passed; what could not run here is said in words."""
    results = [suite("SQLite", {}), on_postgresql(), real_servers(), journeys()]
    return max(results)


def suite(name: str, environ: dict[str, str]) -> int:
    print(f"\n— The suite on {name}", flush=True)
    arguments = ["-m", "not journey and not servers", "-n", str(os.cpu_count() or 2)]
    return subprocess.run([*PYTEST, *arguments], env={**os.environ, **environ}, check=False).returncode


def on_postgresql() -> int:
    url = postgres.database_url()
    if url is None:
        print("\n— The suite on PostgreSQL: skipped, no server can be reached or installed here.", flush=True)
        return 0
    return suite("PostgreSQL", {"DATABASE_URL": url})


def real_servers() -> int:
    print("\n— Against real servers of others", flush=True)
    return subprocess.run([*PYTEST, "-m", "servers", "-rs"], check=False).returncode


def journeys() -> int:
    print("\n— The journeys", flush=True)
    browser = chromium.path() or ""
    environ = {**os.environ, "PORTEVOIX_CHROMIUM": browser}
    return subprocess.run([*PYTEST, "-m", "journey"], env=environ, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
