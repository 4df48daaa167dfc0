"""The line that says for whom a person works: first in the post, once."""

from collections.abc import Mapping

from portevoix.sharing.wording import fold, sounds

# What a post on which a reward is at stake says besides, in the words that the law of each place knows.
# France: law 2023-451 of 9 June 2023, article 5. Elsewhere: 16 CFR 255 (FTC), Moroccan law 31-08, article 21.
REWARDED = {"fr": "Collaboration commerciale.", "en": "Paid partnership.", "ar": "شراكة مدفوعة."}


def rewarded_lines(lines: Mapping[str, str]) -> dict[str, str]:
    """The disclosure lines of posts for which their author may be rewarded, by language; where there is none, so it says
    all the same."""
    return {
        language: f"{line} {REWARDED.get(language, REWARDED['en'])}".strip()
        for language, line in (lines or dict.fromkeys(REWARDED, "")).items()
    }


def has_disclosure(text: str, line: str) -> bool:
    """Whether a text carries the line, on a line of its own or opening its first sentence.

    Case, accents, spaces and punctuation do not matter. A line of a single word (a hashtag) counts
    only when it stands alone, for it may open an ordinary sentence.
    """
    return _opens(text, line) or any(_is_the_line(candidate, line) for candidate in text.splitlines())


def with_disclosure(text: str, line: str) -> str:
    """The text with the line first and once; an empty line changes nothing."""
    line = " ".join(line.split())
    if not line or _opens(text, line):
        return text
    return f"{line}\n{without_disclosure(text, line)}".strip()


def without_disclosure(text: str, line: str) -> str:
    """The text that is the person's, wherever the line stood."""
    if not sounds(line):
        return text
    kept = "\n".join(candidate for candidate in text.splitlines() if not _is_the_line(candidate, line))
    opening = kept.lstrip()[len(line.strip()) :]
    return (opening if _opens(kept, line) else kept).strip()


def _is_the_line(candidate: str, line: str) -> bool:
    heard = sounds(candidate)
    return bool(heard) and heard == sounds(line)


def _opens(text: str, line: str) -> bool:
    """Whether the text starts with the whole line, followed by something on the same line."""
    text, line = text.lstrip(), line.strip()
    follows = text[len(line) : len(line) + 1]
    starts = len(sounds(line)) > 1 and fold(text[: len(line)]) == fold(line)
    return starts and bool(follows) and follows not in "\r\n" and not follows.isalnum()
