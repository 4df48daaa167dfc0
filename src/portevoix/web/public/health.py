"""Whether this server can answer: for load balancers and for whoever watches it."""

from django.db import DatabaseError, connection
from django.http import HttpResponse, JsonResponse

from portevoix.web.access import PageRequest, public


@public
def health(request: PageRequest) -> HttpResponse:
    """200 while the database answers, 503 otherwise. Says nothing else about the machine."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return JsonResponse({"status": "no database"}, status=503)
    return JsonResponse({"status": "ok"})
