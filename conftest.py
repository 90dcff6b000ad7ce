"""What every test run stands on: a migrated database per worker, no network, warnings as errors, a browser."""

from __future__ import annotations

import gc
import os
from contextlib import ExitStack

import django
import pytest
from hypothesis import HealthCheck, settings

from tests import asking, assets, browser, database, network
from tests.faults import telling

_RUN = "PLAUDIT_TEST_RUN"
_TEMPLATE = "PLAUDIT_TEST_TEMPLATE"

_at_the_end = ExitStack()

# The same examples every time; a search for new ones is asked for with HYPOTHESIS_PROFILE=search.
settings.register_profile("steady", derandomize=True, deadline=None, database=None)
settings.register_profile(
    "search", deadline=None, max_examples=2000, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "steady"))


def pytest_configure(config: pytest.Config) -> None:
    """Give this process its database before anything imports Django's settings."""
    config.pluginmanager.register(browser, "plaudit-browser")
    config.pluginmanager.register(telling, "plaudit-faults")
    database.hush_environment()
    worker = os.environ.get("PYTEST_XDIST_WORKER")
    if _without_database(config):
        # Nothing answers there: a test that asks for rows fails at once and starts no server.
        os.environ["PLAUDIT_DATABASE_URL"] = "host=/nowhere dbname=none"
    elif worker is None:
        using = _at_the_end.enter_context(database.server_in_use())
        os.environ[_RUN] = str(os.getpid())
        os.environ[_TEMPLATE] = database.build_template(using)
        database.sweep(using)
        assets.collect()
        _at_the_end.callback(database.sweep, using, run=os.getpid())
        if config.getoption("numprocesses", None):
            return  # the workers do the work
        _move_in(using, "alone")
    else:
        _move_in(database.server(), worker)
    django.setup()
    network.refuse_other_machines()


def pytest_runtest_setup() -> None:
    """Let every test begin with every bucket full: requests are counted by the process, and tests share it."""
    # It reads Django's settings, and they exist only from here on.
    from plaudit.foundation.access.limits import buckets  # noqa: PLC0415

    buckets.forget()


def pytest_collection_finish(session: pytest.Session) -> None:
    """What stands now stands until the end: it is not looked through for garbage again and again."""
    if session.items and not _without_database(session.config):
        asking.share_middleware()
    gc.collect()
    gc.freeze()


def pytest_unconfigure() -> None:
    """Leave nothing behind: connections, this run's databases, the server if nobody else uses it."""
    gc.unfreeze()
    _at_the_end.close()


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Mark what needs a browser, and leave out what this run does not want."""
    for item in items:
        if "browser" in getattr(item, "fixturenames", ()):
            item.add_marker("browser")
    unwanted = [] if os.environ.get("PLAUDIT_TEST_WALKS") == "all" else ["only_in_every_way"]
    if "at_length" not in config.option.markexpr:
        unwanted.append("at_length")
    if not browser.wanted():
        unwanted.append("browser")
    left_out = {item for item in items if any(item.get_closest_marker(name) for name in unwanted)}
    config.hook.pytest_deselected(items=list(left_out))
    items[:] = [item for item in items if item not in left_out]


def _without_database(config: pytest.Config) -> bool:
    return bool(config.getoption("--without-database"))


def _move_in(using: database.Server, worker: str) -> None:
    """Copy the template for this worker and make it the database of this process."""
    name = database.worker_database(int(os.environ[_RUN]), worker)
    using.copy(os.environ[_TEMPLATE], name)
    os.environ["PLAUDIT_DATABASE_NAME"] = name
    _at_the_end.callback(_disconnect)


def _disconnect() -> None:
    # Django reads its settings when these are imported, and they exist only from here on.
    from django.db import connections  # noqa: PLC0415
    from django.db.backends.postgresql.base import DatabaseWrapper  # noqa: PLC0415

    for connection in connections.all(initialized_only=True):
        connection.close()
        if isinstance(connection, DatabaseWrapper):
            connection.close_pool()


def pytest_addoption(parser: pytest.Parser) -> None:
    """`--without-database`: for rules and house tests, which need none and so finish in a blink."""
    parser.addoption("--without-database", action="store_true", help="start no database server")
