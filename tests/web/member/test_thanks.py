"""After sharing: a window that could not carry the words says so, and gives them to copy."""

import pytest

from cast import Cast
from make_library import make_published_story
from make_sharing import make_share
from portevoix.core import clock

LONG_ARABIC = "نعمل كل يوم على أسطح المصانع والمدارس ونتعلم من كل ورشة. " * 30


@pytest.mark.parametrize(
    ("channel", "text", "is_said"),
    [
        ("linkedin", LONG_ARABIC, True),
        ("linkedin", "Une phrase à moi.", False),
        ("facebook", "Une phrase.", True),
    ],
)
def test_thanks_give_the_words_that_the_window_did_not_carry(
    cast: Cast, browse: object, channel: str, text: str, is_said: bool
) -> None:
    now = clock.now()
    share = make_share(
        cast.ana, make_published_story(cast.ines, now=now), now=now, channel=channel, text=text
    )

    page = browse(cast.ana).get(f"/shares/{share.code}/thanks").content.decode()  # type: ignore[operator]

    assert ("s’ouvre sans votre texte" in page) is is_said
    assert 'id="posted"' in page
