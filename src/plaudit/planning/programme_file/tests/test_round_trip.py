"""A programme written down and read again is the same programme, in every form it takes."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from jsonschema import Draft202012Validator

from plaudit.earning.compiling import field_type
from plaudit.earning.definitions import read_definition, store_definition
from plaudit.foundation.exact import decode, encode
from plaudit.foundation.tests.examples import examples
from plaudit.planning.programme_file.definitions import definition_of
from plaudit.planning.programme_file.document import digest_of, document_of
from plaudit.planning.programme_file.fields_stored import stored_field
from plaudit.planning.programme_file.parse import parse_programme, programme_of
from plaudit.planning.programme_file.schema import schema
from plaudit.planning.programme_file.tests.factories import shipped_files
from plaudit.planning.programme_file.tests.loading import loaded
from plaudit.planning.programme_file.tests.programmes import fields, programmes
from plaudit.planning.programme_file.writing import write_programme

validator = Draft202012Validator(schema())


@settings(max_examples=examples(40))
@given(programmes())
def test_a_programme_written_as_a_file_is_read_back_the_same(programme):
    parsed = parse_programme(write_programme(programme))

    assert [str(problem) for problem in parsed.problems] == []
    assert parsed.programme == programme


@settings(max_examples=examples(30))
@given(programmes())
def test_a_programme_kept_as_json_is_read_back_the_same(programme):
    kept = encode(document_of(programme))

    assert programme_of(decode(kept)) == programme
    assert encode(document_of(programme_of(decode(kept)))) == kept


@settings(max_examples=examples(30))
@given(programmes())
def test_other_yaml_readers_find_what_the_schema_promises(programme):
    """What the reader takes, the schema takes too, as read by a plain YAML 1.2 reader."""
    assert [error.message for error in validator.iter_errors(loaded(write_programme(programme)))] == []


@settings(max_examples=examples(30))
@given(programmes())
def test_rules_kept_for_ever_are_read_back_the_same(programme):
    definition = definition_of(programme)

    assert read_definition(decode(encode(store_definition(definition)))) == definition


@given(fields())
def test_a_field_kept_for_ever_is_read_back_the_same(field):
    assert field_type(decode(encode(stored_field(field)))) == field


@pytest.mark.parametrize("source", shipped_files().values(), ids=shipped_files())
def test_a_shipped_file_loses_its_comments_and_nothing_else(source):
    programme = parse_programme(source).programme
    written = write_programme(programme)

    assert parse_programme(written).programme == programme
    assert digest_of(parse_programme(written).programme) == digest_of(programme)
    assert write_programme(parse_programme(written).programme) == written
