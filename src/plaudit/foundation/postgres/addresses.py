"""How this process reaches its database: our own server, started on demand, or the one it was told of."""

from __future__ import annotations

from dataclasses import dataclass

from plaudit.foundation import config as configuration
from plaudit.foundation.postgres import databases, outside
from plaudit.foundation.postgres.cluster import DATABASE, Cluster, start


@dataclass(frozen=True)
class Dsns:
    """libpq connection strings to one database: as the application, and as the owner of its tables."""

    app: str
    owner: str


def dsns(database: str = DATABASE) -> Dsns:
    """Where the database is. Starts our own server when it is not running; cheap when it is.

    The name in PLAUDIT_DATABASE_NAME is stronger than the one in PLAUDIT_DATABASE_URL, and that one stronger
    than `database`.
    """
    config = configuration.load()
    named = config.database_name if "database_name" in config.model_fields_set else None
    if config.database_url is not None:
        url = config.database_url.get_secret_value()
        return Dsns(app=outside.app_dsn(url, named), owner=outside.owner_dsn(url, named))
    cluster = start(configuration.home(config))
    name = named or database
    return Dsns(app=cluster.app_dsn(name), owner=cluster.owner_dsn(name))


def ready(database: str = DATABASE) -> Dsns:
    """The same, after making sure that the server will do, the roles are there and the database exists."""
    config = configuration.load()
    named = config.database_name if "database_name" in config.model_fields_set else None
    if config.database_url is not None:
        outside.prepare(config.database_url.get_secret_value(), named)
    else:
        _ensure(start(configuration.home(config)), named or database)
    return dsns(database)


def _ensure(cluster: Cluster, database: str) -> None:
    if database not in databases.names(cluster.owner_dsn("postgres")):
        cluster.create_database(database)
