"""Pictures of stories, by a code that cannot be guessed. Of a story that went out, anyone may see them."""

from django.http import FileResponse, HttpResponseBase

from portevoix.core.errors import NotFound
from portevoix.library.queries import get_picture_for, is_open_to_all
from portevoix.web.access import PageRequest, public

A_YEAR = "max-age=31536000, immutable"


@public
def picture(request: PageRequest, code: str) -> HttpResponseBase:
    """The file of the picture; it never changes, so browsers may keep it for a year."""
    row = get_picture_for(getattr(request, "person", None), code)
    try:
        answer = FileResponse(row.file.open("rb"), content_type=row.media_type)
    except OSError:
        raise NotFound("picture") from None
    answer["Cache-Control"] = f"{'public' if is_open_to_all(row) else 'private'}, {A_YEAR}"
    answer["Content-Security-Policy"] = "default-src 'none'; sandbox"
    answer["X-Content-Type-Options"] = "nosniff"
    return answer
