"""Who may have a reward, where its file says so: a condition over what is known of a member."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from plaudit.earning.compiling import scope_of
from plaudit.earning.expressions import Expression, Reader, Scope, compile_reader, condition_of
from plaudit.earning.expressions.steps import evaluate
from plaudit.foundation.exact import decode, encode

Fields = Mapping[str, Mapping[str, Any]]

_MEMBER = "member."


def eligibility_of(text: str, member_fields: Fields) -> Expression:
    """The condition behind the text; it may name fields of the member alone. Raises ExpressionRefused."""
    return condition_of(text, _scope(member_fields))


def meets(text: str, member_fields: Fields, attributes: Mapping[str, Any]) -> bool:
    """Whether a member of these attributes meets the condition; where it is unknown, they do not."""
    expression, read_member = _compiled(text, encode(member_fields))
    values, problems = read_member(attributes)
    for problem in problems:  # an attribute that does not fit its type counts as missing
        values[problem.pointer.strip("/")] = None
    return evaluate(expression, {f"{_MEMBER}{name}": value for name, value in values.items()}) is True


def _scope(member_fields: Fields) -> Scope:
    known = scope_of("a member", {}, member_fields).fields
    return Scope({name: field for name, field in known.items() if name.startswith(_MEMBER)}, "a member")


@lru_cache(maxsize=1024)
def _compiled(text: str, member_fields: str) -> tuple[Expression, Reader]:
    scope = _scope(decode(member_fields))
    types = {name.removeprefix(_MEMBER): field for name, field in scope.fields.items()}
    return condition_of(text, scope), compile_reader(types, extra=True)
