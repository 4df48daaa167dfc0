"""`portevoix doctor`: what is configured, from where, and what is unsafe or missing, each with its remedy."""

import os
import shutil
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from enum import StrEnum
from pathlib import Path

from django.conf import settings
from django.db import OperationalError, connection
from django.db.migrations.executor import MigrationExecutor

from portevoix import env
from portevoix.core import clock, sealing
from portevoix.core.engines import signs
from portevoix.serving import CannotServe
from portevoix.sharing import keys
from portevoix.sharing.drawing import can_shape
from portevoix.sharing.models import NetworkSetting

LOOPBACK = ("127.0.0.1", "localhost", "::1")
LOW_DISK_BYTES = 500_000_000


class Level(StrEnum):
    """How grave a finding is: unsafe ones stop the server from starting."""

    GOOD = "ok"
    NOTE = "note"
    UNSAFE = "UNSAFE"
    MISSING = "MISSING"


@dataclass(frozen=True)
class Finding:
    """One line of the report. `remedy` is empty when all is well."""

    level: Level
    subject: str
    sentence: str
    remedy: str = ""


def report() -> int:
    """Prints the report; 1 when anything is unsafe or missing."""
    environment = env.read()
    for name, value, origin in configured():
        print(f"{name:<28} {value}  ({origin})")
    print()
    findings = list(examine(environment))
    for finding in findings:
        print(f"{finding.level:<8} {finding.subject}: {finding.sentence}")
        if finding.remedy:
            print(f"{'':<8} → {finding.remedy}")
    return 1 if any(f.level in (Level.UNSAFE, Level.MISSING) for f in findings) else 0


def refuse_unsafe() -> None:
    """Refuses to serve while something is unsafe or missing; the sentence holds the remedies."""
    grave = [f for f in examine(env.read()) if f.level in (Level.UNSAFE, Level.MISSING)]
    if grave:
        raise CannotServe("\n".join(f"{f.subject}: {f.sentence}\n  → {f.remedy}" for f in grave))


def configured() -> Iterator[tuple[str, str, str]]:
    """Each variable with its value and where it comes from; secrets are never shown."""
    for variable in env.VARIABLES:
        is_set = variable.name in os.environ
        value = os.environ.get(variable.name, variable.default)
        shown = "(set, not shown)" if variable.secret and value else value or "(empty)"
        yield variable.name, shown, "environment" if is_set else "default"


def examine(environment: env.Environment) -> Iterator[Finding]:
    """Everything worth saying about this installation."""
    yield _folder(environment.var)
    yield _disk(environment.var)
    yield _secret(environment)
    yield _sealing(environment)
    yield from _exposure(environment)
    rows = _rows()
    yield rows
    if rows.level == Level.GOOD:
        yield _work(environment, clock.now())
        yield from _versions(clock.now().date())
    yield _time()
    yield from _built(settings.PACKAGE / "static")
    yield _cards()
    yield _mail(environment)
    yield from _outgoing(environment)


def _is_public(environment: env.Environment) -> bool:
    return not any(f"//{host}" in environment.address for host in LOOPBACK)


def _folder(var: Path) -> Finding:
    if os.access(var, os.W_OK):
        return Finding(Level.GOOD, "Folder", f"{var} can be written.")
    return Finding(
        Level.MISSING,
        "Folder",
        f"{var} cannot be written.",
        "Give the folder to the user that runs Portevoix, or set PORTEVOIX_VAR.",
    )


def _disk(var: Path) -> Finding:
    free = shutil.disk_usage(var if var.exists() else var.parent).free
    if free > LOW_DISK_BYTES:
        return Finding(Level.GOOD, "Disk", f"{free // 1_000_000:,} MB free.")
    return Finding(
        Level.NOTE,
        "Disk",
        f"only {free // 1_000_000:,} MB free.",
        "Make room: clicks are written to this disk.",
    )


def _secret(environment: env.Environment) -> Finding:
    if environment.secret_key:
        if len(environment.secret_key) >= 40:
            return Finding(Level.GOOD, "Secret key", "set by the environment.")
        return Finding(
            Level.UNSAFE,
            "Secret key",
            "too short.",
            "Use at least 40 random characters, or leave it empty: one is made and kept.",
        )
    mode = stat.S_IMODE((environment.var / "secret.key").stat().st_mode)
    if mode & 0o077:
        return Finding(
            Level.UNSAFE,
            "Secret key",
            "others on this machine can read it.",
            f"chmod 600 {environment.var / 'secret.key'}",
        )
    return Finding(Level.GOOD, "Secret key", f"made here, kept in {environment.var / 'secret.key'}.")


def _sealing(environment: env.Environment) -> Finding:
    """The keys of people's tokens: theirs alone to read, and apart from copies of the database."""
    subject, path = "Sealing keys", environment.sealing_keys_file
    try:
        count = len(sealing.ring().keys)
    except (sealing.BadKeys, OSError) as error:
        return Finding(
            Level.UNSAFE, subject, str(error), "Bring the keys back from where you keep them, unchanged."
        )
    if environment.sealing_keys:
        return Finding(Level.GOOD, subject, f"{count}, set by the environment.")
    if stat.S_IMODE(path.stat().st_mode) & 0o077:
        return Finding(Level.UNSAFE, subject, "others on this machine can read them.", f"chmod 600 {path}")
    return Finding(Level.GOOD, subject, f"{count}, in {path}. Keep a copy, apart from those of the database.")


