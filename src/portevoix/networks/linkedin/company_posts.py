"""The company's own post, named so that a person may pass it on."""

import re
from urllib.parse import unquote

# A post is a share or a ugcPost. An activity is the place of a post in a feed: LinkedIn passes none on.
_SITE = r"https://(?:[a-z-]+\.)?linkedin\.com/"
_POST = re.compile(
    rf"(?:{_SITE}(?:embed/)?feed/update/)?"
    r"urn:li:(?P<kind>share|ugcPost):(?P<number>[0-9]{1,25})/?(?:[?#].*)?"
)
# "Copy link to post": …/posts/acme_words-of-the-post-share-7141138937766391808-aB3d
_PAGE = re.compile(
    rf"{_SITE}posts/[^/?#]*[-_](?P<kind>share|ugcPost)-(?P<number>[0-9]{{1,25}})(?:-[^/?#]*)?/?(?:[?#].*)?"
)
# "Embed this post": a frame whose source is the post's address.
_FRAME = re.compile(r"""<iframe\b[^>]*?\bsrc=["']([^"']+)["'][^>]*>(?:</iframe>)?""", re.IGNORECASE)


def company_post_urn(typed: str) -> str | None:
    """The name of the post that somebody typed or pasted; None when it names no post that can be passed on."""
    named = typed.strip()
    if frame := _FRAME.fullmatch(named):
        named = frame[1]
    named = unquote(named)
    found = _POST.fullmatch(named) or _PAGE.fullmatch(named)
    return f"urn:li:{found['kind']}:{found['number']}" if found else None


def names_activity(typed: str) -> bool:
    """Whether what was pasted names a place in a feed, which is not the post itself."""
    return re.search(r"activity[:-][0-9]", unquote(typed)) is not None
