"""Texts as LinkedIn's interface wants them: "little text", where one bare bracket cuts the post short without a word.

Everything is escaped but the hashtags, which become elements so that they stay links. Source: Microsoft Learn, little
text format (every reserved character is escaped, even outside elements).
"""

import regex

from portevoix.networks import counting, links

# The sign begins a word of letters, digits and underscores, one letter at least: neither C# nor page#part, neither #1
# nor the keycap emoji. The zero-width non-joiner belongs inside Persian words.
_HASHTAG = r"(?<![\p{L}\p{N}\p{M}_#&/])#(?P<word>(?=[\p{N}_]*\p{L})[\p{L}\p{N}_][\p{L}\p{N}\p{M}_\u200C]*)"
# Links are read first: what follows a # inside an address is a place on a page.
_TOKEN = regex.compile(f"{links.SCHEMED}|{_HASHTAG}", regex.IGNORECASE)
_ELEMENT = regex.compile(r"\{hashtag\|\\#\|(?P<word>(?:\\.|[^\\}])*)\}|\\(?P<mark>.)", regex.DOTALL)


def written(text: str) -> str:
    """A text as little text."""
    done, parts = 0, []
    for found in _TOKEN.finditer(text):
        if word := found["word"]:
            parts += [
                counting.little_text(text[done : found.start()]),
                f"{{hashtag|\\#|{counting.little_text(word)}}}",
            ]
            done = found.end()
    return "".join([*parts, counting.little_text(text[done:])])


def read(little: str) -> str:
    """The text that a reader sees of a little text."""
    text: str = _ELEMENT.sub(
        lambda found: f"#{read(found['word'])}" if found["word"] else found["mark"], little
    )
    return text
