"""Walks every address of the application and says who may use it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver

from plaudit.foundation.access.declarations import Access, declaration_of, operations_of

ANY = "*"


@dataclass(frozen=True, slots=True)
class Route:
    """One address and one method, or ANY for a page that minds its methods itself."""

    path: str
    name: str
    method: str
    view: str
    access: Access | None


class UndeclaredRoutes(AssertionError):
    """Somebody could reach a route without anyone having said who may: always a bug."""


def routes(patterns: Iterable[URLPattern | URLResolver] | None = None) -> list[Route]:
    """Every route of the application, or of these patterns, in the order Django tries them."""
    return list(_walk("/", get_resolver().url_patterns if patterns is None else patterns))


def undeclared(patterns: Iterable[URLPattern | URLResolver] | None = None) -> list[Route]:
    """The routes that do not say who may use them."""
    return [route for route in routes(patterns) if route.access is None]


def require_declarations() -> None:
    """Refuse to start while any route does not say who may use it. Raises `UndeclaredRoutes`."""
    missing = undeclared()
    if missing:
        listed = "\n".join(f"  {route.method} {route.path} → {route.view}" for route in missing)
        raise UndeclaredRoutes(f"These routes need @allows(…) or @public on their views:\n{listed}")


def _walk(prefix: str, patterns: Iterable[URLPattern | URLResolver]) -> Iterator[Route]:
    for pattern in patterns:
        path = prefix + str(pattern.pattern).lstrip("^").removesuffix("$").removesuffix("\\Z")
        if isinstance(pattern, URLResolver):
            yield from _walk(path, pattern.url_patterns)
        else:
            yield from _methods(path, pattern)


def _methods(path: str, pattern: URLPattern) -> Iterator[Route]:
    view = pattern.callback
    assert view is not None
    operations = operations_of(view)
    name = pattern.name or ""
    if operations is None:
        yield Route(path, name, ANY, _dotted(view), declaration_of(view, ANY))
        return
    for methods, act in operations:
        for method in methods:
            yield Route(path, name, method, _dotted(act), declaration_of(act, method))


def _dotted(view: Callable[..., Any]) -> str:
    inner = getattr(view, "func", view)
    return f"{inner.__module__}.{getattr(inner, '__qualname__', type(inner).__name__)}"
