"""The browser counts as we do: the same vectors, under node."""

import json
import shutil
import subprocess
from pathlib import Path

import pytest

from portevoix.networks import counting, links
from portevoix.networks.contract import Unit

NODE = shutil.which("node")
SCRIPT = Path(__file__).parents[2] / "assets" / "js" / "counting.js"
VECTORS = json.loads((Path(__file__).parent / "vectors.json").read_text(encoding="utf-8"))
PROGRAM = """
import { readFileSync } from "node:fs";
const { count, byteLength, ENDINGS } = await import(process.argv[1]);
const texts = JSON.parse(readFileSync(0, "utf8"));
const counted = texts.map(({ unit, text }) => [count(unit, text), byteLength(text)]);
console.log(JSON.stringify({ counted, endings: ENDINGS }));
"""
pytestmark = pytest.mark.skipif(NODE is None, reason="Node is missing: browser counters not checked.")


@pytest.fixture(scope="module")
def browser() -> dict[str, object]:
    asked = json.dumps([{"unit": vector["unit"], "text": vector["text"]} for vector in VECTORS])
    command = [str(NODE), "--input-type=module", "--eval", PROGRAM, SCRIPT.as_uri()]
    answer = subprocess.run(command, input=asked, capture_output=True, encoding="utf-8", check=True)
    return json.loads(answer.stdout)


def test_browser_counts_every_vector_as_the_network_does(browser: dict[str, object]) -> None:
    expected = [[vector["length"], counting.utf8_length(vector["text"])] for vector in VECTORS]

    assert browser["counted"] == expected


def test_browser_knows_the_same_domain_endings(browser: dict[str, object]) -> None:
    assert browser["endings"] == links.ENDINGS


def test_vectors_cover_every_unit() -> None:
    assert {vector["unit"] for vector in VECTORS} == {unit.value for unit in Unit}
