"""The script that a company's site includes, `/pv.js`: our own, the same for everybody, under a kilobyte."""

import hashlib
from functools import cache

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import condition

from portevoix.api.access import public


@cache
def script() -> bytes:
    """The script as browsers get it, as it was built."""
    return bytes((settings.PACKAGE_STATIC / "built" / "pv.js").read_bytes())


def _mark(request: HttpRequest) -> str:
    return f'"{hashlib.sha256(script()).hexdigest()[:16]}"'


@public
@condition(etag_func=_mark)
def pv_js(request: HttpRequest) -> HttpResponse:
    """The script, which browsers keep for an hour and then ask about. Any site may use it."""
    answer = HttpResponse(script(), content_type="text/javascript; charset=utf-8")
    answer["Cache-Control"] = "public, max-age=3600"
    answer["Access-Control-Allow-Origin"] = "*"
    answer["Cross-Origin-Resource-Policy"] = "cross-origin"
    return answer
