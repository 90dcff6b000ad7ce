"""The database server: our own PostgreSQL, started on demand, or the one the operator names."""

from __future__ import annotations

from plaudit.foundation.postgres.addresses import Dsns, dsns, ready
from plaudit.foundation.postgres.cluster import Cluster, Status, remove, start, status, stop

__all__ = ["Cluster", "Dsns", "Status", "dsns", "ready", "remove", "start", "status", "stop"]
