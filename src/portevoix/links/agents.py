"""`portevoix agents`: one User-Agent a line in, `robot` or `person` and the reason out. Reads no database."""

from collections.abc import Iterable, Iterator
from typing import TextIO

from portevoix.links.robots import judge_agent, reason_words


def judged_lines(lines: Iterable[str]) -> Iterator[str]:
    """For each line: `robot` or `person`, a tab, the reason in words. A preview is a robot; an empty line is one too."""
    for line in lines:
        verdict = judge_agent(line.rstrip("\r\n"))
        yield f"{'person' if verdict.is_person else 'robot'}\t{reason_words(verdict.reason)}"


def write_judgements(source: TextIO, target: TextIO) -> None:
    """Judges the agents of `source`, one a line, and writes the verdicts to `target`."""
    for line in judged_lines(source):
        target.write(line + "\n")
