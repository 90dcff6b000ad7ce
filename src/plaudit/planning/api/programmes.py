"""Programmes over HTTP: their files planned, applied, read back, paused and retired."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Annotated, Any, Literal

from django.http import HttpRequest, HttpResponse
from ninja import Router, Status
from pydantic import Field

from plaudit.foundation.access.actors import actor_of
from plaudit.foundation.access.declarations import allows
from plaudit.foundation.api.marks import has_etag, takes_if_match
from plaudit.foundation.api.refusals import BodyMalformed, MediaTypeNotTaken, PreconditionFailed
from plaudit.foundation.api.shapes import Answer, Because, Page, whole
from plaudit.foundation.refusals import Problem
from plaudit.planning.actions.apply import apply
from plaudit.planning.actions.lifecycle import pause, resume, retire
from plaudit.planning.plans import Plan, plan, validate
from plaudit.planning.programme_file.schema import schema
from plaudit.planning.queries import (
    ProgrammeSummary,
    VersionSummary,
    programme_row,
    programmes,
    regenerate,
    version_row,
    versions,
)

router = Router(tags=["Programme"])

YAML = "application/yaml"
_YAML_TOO = frozenset({YAML, "application/x-yaml", "text/yaml", "text/x-yaml"})

_FILE: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {YAML: {"schema": {"type": "string", "minLength": 1, "description": "A programme file."}}},
    }
}
_FILE_BACK = {"responses": {200: {"content": {YAML: {"schema": {}}}, "description": "The file."}}}

ProgrammeKey = Annotated[str, Field(min_length=1, max_length=100, description="A programme, by its key.")]


class ShownProgramme(Answer):
    """A programme. `version` is the newest published one, null where none ever was."""

    id: str
    key: str
    name: str
    state: Literal["draft", "live", "paused", "retired"]
    version: int | None
    has_draft: bool
    changed_at: datetime
    links: dict[str, str]


class ShownVersion(Answer):
    """A published version, never changed. `digest` is that of what the file means, not of how it is laid out."""

    number: int
    digest: str
    rules_digest: str
    published_at: datetime
    published_by: str
    reason: str


class ShownChange(Answer):
    """One thing that a file changes, as a sentence, with the place it stands at in the file."""

    act: Literal["added", "changed", "removed"]
    part: str
    key: str
    sentence: str
    pointer: str


class ShownPlan(Answer):
    """What applying a file would do. Nothing was done."""

    programme: str
    live: int | None
    next: int
    digest: str
    changes_nothing: bool
    changes: list[ShownChange]
    warnings: list[str]


class ShownApplied(Answer):
    """What applying a file did; `published` is false where it was live already, as it is."""

    programme: str
    version: int
    published: bool
    digest: str
    changes: list[ShownChange]
    warnings: list[str]


@router.get(
    "/programmes", response=Page[ShownProgramme], operation_id="list_programmes", summary="List programmes"
)
@allows(scopes=["programme:read"], to="read programmes")
def list_programmes(request: HttpRequest) -> Page[ShownProgramme]:
    """Every programme, by key."""
    return whole(_shown(one) for one in programmes(actor_of(request).organisation_id))


@router.get(
    "/programme-schema",
    response=dict[str, Any],
    operation_id="get_programme_schema",
    summary="Read the JSON Schema of programme files",
)
@allows(scopes=["programme:read"], to="read programmes")
def get_schema(request: HttpRequest) -> dict[str, Any]:  # noqa: ARG001  # the same for everybody
    """For editors that complete and check while a person writes."""
    return schema()


@router.post(
    "/programmes/plan",
    response=ShownPlan,
    operation_id="plan_programme",
    summary="See what a programme file would change",
    openapi_extra=_FILE,
)
@allows(scopes=["programme:read", "programme:write"], to="plan programmes", keyless=True)
def post_plan(request: HttpRequest) -> ShownPlan:
    """Check a file, expressions, examples and all, and say in sentences what applying it would change.

    It changes nothing, so it needs no Idempotency-Key.
    """
    return _shown_plan(plan(actor_of(request).organisation_id, _file_in(request)))


@router.get(
    "/programmes/{programme}",
    response=ShownProgramme,
    operation_id="get_programme",
    summary="Read a programme",
)
@allows(scopes=["programme:read"], to="read programmes")
def get_programme(request: HttpRequest, programme: ProgrammeKey) -> ShownProgramme:
    """One programme and its state."""
    return _named(request, _key(programme))


@router.put(
    "/programmes/{programme}",
    response={200: ShownApplied, 201: ShownApplied},
    operation_id="apply_programme",
    summary="Apply a programme file",
    openapi_extra=_FILE,
)
@allows(scopes=["programme:write"], to="apply programmes")
@takes_if_match
def put_programme(
    request: HttpRequest,
    programme: ProgrammeKey,
    reason: Annotated[str, Field(max_length=500, description="Why, for the record.")] = "",
) -> Status[ShownApplied]:
    """Publish this file as the programme's next version, whole or not at all.

    With `If-Match: "3"` only if version 3 is the newest (`"0"`: none is), as the plan said. A file that is
    live already, byte for byte, changes nothing (200).
    """
    actor = actor_of(request)
    source = _file_in(request)
    named = validate(source).key
    if named != _key(programme):
        detail = f"The file is of the programme {named}, not {programme}."
        fault = {"in": "body", "pointer": "/programme", "code": "other_programme", "detail": detail}
        raise Problem("The file is of another programme.", errors=[fault])
    done = apply(
        actor.organisation_id, source, actor=actor.ref, reason=reason, expected_live=_expected(request)
    )
    shown = ShownApplied(
        programme=named,
        version=done.version,
        published=done.published,
        digest=done.plan.digest,
        changes=_shown_plan(done.plan).changes,
        warnings=list(done.plan.warnings),
    )
    return Status(201 if done.published else 200, shown)


@router.get(
    "/programmes/{programme}/versions",
    response=Page[ShownVersion],
    operation_id="list_programme_versions",
    summary="List a programme's versions",
)
@allows(scopes=["programme:read"], to="read programmes")
def list_versions(request: HttpRequest, programme: ProgrammeKey) -> Page[ShownVersion]:
    """Every published version, newest first."""
    found = versions(actor_of(request).organisation_id, _key(programme))
    return whole(_shown_version(one) for one in found)


@router.get(
    "/programmes/{programme}/file",
    response={200: None},
    operation_id="get_programme_file",
    summary="Read a programme's file",
    openapi_extra=_FILE_BACK,
)
@allows(scopes=["programme:read"], to="read programmes")
@has_etag
def get_file(
    request: HttpRequest,
    programme: ProgrammeKey,
    version: Annotated[int | None, Field(ge=1, le=2**31 - 1, description="The newest if left out.")] = None,
    form: Annotated[
        Literal["applied", "regenerated"],
        Field(description="`applied`: comments and all. `regenerated`: written anew from what is stored."),
    ] = "applied",
) -> HttpResponse:
    """A version's file. Its ETag is the version's number, to be named in If-Match when the next is applied."""
    organisation_id, key = actor_of(request).organisation_id, _key(programme)
    row = version_row(organisation_id, key, version)
    text = row.source if form == "applied" else regenerate(organisation_id, key, version=row.number)
    response = HttpResponse(text, content_type=f"{YAML}; charset=utf-8")
    response["ETag"] = f'"{row.number}"'
    return response


def _lifecycle(act: Callable[..., None], name: str, summary: str, says: str) -> None:
    """`POST /programmes/{programme}/pause` and its kin: alike but for what they do."""

    def view(request: HttpRequest, programme: ProgrammeKey, because: Because) -> ShownProgramme:
        actor = actor_of(request)
        act(actor.organisation_id, _key(programme), actor=actor.ref, reason=because.reason)
        return _named(request, _key(programme))

    view.__name__, view.__doc__ = f"post_{name}", says
    router.post(
        f"/programmes/{{programme}}/{name}",
        response=ShownProgramme,
        operation_id=f"{name}_programme",
        summary=summary,
    )(allows(scopes=["programme:write"], to=f"{name} programmes")(view))


_lifecycle(
    pause, "pause", "Pause a programme", "Its activity is recorded and earns nothing until it is resumed."
)
_lifecycle(resume, "resume", "Resume a programme", "Put a paused programme's newest rules back in force.")
_lifecycle(retire, "retire", "Retire a programme", "End a programme for good; what members hold is theirs.")


def _key(text: str) -> str:
    """A programme's key, with or without its prefix."""
    return text.removeprefix("prg_")


