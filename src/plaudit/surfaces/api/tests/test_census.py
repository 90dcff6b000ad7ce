"""Every address of the API declares who may use it, answers itself, and lets nobody else in."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

import pytest
from django.urls import resolve
from jsonschema import Draft202012Validator

from plaudit.foundation.access.declarations import operations_of
from plaudit.foundation.access.routes import routes
from plaudit.foundation.access.scopes import ADMIN, SCOPES
from plaudit.foundation.api.shapes import Answer
from plaudit.people.tests.factories import make_organisation
from plaudit.surfaces.api.__main__ import written
from plaudit.surfaces.api.document import SAFE, Documented, document, operations
from plaudit.surfaces.api.tests.calling import Program, body_of, program, stranger

EVERY = list(operations())
PUBLIC = {"get_health"}

# What changes nothing, or gives something away that only whoever may change it should have.
READS_BY_POST = {"verify_ledger", "plan_programme", "try_programme"}
WRITES_TO_READ = {"get_redemption_code"}


def named(one: Documented) -> str:
    return one.id


def address(one: Documented) -> str:
    """Its address with something in the place of every reference."""
    path = one.path
    while "{" in path:
        before, _, rest = path.partition("{")
        path = f"{before}nothing{rest.partition('}')[2]}"
    return path


def call(caller: Program, one: Documented) -> int:
    at = address(one).removeprefix("/api/v1")
    return int(caller.send(one.method, at, {} if one.method not in SAFE else None).status_code)


def test_every_operation_is_known_to_the_routes_and_the_other_way_round():
    of_routes = {
        (route.method, f"/{route.path.strip('/')}".replace("<", "{").replace(">", "}"))
        for route in routes()
        if route.path.startswith("/api/") and route.method != "*"
    }
    assert of_routes == {(one.method, one.path) for one in EVERY}


@pytest.mark.parametrize("one", EVERY, ids=named)
def test_an_address_answers_for_itself_and_is_not_caught_by_another(one):
    found = operations_of(resolve(address(one)).func) or []

    assert [act for methods, act in found if one.method in methods] == [one.operation.view_func]


@pytest.mark.parametrize("one", EVERY, ids=named)
def test_an_operation_says_what_scope_it_needs_and_writing_needs_one_that_writes(one):
    if one.id in PUBLIC:
        assert one.access.public
        return
    assert one.access.scopes and not one.access.roles
    if one.access.scopes >= SCOPES.keys():
        return
    writes = {scope for scope in one.access.scopes if scope.endswith(":write") or scope == ADMIN}
    if one.id in WRITES_TO_READ or (one.method not in SAFE and one.id not in READS_BY_POST):
        assert writes == one.access.scopes
    elif one.id not in READS_BY_POST:
        assert not writes or writes == {ADMIN}


@pytest.mark.parametrize("one", EVERY, ids=named)
def test_nobody_without_a_key_is_let_in(one):
    status = call(stranger(), one)

    assert status == (200 if one.id in PUBLIC else 401)


def test_no_key_without_the_scope_is_let_in():
    organisation_id = make_organisation().id
    let_in = {}
    callers = {scope: program(organisation_id, scope) for scope in SCOPES if scope != ADMIN}
    for one in EVERY:
        if one.access.public or one.access.scopes >= SCOPES.keys():
            continue
        other = next(scope for scope in reversed(callers) if scope not in one.access.scopes)
        status = call(callers[other], one)
        if status != 403:
            let_in[one.id] = status
    assert let_in == {}


def test_every_write_asks_for_a_key_of_its_own_unless_it_says_why_not():
    caller = program(make_organisation().id)
    keyless = {one.id for one in EVERY if one.method not in SAFE and not one.needs_key}

    assert keyless == {"report_events", "start_import", *READS_BY_POST}
    for one in EVERY:
        if one.needs_key:
            at = address(one).removeprefix("/api/v1")
            media = "application/yaml" if one.id == "apply_programme" else "application/json"
            answer = caller.send(one.method, at, _valid(one), key=None, media=media)
            if answer.status_code not in (404, 422):
                assert (answer.status_code, body_of(answer)["code"]) == (400, "idempotency_key_missing"), (
                    one.id
                )


def _valid(one: Documented) -> object:
    """A body of the right kind: keys are asked for before or after it is read, whatever it says."""
    return (
        {"name": "x", "scopes": ["admin"], "url": "https://93.184.215.14/x"} if one.id == "create_key" else {}
    )


def test_every_operation_and_every_parameter_is_documented():
    for path, methods in document()["paths"].items():
        for method, shown in methods.items():
            assert shown["summary"] and shown["description"] and shown["tags"], (path, method)
            assert all(parameter["description"] for parameter in shown.get("parameters", ())), (path, method)
            assert {"429", "500", "503"} <= shown["responses"].keys()


def test_the_document_is_openapi_with_schemas_that_are_schemas():
    made = document()

    assert made["openapi"].startswith("3.1")
    ids = [shown["operationId"] for methods in made["paths"].values() for shown in methods.values()]
    assert len(ids) == len(set(ids)) == len(EVERY)
    for schema in made["components"]["schemas"].values():
        Draft202012Validator.check_schema(schema)
    for name in _references(made):
        head, _, last = name.removeprefix("#/components/").partition("/")
        assert last in made["components"][head], name


def _references(value: object) -> set[str]:
    if isinstance(value, dict):
        own = {value["$ref"]} if isinstance(value.get("$ref"), str) else set()
        return own.union(*(_references(item) for item in value.values()))
    if isinstance(value, list):
        return set().union(*(_references(item) for item in value))
    return set()


def test_the_reference_in_docs_is_that_of_this_code():
    old = [path.name for path, text in written().items() if path.read_text(encoding="utf-8") != text]

    assert old == [], "python -m plaudit.surfaces.api write"


def test_no_two_shapes_of_answers_have_one_name():
    """The document knows a shape by its name alone: of two, one would be described as the other."""

    def below(shape: type[Answer]) -> Iterator[type[Answer]]:
        for one in shape.__subclasses__():
            yield one
            yield from below(one)

    named = Counter(one.__name__ for one in set(below(Answer)) if one.__module__.startswith("plaudit."))
    assert [name for name, count in named.items() if count > 1] == []
