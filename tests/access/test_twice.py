"""Every page of a company that has two of everything, both of one name: nothing on a page is there twice by mistake.

What people call things is theirs to choose, and what other tests leave behind comes in any number.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from plaudit.foundation.access.routes import Route
from plaudit.surfaces.design.tests.markup import Page
from tests.access.companies import without_limits
from tests.access.test_pages import ENDS_THE_WALK, THINGS, address, admitted, argument, pages
from tests.access.twice import Twice, make_twice

# Each page is read by the first of these whom it admits, and is about what is theirs, or about what is Oda's.
READERS = {
    "nobody": "Oda",
    "member": "Mia",
    "supervisor": "Sue",
    "manager": "Oda",
    "developer": "Oda",
    "operator": "Oda",
}


def addresses(company: Twice) -> Iterator[tuple[str, str]]:
    """Who reads each page, and where it is."""
    for route in pages():
        reader = next(one for one in READERS if admitted(route, one))
        if route.name not in ENDS_THE_WALK:
            yield reader, _address(route, company, READERS[reader])


def _address(route: Route, company: Twice, owner: str) -> str:
    about = argument(route)
    path = address(route, about[1](company, company.owners[owner]) if about is not None else "")
    for known in (company.organisation.slug, company.programme):
        path = path.replace("/nothing", f"/{known}", 1)
    return path


@pytest.mark.at_length
def test_no_page_has_two_ids_labels_or_landmarks_of_one_name():
    company, read, wrong = make_twice(), 0, {}
    with without_limits():
        for some_members, make, _ in set(THINGS.values()):
            if some_members:
                for name in set(READERS.values()):
                    make(company, company.owners[name])
        readers = {role: company.client(role) for role in READERS}
        for reader, path in list(addresses(company)):
            answer = readers[reader].get(path)
            if answer.status_code == 200 and not answer.streaming and b"<html" in answer.content:
                page = Page(answer.content.decode())
                read += 1
                if found := [*page.doubles(), *page.lost(), *page.open]:
                    wrong[path] = found

    assert wrong == {}
    assert read > 140
