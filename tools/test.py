"""Everything that runs: the suite on SQLite and, where there is one, on PostgreSQL, real servers, journeys.

Real servers and journeys mostly wait for something, a minute that was chosen or a page: they run side by side.
"""

import os
import subprocess
import sys
import tempfile

import chromium
import postgres

PYTEST = [sys.executable, "-m", "pytest"]


def main() -> int:
    """0 when everything passed; what could not run here is said in words."""
    results = [suite("SQLite", {}), on_postgresql(), *servers_and_journeys()]
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


def servers_and_journeys() -> list[int]:
    print("\n— The journeys, and beside them real servers of others", flush=True)
    browser = chromium.path() or ""
    with tempfile.TemporaryFile() as told:
        servers = subprocess.Popen([*PYTEST, "-m", "servers", "-rs"], stdout=told, stderr=told)
        arguments = ["-m", "journey", "-n", "2", "--dist", "loadgroup"]
        environ = {**os.environ, "PORTEVOIX_CHROMIUM": browser}
        journeys = subprocess.run([*PYTEST, *arguments], env=environ, check=False)
        results = [journeys.returncode, servers.wait()]
        told.seek(0)
        print("\n— Against real servers of others", told.read().decode(), sep="\n", flush=True)
    return results


if __name__ == "__main__":
    sys.exit(main())