def _work(environment: env.Environment, now: datetime) -> Finding:
    workers = signs.alive(now)
    if workers:
        kind = "process" if len(workers) == 1 else "processes"
        return Finding(
            Level.GOOD, "Work", f"engine {environment.engine}; {len(workers)} worker {kind} alive."
        )
    return Finding(
        Level.NOTE,
        "Work",
        f"engine {environment.engine}; no worker is alive: planned posts and mails wait.",
        "portevoix serve works by itself; otherwise run portevoix worker.",
    )


def _versions(today: date) -> Iterator[Finding]:
    """Interfaces that a network is about to drop, where an organisation publishes through them."""
    for organisation_id in NetworkSetting.unscoped.values_list("organisation_id", flat=True).distinct():
        for offer in keys.offers(organisation_id):
            version = keys.version_of(offer, today)
            if offer.is_open and version and version.ends_soon:
                yield Finding(
                    Level.NOTE,
                    offer.network.label,
                    f"may drop version {version.name} of its interface from {version.ends_on}.",
                    "Bring Portevoix up to date, or name a newer version in Settings, Networks.",
                )


def _exposure(environment: env.Environment) -> Iterator[Finding]:
    public = _is_public(environment)
    if environment.debug and public:
        yield Finding(
            Level.UNSAFE, "Debug", "error pages show the code to everyone.", "Set PORTEVOIX_DEBUG=no."
        )
    if environment.demo and public:
        yield Finding(
            Level.UNSAFE, "Demo", "its log-ins are written on the sign-in page.", "Set PORTEVOIX_DEMO=no."
        )
    if public and environment.address.startswith("http://"):
        yield Finding(
            Level.UNSAFE,
            "Address",
            f"{environment.address} is not https: passwords would travel in clear.",
            "Put Caddy or nginx in front (docs/run/install.md) and set PORTEVOIX_ADDRESS=https://…",
        )
    if public and environment.bind in LOOPBACK and not environment.trusted_proxies:
        yield Finding(
            Level.NOTE,
            "Proxy",
            "a proxy stands in front, but none is trusted: every visitor would look like one.",
            "Set PORTEVOIX_TRUSTED_PROXIES=127.0.0.1 (or the proxy's address).",
        )
    if not public:
        yield Finding(Level.NOTE, "Address", f"{environment.address} is reachable from this machine only.")


def _rows() -> Finding:
    kind = "PostgreSQL" if connection.vendor == "postgresql" else "SQLite"
    try:
        executor = MigrationExecutor(connection)
        waiting = executor.migration_plan(executor.loader.graph.leaf_nodes())
    except OperationalError as error:
        return Finding(
            Level.MISSING,
            "Database",
            f"{kind} does not answer: {str(error).splitlines()[0]}",
            "Check DATABASE_URL, and that the server runs.",
        )
    if waiting:
        return Finding(
            Level.MISSING, "Database", f"{len(waiting)} migrations are waiting.", "portevoix manage migrate"
        )
    return Finding(Level.GOOD, "Database", f"{kind}, up to date.")


def _time() -> Finding:
    found = clock.resolve(clock.CANARY_WALL, clock.CANARY_ZONE)
    if found != datetime(2026, 11, 24, 9, 0, tzinfo=UTC):
        return Finding(
            Level.UNSAFE,
            "Time zones",
            f"09:00 in Casablanca would be {found:%H:%M} UTC: the data is older than Morocco's change.",
            "Install tzdata 2026.3 or later in Portevoix's environment.",
        )
    return Finding(Level.GOOD, "Time zones", f"package tzdata {clock.tzdata_version()}; Casablanca is right.")


def _built(static: Path) -> Iterator[Finding]:
    remedy = "make setup, or install the published package, which carries them."
    if (static / "built" / "app.css").exists():
        yield Finding(Level.GOOD, "Pages", "style and scripts are built.")
    else:
        yield Finding(Level.MISSING, "Pages", "style and scripts are not built.", remedy)
    sources = [po for folder in settings.LOCALE_PATHS for po in Path(folder).glob("*/LC_MESSAGES/django.po")]
    if all(po.with_suffix(".mo").exists() for po in sources):
        yield Finding(Level.GOOD, "Languages", "French, English and Arabic are built.")
    else:
        yield Finding(Level.MISSING, "Languages", "the translations are not built.", remedy)


def _cards() -> Finding:
    if can_shape():
        return Finding(Level.GOOD, "Cards", "networks are shown cards in French, English and Arabic.")
    return Finding(
        Level.NOTE,
        "Cards",
        "cards with Arabic words are drawn without text.",
        "Install FriBidi (libfribidi0).",
    )


def _mail(environment: env.Environment) -> Finding:
    if environment.smtp_url:
        return Finding(Level.GOOD, "Mail", "sent through the server of PORTEVOIX_SMTP_URL.")
    return Finding(
        Level.NOTE,
        "Mail",
        "printed on the console, not sent.",
        "Set PORTEVOIX_SMTP_URL=smtp://user:password@host:587 and PORTEVOIX_MAIL_FROM.",
    )


def _outgoing(environment: env.Environment) -> Iterator[Finding]:
    if environment.stand_ins and _is_public(environment):
        yield Finding(
            Level.UNSAFE,
            "Stand-ins",
            "some hosts are served by this machine itself: that is for demos and development.",
            "Empty PORTEVOIX_STAND_INS.",
        )
    if environment.outgoing_allow:
        pairs = ", ".join(f"{host}:{port}" for host, port in sorted(environment.outgoing_allow))
        yield Finding(Level.NOTE, "Outgoing door", f"also open to {pairs}.", "Keep it to hosts you own.")
