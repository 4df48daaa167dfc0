"""Finds a PostgreSQL for tests and benchmarks: the one named, the one on loopback, or one installed where it can be.

python tools/postgres.py     prints its DATABASE_URL, or says on standard error why there is none
"""

import getpass
import os
import shutil
import subprocess
import sys
from pathlib import Path

import psycopg

NOTHING = "No PostgreSQL answers on 127.0.0.1:5432. Install one, or set PORTEVOIX_TEST_POSTGRES=postgres://…"


def database_url() -> str | None:
    """A server on which databases may be created; None when there is none. Says on standard error what it tried."""
    if named := os.environ.get("PORTEVOIX_TEST_POSTGRES"):
        return named
    found = _on_loopback() or (_installed() if _may_install() else None)
    if found is None:
        print(NOTHING, file=sys.stderr)
    return found


def _on_loopback() -> str | None:
    for user in dict.fromkeys([getpass.getuser(), "postgres"]):
        url = f"postgres://{user}@127.0.0.1:5432/postgres"
        if _may_create_databases(url):
            return url
    return None


def _may_create_databases(url: str) -> bool:
    try:
        with psycopg.connect(url, connect_timeout=3) as connection:
            row = connection.execute(
                "select rolcreatedb from pg_roles where rolname = current_user"
            ).fetchone()
    except psycopg.Error:
        return False
    return bool(row and row[0])


def _may_install() -> bool:
    return os.geteuid() == 0 and Path("/etc/debian_version").exists() and shutil.which("apt-get") is not None


def _installed() -> str | None:
    """Debian's PostgreSQL, installed, started, and opened to this user on loopback."""
    print("Installing PostgreSQL for the tests…", file=sys.stderr)
    script = """
        set -e
        export DEBIAN_FRONTEND=noninteractive
        apt-get update -qq && apt-get install -y -qq --no-install-recommends postgresql
        version=$(ls /etc/postgresql | sort -V | tail -1)
        pg_ctlcluster --skip-systemctl-redirect "$version" main start || true
        runuser -u postgres -- psql -qc "create role root superuser login password 'root'" || true
    """
    done = subprocess.run(["bash", "-c", script], stdout=sys.stderr, check=False)
    url = "postgres://root:root@127.0.0.1:5432/postgres"
    return url if done.returncode == 0 and _may_create_databases(url) else None


if __name__ == "__main__":
    found = database_url()
    print(found or "")
    sys.exit(0 if found else 1)
