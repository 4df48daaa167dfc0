"""Cards of our own drawing, shown by networks beside a tracked link, for anyone."""

from django.http import FileResponse, HttpResponseBase

from portevoix.core.errors import NotFound
from portevoix.links.queries import get_drawn_card
from portevoix.web.access import PageRequest, public


@public
def card(request: PageRequest, code: str) -> HttpResponseBase:
    """The drawing of a card; another one has another `v`, so that an hour is no lie."""
    row = get_drawn_card(code)
    try:
        answer = FileResponse(row.drawing.open("rb"), content_type="image/png")
    except OSError:
        raise NotFound("card") from None
    answer["Cache-Control"] = "public, max-age=3600"
    answer["Content-Security-Policy"] = "default-src 'none'; sandbox"
    answer["X-Content-Type-Options"] = "nosniff"
    return answer
