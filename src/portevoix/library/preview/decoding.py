"""The text of a page from its bytes, whatever it says of its encoding."""

import codecs
import re

from charset_normalizer import from_bytes

MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
# The Encoding standard reads these labels as their supersets (https://encoding.spec.whatwg.org/#names-and-labels).
SUPERSETS = {
    "ascii": "cp1252",
    "iso8859-1": "cp1252",
    "iso8859-9": "cp1254",
    "iso8859-11": "cp874",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "euc_kr": "cp949",
    "shift_jis": "cp932",
    "utf-16": "utf-8",
    "utf-16-le": "utf-8",
    "utf-16-be": "utf-8",
}
IN_HEADER = re.compile(r"charset\s*=\s*[\"']?([\w.:-]+)", re.IGNORECASE)
IN_PAGE = re.compile(
    rb"<meta[^>]+charset\s*=\s*[\"']?\s*([\w.:-]+)|<\?xml[^>]+encoding\s*=\s*[\"']([\w.:-]+)", re.IGNORECASE
)
PROLOGUE_BYTES = 16_000
SAMPLE_BYTES = 100_000


def decode(content: bytes, content_type: str | None) -> str:
    """The text of a page: by its byte-order mark, its declaration when that holds, UTF-8, then a guess."""
    for mark, marked in MARKS:
        if content.startswith(mark):
            return content[len(mark) :].decode(marked, errors="replace")
    declared = _declared(content, content_type)
    for encoding in dict.fromkeys((declared or "utf-8", "utf-8")):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    return content.decode(declared or _guessed(content), errors="replace")


def _declared(content: bytes, content_type: str | None) -> str | None:
    labels = [found.group(1) for found in [IN_HEADER.search(content_type or "")] if found]
    for first, second in IN_PAGE.findall(content[:PROLOGUE_BYTES]):
        labels.append((first or second).decode("ascii"))
    return next((name for label in labels if (name := _known(label))), None)


def _known(label: str) -> str | None:
    try:
        found = codecs.lookup(label)
    except LookupError:
        return None
    # `codecs` also knows transformations that are no text encodings.
    if not getattr(found, "_is_text_encoding", True):
        return None
    return SUPERSETS.get(found.name, found.name)


def _guessed(content: bytes) -> str:
    best = from_bytes(content[:SAMPLE_BYTES]).best()
    return best.encoding if best else "cp1252"
