"""The style guide shows every component, to those who write stories, in a demo or while debugging."""

import pytest
from django.urls import NoReverseMatch, include, path, reverse

from cast import Cast
from portevoix.web.styleguide.page import page

urlpatterns = [path("studio/styleguide", page, name="styleguide"), path("", include("portevoix.urls"))]


@pytest.mark.urls(__name__)
@pytest.mark.parametrize(("query", "boards"), [("", 6), ("?language=ar", 2), ("?language=ar&theme=dark", 1)])
def test_styleguide_shows_each_language_and_theme(
    cast: Cast, browse: object, query: str, boards: int
) -> None:
    answer = browse(cast.ines).get(f"/studio/styleguide{query}")  # type: ignore[operator]

    assert answer.status_code == 200
    assert answer.content.decode().count("data-theme=") == boards


@pytest.mark.urls(__name__)
def test_styleguide_is_not_for_everybody(cast: Cast, browse: object) -> None:
    assert browse(cast.ana).get("/studio/styleguide").status_code == 404  # type: ignore[operator]


def test_styleguide_has_no_address_on_a_real_installation() -> None:
    with pytest.raises(NoReverseMatch):
        reverse("styleguide")
