"""What anybody sees: a credential behind its link, its issuer with the keys, and which were revoked."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from zoneinfo import ZoneInfo

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from plaudit.credentials.actions.signing import opened
from plaudit.credentials.addresses import issuer_at, key_at, method_at, secret_in, status_list_at
from plaudit.credentials.checking import PASTED_MAX, read_pasted, verdict_on
from plaudit.credentials.models import Credential, Key
from plaudit.credentials.queries import behind, keys, revoked_places
from plaudit.credentials.refusals import NoSuchCredential
from plaudit.credentials.rules.baking import baked_png, baked_svg, found_in
from plaudit.credentials.rules.documents import Issuer, moment, profile, status_list
from plaudit.credentials.rules.emblem import emblem_png, emblem_svg
from plaudit.credentials.rules.multibase import multikey
from plaudit.credentials.rules.proofs import with_proof
from plaudit.credentials.rules.shape import OB_CONTEXT, V2
from plaudit.credentials.rules.status import encoded
from plaudit.credentials.rules.tokens import jwk
from plaudit.credentials.wording import because, drawn
from plaudit.foundation import clock
from plaudit.foundation.access.declarations import public
from plaudit.foundation.access.tokens import read_link
from plaudit.foundation.exact import encode
from plaudit.foundation.ids import show
from plaudit.foundation.tenancy import in_organisation
from plaudit.foundation.written import number
from plaudit.people.models import Organisation
from plaudit.people.queries import member
from plaudit.people.standing import organisation_of_code

JSON_LD, VC_JSON, VC_TOKEN = "application/ld+json", "application/vc+ld+json", "application/vc+jwt"
PICTURE_BYTES_MAX = 512 * 1024
NOT_FOUND_BY_SEARCH = "noindex, nofollow"


@contextmanager
def at_code(code: str) -> Iterator[Organisation]:
    """Inside the organisation with this code, in its time zone. Raises `NoSuchCredential`."""
    found = organisation_of_code(code)
    if found is None:
        raise NoSuchCredential
    with in_organisation(found[0]):
        place = Organisation.objects.get(id=found[0])
        with timezone.override(ZoneInfo(place.time_zone)):
            yield place


@contextmanager
def at_credential(secret: str) -> Iterator[tuple[Organisation, Credential]]:
    """Inside the organisation of the credential with this end of its address. Raises `NoSuchCredential`."""
    token = read_link(secret)
    with at_code(token.organisation_code if token else "") as place:
        yield place, behind(place.id, secret)


@require_safe
@public
def credential_page(request: HttpRequest, secret: str) -> HttpResponse:
    """A credential for people, or for a program that asks for it as such."""
    with at_credential(secret) as (place, row):
        if _for_programs(request):
            return _document(row.document, VC_JSON)
        verdict = verdict_on(row)
        shown = {
            "title": row.name,
            "place": place,
            "row": drawn(row, verdict),
            "because": because(row, verdict, place.name),
            "holder": member(place.id, row.member_id).name if row.shows_name else "",
            "says": row.document["credentialSubject"]["achievement"],
            "key": multikey(bytes(row.key.public)),
            "checked_at": clock.now(),
        }
        answer = render(request, "credentials/open_credential.html", shown)
    return _unfound(answer)


def _for_programs(request: HttpRequest) -> bool:
    accept = request.headers.get("Accept", "")
    return "json" in accept and "text/html" not in accept


@require_safe
@public
def credential_file(request: HttpRequest, secret: str) -> HttpResponse:  # noqa: ARG001  # every view takes it
    """The credential with its proof inside, as JSON."""
    with at_credential(secret) as (_place, row):
        return _document(row.document, VC_JSON)


@require_safe
@public
def credential_token(request: HttpRequest, secret: str) -> HttpResponse:  # noqa: ARG001  # every view takes it
    """The same credential as a signed token."""
    with at_credential(secret) as (_place, row):
        return _free(HttpResponse(row.token, content_type=VC_TOKEN))


@require_safe
@public
def credential_svg(request: HttpRequest, secret: str) -> HttpResponse:  # noqa: ARG001  # every view takes it
    """The credential as a picture with its name, and with itself baked into it (Open Badges 3.0, 5.3)."""
    with at_credential(secret) as (place, row):
        since = localtime(row.since).date().isoformat()
        picture = baked_svg(emblem_svg(row.name, place.name, since), encode(row.document))
        return _picture(picture.encode(), "image/svg+xml", "credential.svg")


@require_safe
@public
def credential_png(request: HttpRequest, secret: str) -> HttpResponse:  # noqa: ARG001  # every view takes it
    """The same as a PNG, for programs that take no other picture; its token is baked into it."""
    with at_credential(secret) as (_place, row):
        return _picture(baked_png(emblem_png(), row.token), "image/png", "credential.png")


def _picture(content: bytes, media: str, name: str) -> HttpResponse:
    answer = _free(HttpResponse(content, content_type=media))
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


@require_http_methods(["GET", "HEAD", "POST"])
@public
def check(request: HttpRequest) -> HttpResponse:
    """A link, a file or a token that somebody was shown: go to its page, or say why it is not ours."""
    text = request.POST.get("text", "").strip()[:PASTED_MAX] if request.method == "POST" else ""
    picture = request.FILES.get("picture")
    said = _checked_in(picture) if picture is not None else _checked(text) if text else ""
    if said.startswith("/"):
        return HttpResponseRedirect(said)
    shown = {
        "title": _("Check a credential"),
        "lead": _("Paste the link, or what stands in the file; or choose a picture with a credential in it."),
        "text": text,
        "said": said,
        "is_empty": request.method == "POST" and not text and picture is None,
        "most": PASTED_MAX,
    }
    return render(request, "credentials/check.html", shown, status=422 if request.method == "POST" else 200)


def _checked_in(picture: UploadedFile[Any]) -> str:
    """The same for a picture that a credential is baked into."""
    content = picture.read(PICTURE_BYTES_MAX + 1)
    if len(content) > PICTURE_BYTES_MAX:
        return _("The picture is larger than {most} kilobytes.").format(
            most=number(PICTURE_BYTES_MAX // 1024)
        )
    text = found_in(content)
    if not text or len(text) > PASTED_MAX:
        return _("There is no credential in this picture.")
    return _checked(text)


def _checked(text: str) -> str:
    """The address of its page, or what is wrong with it."""
    if "{" not in text and (secret := secret_in(text)):
        return reverse("portal:credential", args=[secret])
    pasted = read_pasted(text)
    if pasted is None:
        return _("This is no credential that was given here.")
    try:
        with at_code(pasted.code) as place:
            if not pasted.holds(keys(place.id)):
                return _("The signature does not match: it was changed, or somebody else made it.")
            row = behind(place.id, pasted.secret)
    except NoSuchCredential:
        return _("It stands no more: it was given here once, and is gone.")
    return reverse("portal:credential", args=[row.secret])


@require_safe
@public
def issuer_profile(request: HttpRequest, issuer: str) -> HttpResponse:  # noqa: ARG001  # every view takes it
    """Who gives credentials, with every key that signed any (Open Badges Profile, W3C Controlled Identifiers 1.0)."""
    with at_code(issuer) as place:
        known = _keys(place)
        address = issuer_at(issuer)
        methods = [
            {
                "id": method_at(issuer, bytes(key.public)),
                "type": "Multikey",
                "controller": address,
                "publicKeyMultibase": multikey(bytes(key.public)),
            }
            for key in known
        ]
        says = profile(Issuer(address, place.name, address))
        about = {"verificationMethod": methods, "assertionMethod": [one["id"] for one in methods]}
        return _document({"@context": [V2, OB_CONTEXT], **says, **about}, JSON_LD)


@require_safe
@public
def issuer_key(request: HttpRequest, issuer: str, signing_key: str) -> HttpResponse:  # noqa: ARG001  # every view takes it
    """One key as a JSON Web Key, for whoever checks a token."""
    with at_code(issuer) as place:
        for one in _keys(place):
            if show("sgk", one.id) == signing_key:
                return _document(jwk(bytes(one.public), kid=key_at(issuer, one.id)), "application/jwk+json")
        raise NoSuchCredential


@require_safe
@public
def revoked(request: HttpRequest, issuer: str, number: int) -> HttpResponse:  # noqa: ARG001  # every view takes it
    """A list of revoked credentials, signed as it stands now."""
    with at_code(issuer) as place:
        key = _keys(place)[0]
        private = opened(key)
        if private is None:
            raise NoSuchCredential
        now = clock.now()
        says = status_list(
            address=status_list_at(issuer, number),
            issuer=issuer_at(issuer),
            encoded_list=encoded(revoked_places(place.id, number)),
            valid_from=now,
        )
        method = method_at(issuer, bytes(key.public))
        return _document(with_proof(says, key=private, method=method, created=moment(now)), VC_JSON)


def _keys(place: Organisation) -> list[Key]:
    """The keys of an organisation that ever gave a credential. Raises `NoSuchCredential`."""
    found = keys(place.id)
    if not found:
        raise NoSuchCredential
    return found


def _document(says: dict[str, Any], media: str) -> HttpResponse:
    return _free(JsonResponse(says, content_type=media, json_dumps_params={"ensure_ascii": False}))


def _free(answer: HttpResponse) -> HttpResponse:
    """For programs anywhere, in a browser too, and always as it stands now."""
    answer["Access-Control-Allow-Origin"] = "*"
    answer["Cache-Control"] = "no-cache"
    return _unfound(answer)


def _unfound(answer: HttpResponse) -> HttpResponse:
    answer["X-Robots-Tag"] = NOT_FOUND_BY_SEARCH
    return answer
