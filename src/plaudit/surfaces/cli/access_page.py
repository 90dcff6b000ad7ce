"""Writes the table of who may do what, from the declarations that the middleware itself obeys."""

from __future__ import annotations

from collections.abc import Iterator

from plaudit.foundation.access.declarations import Access
from plaudit.foundation.access.roles import RoleName
from plaudit.foundation.access.routes import ANY, Route, routes
from plaudit.foundation.access.scopes import ADMIN, SCOPES
from plaudit.surfaces.cli.reach import command_reaches, job_reaches

_HEAD = """\
# Who may do what

*Made by `plaudit docs write` from the declarations on the views; `make check` fails where it says anything else, so
a change of who may do what is a change of this page, and is reviewed as one.*

A request is held against its route's declaration by one middleware, before the view runs. Whoever is not known is
asked to sign in (a page) or answered 401 (the API); whoever has not the role or the scope is answered 403. A thing
that is out of reach is answered 404, in the same words as one that never was: another organisation's always, another
member's wherever the table says "oneself" or "within reach". Tests walk every row of this page as every role, with
things of their own, of their team, of their organisation, of another, and with none.
"""

_ROLES = """\
## Pages

A role is held by a person in one organisation. `GET` and `POST` of one address are for the same people.

| Role | Is there to |
|---|---|
| member | see their own points, and spend them |
| supervisor | see the members of the teams they lead |
| manager | run the programme |
| desk | help members: adjust, fulfil, cancel |
| finance | read the books, seal them, and see what a draft would cost |
| auditor | read everything and change nothing; every look is on record |
| developer | connect programs, import files, test rules |
| operator | run the installation |
"""

_MARK = "●"


def access_page() -> str:
    """The whole page. Raises `Undeclared` for a command or job without a word, and trips over a route's."""
    parts = [_HEAD, _ROLES, _pages(), _operations(), _commands(), _jobs()]
    return "\n".join(parts).rstrip() + "\n"


def _pages() -> str:
    names = [role.value for role in RoleName]
    lines = [
        f"| Page | nobody | {' | '.join(names)} | Which things |",
        "|---|" + ":-:|" * (len(names) + 1) + "---|",
    ]
    lines += [_page(route, names) for route in routes() if route.method == ANY]
    return "\n".join(lines) + "\n"


def _page(route: Route, names: list[str]) -> str:
    access = _declared(route)
    cells = [_MARK if access.public else "", *(_MARK if _may(access, name) else "" for name in names)]
    return f"| `{_shown(route.path)}` | {' | '.join(cells)} | {which_things(access, route.path)} |"


def _may(access: Access, role: str) -> bool:
    return access.public or RoleName(role) in access.roles


def _shown(path: str) -> str:
    return path.replace("<str:", "<").replace("<int:", "<").replace("<slug:", "<")


def which_things(access: Access, path: str) -> str:
    """Whose things a route reaches, in words; nothing where it is about no particular thing."""
    if access.objects is not None:
        return access.objects.says
    return "the organisation's" if "<" in path and not access.public else ""


def _operations() -> str:
    lines = [
        "## API",
        "",
        f"A program shows a key, and a key has scopes; `{ADMIN}` stands for all of them. A key reaches every thing of its",
        "own organisation that its scopes are for, and none of another.",
        "",
        "| Scope | Is for |",
        "|---|---|",
        *(f"| `{name}` | {meaning} |" for name, meaning in SCOPES.items()),
        "",
        "| Operation | Needs |",
        "|---|---|",
    ]
    # Each address stands in the routes once for every operation behind it.
    found = {(route.method, route.path): _declared(route) for route in routes() if route.method != ANY}
    lines += [f"| `{method} {path}` | {_scopes(access)} |" for (method, path), access in found.items()]
    return "\n".join(lines) + "\n"


def _scopes(access: Access) -> str:
    if access.public:
        return "nothing"
    if access.scopes >= SCOPES.keys():
        return "any key"
    return " or ".join(f"`{scope}`" for scope in sorted(access.scopes))


def _commands() -> str:
    return "\n".join(_command_lines()) + "\n"


def _command_lines() -> Iterator[str]:
    yield "## Commands"
    yield ""
    yield "A command is for whoever may run programs on the server as the user Plaudit runs under, and asks for no role:"
    yield "that user can read the database by other means. It is bound to one organisation all the same, under the same row"
    yield "security, unless this table says more."
    yield ""
    yield "| Command | Reaches | |"
    yield "|---|---|---|"
    for name, reach in command_reaches().items():
        yield f"| `{name}` | {reach.span} | {'reads' if reach.reads else 'changes'} |"


def _jobs() -> str:
    lines = ["## Jobs", "", "A job is queued by an act that was admitted, or by time, and works for:", ""]
    lines += ["| Job | Reaches |", "|---|---|"]
    lines += [f"| `{name}` | {words} |" for name, words in job_reaches().items()]
    return "\n".join(lines) + "\n"


def _declared(route: Route) -> Access:
    assert route.access is not None, f"{route.path} does not say who may use it"
    return route.access