def _file_in(request: HttpRequest) -> str:
    """The programme file that was sent. Raises `MediaTypeNotTaken` and `BodyMalformed`."""
    media = (request.content_type or "").lower()
    if media not in _YAML_TOO:
        raise MediaTypeNotTaken(media=media, taken=YAML)
    try:
        text = request.body.decode("utf-8")
    except UnicodeDecodeError as error:
        raise BodyMalformed(reason="not_utf8", detail=f"Byte {error.start} is not UTF-8.") from None
    if "\0" in text:
        raise BodyMalformed(reason="nul_character", detail="The file holds a NUL character.")
    return text


def _expected(request: HttpRequest) -> int | None:
    """The version the caller has seen, as If-Match names it."""
    wanted = request.headers.get("If-Match", "").strip()
    if wanted in {"", "*"}:
        return None
    number = wanted.removeprefix('"').removesuffix('"')
    if not (number.isascii() and number.isdigit() and len(number) <= 9):
        raise PreconditionFailed
    return int(number)


def _named(request: HttpRequest, key: str) -> ShownProgramme:
    organisation_id = actor_of(request).organisation_id
    programme_row(organisation_id, key)
    return next(_shown(one) for one in programmes(organisation_id) if one.key == key)


def _shown(one: ProgrammeSummary) -> ShownProgramme:
    at = f"/api/v1/programmes/{one.key}"
    return ShownProgramme(
        id=f"prg_{one.key}",
        key=one.key,
        name=one.name,
        state=one.state,  # type: ignore[arg-type]  # one of the choices
        version=one.version,
        has_draft=one.has_draft,
        changed_at=one.changed_at,
        links={
            "versions": f"{at}/versions",
            "file": f"{at}/file",
            "rules": f"/api/v1/rules?programme={one.key}",
        },
    )


def _shown_version(one: VersionSummary) -> ShownVersion:
    return ShownVersion(
        number=one.number,
        digest=one.digest,
        rules_digest=one.rules_digest,
        published_at=one.published_at,
        published_by=one.published_by,
        reason=one.reason,
    )


def _shown_plan(planned: Plan) -> ShownPlan:
    return ShownPlan(
        programme=planned.programme.key,
        live=planned.live,
        next=planned.next,
        digest=planned.digest,
        changes_nothing=planned.changes_nothing,
        changes=[
            ShownChange(
                act=change.act.value,
                part=change.part,
                key=change.key,
                sentence=change.sentence,
                pointer="".join(f"/{part}" for part in change.path),
            )
            for change in planned.changes
        ],
        warnings=list(planned.warnings),
    )
