"""The ways provisioning says no: each has the keyword that RFC 7644, 3.12, gives it. Pure."""

from __future__ import annotations

from typing import ClassVar

from plaudit.foundation.refusals import Refusal


class ScimRefusal(Refusal):
    """A refusal with its keyword."""

    status = 400
    exit_code = 4
    sentence = "{why}"
    scim_type: ClassVar[str] = ""

    def __init__(self, why: str) -> None:
        super().__init__(why=why)


class FilterNotTaken(ScimRefusal):
    code = "filter_not_taken"
    scim_type = "invalidFilter"


class PathNotTaken(ScimRefusal):
    code = "path_not_taken"
    scim_type = "invalidPath"


class NothingThere(ScimRefusal):
    code = "nothing_there"
    scim_type = "noTarget"


class ValueNotTaken(ScimRefusal):
    code = "value_not_taken"
    scim_type = "invalidValue"


class BodyNotTaken(ScimRefusal):
    code = "body_not_taken"
    scim_type = "invalidSyntax"


class NotToBeChanged(ScimRefusal):
    code = "not_to_be_changed"
    scim_type = "mutability"


class NameTaken(ScimRefusal):
    code = "name_taken"
    status = 409
    exit_code = 5
    scim_type = "uniqueness"
