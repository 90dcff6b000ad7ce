"""The register of limited things is whole: nothing limited without a race, no constraint without a word."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

import pytest
from django.apps import apps
from django.db import models

from tests.limited import REGISTER
from tests.limiting import Limited
from tests.not_limited import NOT_LIMITED
from tests.source import ROOT, sources

# Fields whose name speaks of a limit; what such a field counts, somebody will race for.
_SPEAKS_OF_A_LIMIT = re.compile(
    r"(^|_)(used|taken|stock|at_most|per_member|most|quota|budget|limit|remaining)(_|$)"
)
_REFERS_TO = ("limit_id",)


def _tables() -> list[type[models.Model]]:
    return [one for one in apps.get_models() if one.__module__.startswith("plaudit.")]


def _marked(tables: list[type[models.Model]]) -> Iterator[str]:
    """Everything in these models that marks something limited: constraints by name, fields by table."""
    for table in tables:
        yield from (constraint.name for constraint in table._meta.constraints)
        for field in table._meta.local_fields:
            if (field.unique and not field.primary_key) or (
                _SPEAKS_OF_A_LIMIT.search(field.name) and field.name not in _REFERS_TO
            ):
                yield f"{table._meta.db_table}.{field.name}"


def test_whatever_the_models_mark_as_limited_is_in_the_register():
    marked = set(_marked(_tables()))
    told = {guard for one in REGISTER for guard in one.kept_by} | set(NOT_LIMITED)
    assert marked - told == set()
    assert {one for one in told - marked if not one.startswith("the ")} == set()


def test_nothing_is_both_limited_and_not():
    assert {guard for one in REGISTER for guard in one.kept_by} & set(NOT_LIMITED) == set()


@pytest.mark.parametrize("limited", REGISTER, ids=lambda limited: limited.name)
def test_what_is_limited_has_a_race_of_twenty_in_rounds(limited: Limited):
    assert limited.races
    for race in limited.races:
        path, _, name = race.partition("::")
        (source,) = [one for one in sources() if one.place == path]
        (test,) = [
            node for node in ast.walk(source.tree) if isinstance(node, ast.FunctionDef) and node.name == name
        ]
        assert "rounds" in {ast.unparse(decorator) for decorator in test.decorator_list}, race
        assert "at_once(CONTENDERS" in re.sub(r"\s", "", ast.unparse(test)), race


def test_the_page_about_limited_things_names_every_race_of_the_register():
    page = (ROOT / "docs" / "reference" / "limited-things.md").read_text(encoding="utf-8")
    rows = [[part.strip() for part in line.strip("|").split("|")] for line in page.splitlines()]
    named = {(row[0], row[1]) for row in rows if len(row) == 6}
    raced = {
        (one.name, race.partition("::test_")[2].replace("_", " ")) for one in REGISTER for race in one.races
    }

    assert raced - named == set(), "python -m bench.races --rounds 0 --write docs/reference/limited-things.md"
    assert named - raced == {("limited thing", "race"), ("---", "---")}
    assert f"**{len(REGISTER)} limited things, {len(raced)} races over them." in page


def test_every_race_in_rounds_is_in_the_register():
    raced = {
        f"{source.place}::{node.name}"
        for source in sources()
        for node in ast.walk(source.tree)
        if isinstance(node, ast.FunctionDef)
        and "rounds" in {ast.unparse(decorator) for decorator in node.decorator_list}
    }
    assert raced == {race for one in REGISTER for race in one.races}


def test_a_new_constraint_or_limited_field_would_be_found():
    class Voucher(models.Model):
        used = models.BooleanField(default=False)
        number = models.TextField(unique=True)

        class Meta:
            app_label = "rewards"
            constraints = (models.CheckConstraint(condition=models.Q(used=True), name="a_voucher_is_new"),)

    try:
        assert {name.rpartition(".")[2] for name in _marked([Voucher])} == {
            "a_voucher_is_new",
            "used",
            "number",
        }
    finally:
        del apps.all_models["rewards"]["voucher"]
        apps.clear_cache()
