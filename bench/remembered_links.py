"""How much memory a process of the redirector takes with a million links remembered. Bar: under 250 MB.

python bench/remembered_links.py [--links 1000000]
"""

import argparse
import os
import random
import sys
import time
from pathlib import Path

from machine import keep, machine

from portevoix.links.codes import new_code
from portevoix.redirector import front  # what a front has imported is part of what it takes
from portevoix.redirector.answer import Link
from portevoix.redirector.memory import Links, give_back_large_pieces

BAR_MB = 250.0
PAGE = "https://www.atlas-energies.example/actualites/atelier-{:07}?utm=x"
COMPANY = "https://www.atlas-energies.example/"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--links", type=int, default=1_000_000)
    count = parser.parse_args().links
    assert front.is_possible()
    give_back_large_pieces()  # as a front does when it begins
    chance, before = random.Random(1), resident_mb()
    links, codes = Links(count), []
    for number in range(count):
        code = new_code(chance.choice)
        links.keep(code, 1.0, Link(number, 7, code, PAGE.format(number), COMPANY))
        if number % 1000 == 0:
            codes.append(code)
    whole = resident_mb()
    begun = time.perf_counter()
    found = sum(links.get(code) is not None for code in codes)
    each_us = (time.perf_counter() - begun) / len(codes) * 1e6
    print(
        f"{machine()}\n{count:,} links, each its own page: {whole:.0f} MB in all, {whole - before:.0f} MB for the links"
    )
    print(f"A link not asked for lately is found in {each_us:.1f} µs.")
    keep("remembered_links", {"links": count, "megabytes": round(whole), "of_links": round(whole - before)})
    return 0 if whole < BAR_MB and found == len(codes) else 1


def resident_mb() -> float:
    """Memory of this process (Linux)."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


if __name__ == "__main__":
    sys.exit(main())
