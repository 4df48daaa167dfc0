"""Pictures of stories, by a code that cannot be guessed: previews of networks fetch them without a log-in."""

from django.http import FileResponse, HttpResponseBase

from portevoix.core.errors import NotFound
from portevoix.library.models import Picture
from portevoix.web.access import PageRequest, public


@public
def picture(request: PageRequest, code: str) -> HttpResponseBase:
    """The file of the picture; it never changes, so browsers may keep it for a year."""
    row: Picture | None = Picture.unscoped.filter(code=code).first()
    if row is None:
        raise NotFound("picture")
    try:
        answer = FileResponse(row.file.open("rb"), content_type=row.media_type)
    except OSError:
        raise NotFound("picture") from None
    answer["Cache-Control"] = "public, max-age=31536000, immutable"
    answer["Content-Security-Policy"] = "default-src 'none'; sandbox"
    answer["X-Content-Type-Options"] = "nosniff"
    return answer
