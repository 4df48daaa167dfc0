"""The company's own post, named so that a person may pass it on."""

import re
from urllib.parse import unquote

# A post is a share or a ugcPost. An activity is the place of a post in a feed: LinkedIn passes none on.
_POST = re.compile(
    r"(?:https://(?:[a-z-]+\.)?linkedin\.com/(?:embed/)?feed/update/)?"
    r"(?P<urn>urn:li:(?:share|ugcPost):[0-9]{1,25})/?(?:[?#].*)?"
)


def company_post_urn(typed: str) -> str | None:
    """The name of the post that somebody typed or pasted; None when it names no post that can be passed on."""
    found = _POST.fullmatch(unquote(typed.strip()))
    return found["urn"] if found else None
