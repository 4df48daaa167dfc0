"""The load of `bench/redirect.py`: what browsers ask, made beforehand for wrk, and what it measured."""

import random
import re
import subprocess
from pathlib import Path
from typing import NamedTuple

REQUESTS = 4096
# Of robots, one that follows links: those that draw cards ask once for each link, and wait for the database.
_BROWSERS = (
    ("Mozilla/5.0 (iPhone; CPU iPhone OS {a}_{b} like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) "
     "Version/{a}.{b} Mobile/15E148 Safari/604.1", (16, 17, 18)),
    ("Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/{a}.0.{b}.0 Mobile "
     "Safari/537.36", range(120, 132)),
    ("Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/{a}.0.{b}.0 "
     "Safari/537.36", range(124, 132)),
    ("Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:{a}.{b}) Gecko/20100101 Firefox/{a}.{b}", range(128, 133)),
    ("Mozilla/5.0 (compatible; Googlebot/{a}.{b}; +http://www.google.com/bot.html)", (1,)),
)  # fmt: skip
_SHARES = (3, 3, 2, 2, 1)
_REFERRERS = (
    "https://www.linkedin.com/",
    "https://lnkd.in/",
    "https://x.com/",
    "android-app://com.linkedin.android/",
    "",
)
_LANGUAGES = (
    "fr-MA,fr;q=0.9", "ar-MA,ar;q=0.9,fr;q=0.8", "en-GB,en;q=0.9", "fr-FR,fr;q=0.9,en;q=0.8", "fr-FR", "en-US,en;q=0.9",
    "ar", "es-ES,es;q=0.9,fr;q=0.8", "de-DE,de;q=0.9,en;q=0.8", "fr-CA,fr;q=0.9,en;q=0.8",
)  # fmt: skip
_FIGURES = """
function done(summary, latency)
  local e = summary.errors
  io.write(string.format('FIGURES %f %f %f %d %d\\n', summary.requests / summary.duration * 1e6,
    latency:percentile(50) / 1000, latency:percentile(99) / 1000, summary.requests,
    e.status + e.connect + e.read + e.write + e.timeout))
end
"""
_ALIKE = """
local at = 0
function request() at = at % #made + 1; return made[at] end
"""
# A field with a number that never comes again: no server can know the head from an earlier one.
_NEVER_ALIKE = """
local at, count = 0, 0
function request()
  at, count = at % #made + 1, count + 1
  return lines[at] .. 'X-Number: ' .. count .. '\\r\\n' .. fields[at]
end
"""


class Round(NamedTuple):
    """One run of the generator. Processor time hardly moves when others keep the machine busy; the rate does."""

    per_second: float
    p50_ms: float
    p99_ms: float
    answers: int
    wrong: int
    processor_us: float


def run_load(port: int, script: Path, seconds: float, connections: int) -> Round:
    """What wrk measured; a processor time of 0, which it cannot know."""
    command = ["wrk", "-t1", f"-c{connections}", f"-d{seconds}s", "--latency", "-s", str(script)]
    report = subprocess.run(
        [*command, f"http://127.0.0.1:{port}"], capture_output=True, text=True, check=True
    ).stdout
    found = re.search(r"FIGURES (\S+) (\S+) (\S+) (\d+) (\d+)", report)
    if found is None:
        raise SystemExit(f"wrk said nothing that can be read:\n{report}")
    return Round(float(found[1]), float(found[2]), float(found[3]), int(found[4]), int(found[5]), 0.0)


def write_scripts(folder: Path, codes: list[str]) -> tuple[Path, Path]:
    """Two scripts for wrk that ask for the same links, a few far more popular than others: heads as browsers repeat
    them, and heads that never come twice."""
    asked = _asked(codes)
    alike, never_alike = folder / "alike.lua", folder / "never-alike.lua"
    alike.write_text(asked + _ALIKE + _FIGURES)
    never_alike.write_text(asked + _NEVER_ALIKE + _FIGURES)
    return alike, never_alike


def _asked(codes: list[str]) -> str:
    chance = random.Random(2)
    weights = [1 / (rank + 1) for rank in range(len(codes))]
    lines = "\n".join(_line(code, chance) for code in chance.choices(codes, weights, k=REQUESTS))
    return (
        "made, lines, fields = {}, {}, {}\n"
        "local function ask(path, headers)\n"
        "  local head = wrk.format('GET', path, headers)\n"
        "  local ends = head:find('\\r\\n')\n"
        "  table.insert(made, head)\n"
        "  table.insert(lines, head:sub(1, ends + 1))\n"
        "  table.insert(fields, head:sub(ends + 2))\n"
        f"end\nfunction init()\n{lines}\nend\n"
    )


def _line(code: str, chance: random.Random) -> str:
    form, versions = chance.choices(_BROWSERS, _SHARES)[0]
    headers = {
        "User-Agent": form.format(a=chance.choice(versions), b=chance.randrange(3)),
        "Accept-Language": chance.choice(_LANGUAGES),
        "Referer": chance.choice(_REFERRERS),
    }
    said = ", ".join(f'["{name}"]="{value}"' for name, value in headers.items() if value)
    return f'ask("/r/{code}", {{{said}}})'
