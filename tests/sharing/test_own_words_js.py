"""The gauge in the browser says what ours says: the same vectors, under node."""

import json
import shutil
import subprocess
from pathlib import Path

import pytest

NODE = shutil.which("node")
SCRIPT = Path(__file__).parents[2] / "assets" / "js" / "own_words.js"
VECTORS = json.loads((Path(__file__).parent / "own_words_vectors.json").read_text(encoding="utf-8"))
PROGRAM = """
import { readFileSync } from "node:fs";
const { ownWords } = await import(process.argv[1]);
const asked = JSON.parse(readFileSync(0, "utf8"));
console.log(JSON.stringify(asked.map((one) => ownWords(one.text, one.suggestions, one.disclosure))));
"""


@pytest.mark.skipif(NODE is None, reason="Node is missing: the browser's gauge was not checked.")
def test_browser_gauge_agrees_on_every_vector() -> None:
    command = [str(NODE), "--input-type=module", "--eval", PROGRAM, SCRIPT.as_uri()]

    answer = subprocess.run(
        command, input=json.dumps(VECTORS), capture_output=True, encoding="utf-8", check=True
    )

    found = json.loads(answer.stdout)
    assert [one["pieces"] for one in found] == [vector["pieces"] for vector in VECTORS]
    assert [one["ratio"] for one in found] == pytest.approx([vector["ratio"] for vector in VECTORS])
