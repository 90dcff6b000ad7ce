"""Pages go out compressed, answers of the API as they are."""

from __future__ import annotations

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.middleware.gzip import GZipMiddleware


class CompressedPages(GZipMiddleware):
    """Compresses HTML for browsers that take it.

    A page can hold what its address said beside what nobody else shall know, and the length of what was
    compressed could tell one from the other (BREACH, CVE-2013-3587). Forms' tokens are masked anew in every
    page, and Django adds bytes of random number to every compressed answer. The API answers uncompressed.
    """

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        """Compress what is a page, and nothing else."""
        if not response.headers.get("Content-Type", "").startswith("text/html"):
            return response
        return super().process_response(request, response)
