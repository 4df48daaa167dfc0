"""Lighthouse on the member feed of a demo, phone profile, signed in; prints one table, fails under the bars.

    python tools/lighthouse.py [--address http://127.0.0.1:8000] [--path /]

The tool is fetched on demand into a folder of its own: nothing of the product needs it.
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import chromium
import shots
from playwright.sync_api import sync_playwright

VERSION = "12.8.2"
HOME = shots.ROOT / "var" / "lighthouse"
BARS = {"performance": 95, "accessibility": 95, "best-practices": 95}
FIGURES = (
    "first-contentful-paint",
    "largest-contentful-paint",
    "total-blocking-time",
    "cumulative-layout-shift",
    "speed-index",
    "total-byte-weight",
)


def main() -> int:
    """0 when every bar is met on every run's median."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--address", help="a demo that runs already")
    parser.add_argument("--path", default="/", help="which member page")
    parser.add_argument("--runs", type=int, default=3, help="the median of so many")
    options = parser.parse_args()
    browser = chromium.path()
    if browser is None:
        return 1
    with shots.installation(options.address) as address:
        cookie = signed_in(browser, address)
        reports = [measure(browser, address + options.path, cookie) for _ in range(options.runs)]
    return tell(median(reports))


def program() -> Path:
    """Lighthouse itself, installed when it is not there yet."""
    found = HOME / "node_modules" / "lighthouse" / "cli" / "index.js"
    if not found.exists():
        HOME.mkdir(parents=True, exist_ok=True)
        install = ["npm", "install", "--no-save", "--no-audit", "--no-fund", f"lighthouse@{VERSION}"]
        subprocess.run([*install, "--prefix", str(HOME)], check=True, stdout=sys.stderr)
    return found


def signed_in(browser_path: str, address: str) -> str:
    """Ana's cookies, as a header."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=browser_path, args=["--no-sandbox"])
        state = shots.sign_in(browser, address, "ana")
        browser.close()
    return "; ".join(f"{cookie['name']}={cookie['value']}" for cookie in state["cookies"])


def measure(browser_path: str, address: str, cookie: str) -> dict[str, Any]:
    """One report of the phone profile: a slow phone on slow 4G, simulated."""
    with tempfile.TemporaryDirectory() as folder:
        headers, report = Path(folder) / "headers.json", Path(folder) / "report.json"
        headers.write_text(json.dumps({"Cookie": cookie}))
        command = [
            shutil.which("node") or "node",
            str(program()),
            address,
            f"--only-categories={','.join(BARS)}",
            f"--extra-headers={headers}",
            "--output=json",
            f"--output-path={report}",
            "--quiet",
            "--chrome-flags=--headless=new --no-sandbox --disable-gpu",
        ]
        environ = {**os.environ, "CHROME_PATH": browser_path}
        subprocess.run(command, env=environ, check=True, stdout=sys.stderr)
        read: dict[str, Any] = json.loads(report.read_text())
    return read


def median(reports: list[dict[str, Any]]) -> dict[str, Any]:
    """The report in the middle, by performance."""
    ranked = sorted(reports, key=lambda report: report["categories"]["performance"]["score"])
    return ranked[len(ranked) // 2]


def tell(report: dict[str, Any]) -> int:
    """The table, then what keeps a score under 100."""
    missed = 0
    print(f"\nLighthouse {VERSION} · {report['finalDisplayedUrl']} · phone")
    for key, bar in BARS.items():
        score = round(report["categories"][key]["score"] * 100)
        missed += score < bar
        print(f"  {key:<26} {score:>6}   bar {bar}{'   MISSED' if score < bar else ''}")
    for key in FIGURES:
        print(f"  {key:<26} {report['audits'][key]['displayValue']:>12}")
    for line in shortcomings(report):
        print(f"  · {line}")
    return 1 if missed else 0


def shortcomings(report: dict[str, Any]) -> list[str]:
    """The audits that failed and count, in their own words."""
    counted = {
        audit["id"]: category
        for category in report["categories"].values()
        for audit in category["auditRefs"]
        if audit["weight"]
    }
    return [
        f"{audit['title']} ({audit['score']})"
        for key, audit in report["audits"].items()
        if key in counted and audit["score"] is not None and audit["score"] < 0.9
    ]


if __name__ == "__main__":
    sys.exit(main())
