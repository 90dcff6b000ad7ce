"""Every route says who may use it: `@allows(…)` or `@public`, on the view itself.

A declaration is only written on the view; the middleware in `people` reads it and admits or refuses
before the view runs. A route without one is refused to everybody, and a test and the start find it first.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any, TypeVar

from ninja.openapi.views import default_home
from ninja.operation import PathView

from plaudit.foundation.access.actors import Actor
from plaudit.foundation.access.roles import RoleName
from plaudit.foundation.access.scopes import SCOPES

View = TypeVar("View", bound=Callable[..., Any])

_ACCESS = "plaudit_access"
_SHOWN_BY = "plaudit_refusals_shown_by"


@dataclass(frozen=True, slots=True)
class ObjectRule:
    """Which things an actor may reach: `says` it in words for the documentation.

    `check` takes the actor and the view's arguments and raises `NotFound` for what is out of reach, as
    for what does not exist. It runs inside `in_organisation`.
    """

    says: str
    check: Callable[[Actor, Mapping[str, Any]], None]


@dataclass(frozen=True, slots=True)
class Access:
    """Who may use a route.

    `to` completes "You may not …". `keyless` marks an API write that is idempotent by itself (activity
    has its own ids): it needs no Idempotency-Key and opens its own transactions.
    """

    public: bool = False
    roles: frozenset[RoleName] = frozenset()
    scopes: frozenset[str] = frozenset()
    objects: ObjectRule | None = None
    to: str = "open this"
    keyless: bool = False

    def says(self) -> str:
        """The declaration in words, for tables of who may do what."""
        if self.public:
            return "everybody"
        parts = [f"{name}" for name in sorted(self.roles)] + [
            f"key with {scope}" for scope in sorted(self.scopes)
        ]
        return ", ".join(parts) + (f"; {self.objects.says}" if self.objects else "")


def allows(
    *,
    roles: Iterable[RoleName] = (),
    scopes: Iterable[str] = (),
    objects: ObjectRule | None = None,
    to: str = "open this",
    keyless: bool = False,
) -> Callable[[View], View]:
    """Declare that people with one of these roles, and keys with one of these scopes, may use a view.

    Put it on the function itself, under the router's decorator in an API and over nothing that wraps.
    """
    access = Access(False, frozenset(roles), frozenset(scopes), objects, to, keyless)  # noqa: FBT003
    assert access.roles or access.scopes, "nobody could use this: say who may, or that it is public"
    unknown = (access.roles - frozenset(RoleName)) | (access.scopes - SCOPES.keys())
    assert not unknown, f"no such role or scope: {unknown}"

    def declare(view: View) -> View:
        setattr(view, _ACCESS, access)
        return view

    return declare


def public(view: View) -> View:
    """Declare that everybody may use a view, signed in or not. It opens its own transactions."""
    setattr(view, _ACCESS, Access(public=True))
    return view


def refusals_shown_by(page: Callable[..., Any]) -> Callable[[View], View]:
    """Show a refusal of this act on `page`, called with the act's arguments and `refusal=…`.

    For forms: the page shows the form again as it was filled in, and the refusal above it.
    """

    def declare(view: View) -> View:
        setattr(view, _SHOWN_BY, page)
        return view

    return declare


def page_that_shows_refusals_of(view: Callable[..., Any]) -> Callable[..., Any] | None:
    """The page named with `refusals_shown_by`; None where refusals get a page of their own."""
    found: Callable[..., Any] | None = getattr(view, _SHOWN_BY, None)
    return found


def declaration_of(view: Callable[..., Any], method: str) -> Access | None:
    """What a route's view, or the API operation behind it, declares for this method; None for nothing."""
    operations = operations_of(view)
    if operations is None:
        found = getattr(view, _ACCESS, None)
        assert found is None or isinstance(found, Access)
        return found
    for methods, act in operations:
        if method in methods:
            return declaration_of(act, method)
    return Access(public=True)  # nothing runs: "method not allowed" is the same answer for everybody


def operations_of(view: Callable[..., Any]) -> list[tuple[tuple[str, ...], Callable[..., Any]]] | None:
    """The API operations behind one address, each with its methods; None where the view is a page.

    django-ninja serves all methods of an address by one closure over its list of operations, and the
    root of an API by a view that finds nothing.
    """
    if isinstance(view, partial) and view.func is default_home:
        return []
    for cell in getattr(view, "__closure__", None) or ():
        if isinstance(cell.cell_contents, PathView):
            return [
                (tuple(operation.methods), operation.view_func) for operation in cell.cell_contents.operations
            ]
    return None
