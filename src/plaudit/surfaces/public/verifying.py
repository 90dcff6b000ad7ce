"""The public page that says whether a document is ours and still stands."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from plaudit.credentials.addresses import secret_in
from plaudit.foundation.access.declarations import public
from plaudit.insights.openly import open_list
from plaudit.insights.verifying import CODE_MAX, verified
from plaudit.planning.refusals import NotPublic
from plaudit.surfaces.public.place import at_place, shown


@require_safe
@public
def verify(request: HttpRequest, slug: str) -> HttpResponseBase:
    """Ask for a code, and say of it: genuine, withdrawn, or unknown. Only where the organisation is public."""
    with at_place(slug) as place:
        programmes = open_list(place.id)
        if not programmes:
            raise NotPublic
        keys = [key for key, _name, _words in programmes]
        wanted = request.GET.get("of", "")
        code = request.GET.get("code", "").replace("\0", "")[:CODE_MAX].strip()
        if secret := secret_in(code):
            return HttpResponseRedirect(reverse("portal:credential", args=[secret]))
        found = verified(place.id, code) if code else None
        context = {
            "title": _("Verify a document"),
            "lead": _("Receipts of rewards and donations, seals of our books, and links of credentials."),
            "code": code,
            "found": found,
            "of": wanted if wanted in keys else "",
        }
        return shown(
            request, "public/verify.html", place, context,
            key=wanted if wanted in keys else keys[0], kept=not code,
        )  # fmt: skip
