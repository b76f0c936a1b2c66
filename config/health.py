"""Does the portal answer, and does its database?"""

from django.contrib.auth.decorators import login_not_required
from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse


@login_not_required
def health(request: HttpRequest) -> HttpResponse:
    """200 "ok" when the database answers a query, 503 with a sentence when it does not."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        sentence = "The database does not answer.\n"
        return HttpResponse(sentence, status=503, content_type="text/plain")
    return HttpResponse("ok\n", content_type="text/plain")
