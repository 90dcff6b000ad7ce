"""The server's configuration files: private, durable, and sized for a small machine."""

from __future__ import annotations

import os
from pathlib import Path

from plaudit.foundation.postgres.account import Account, name_of
from plaudit.foundation.postgres.places import PORT

OWNER_ROLE = "plaudit_owner"
APP_ROLE = "plaudit_app"
ADMIN_ROLE = "postgres"

_SETTINGS = {
    # Reached through a private folder by peers the kernel vouches for; there is no TCP port.
    "listen_addresses": "''",
    "port": str(PORT),
    "unix_socket_permissions": "0700",
    "max_connections": "200",
    # What is answered is on the disk.
    "fsync": "on",
    "full_page_writes": "on",
    "synchronous_commit": "on",
    # Two cores, with room for imports of millions of rows between checkpoints.
    "work_mem": "16MB",
    "maintenance_work_mem": "256MB",
    "random_page_cost": "1.1",
    "wal_compression": "on",
    "min_wal_size": "256MB",
    "max_wal_size": "4GB",
    "checkpoint_timeout": "15min",
    "checkpoint_completion_target": "0.9",
    # Compiling a plan costs more than the short statements here gain by it.
    "jit": "off",
    "track_io_timing": "off",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "lc_messages": "C",
    "log_line_prefix": "'%m [%p] %u@%d '",
    "log_checkpoints": "off",
}

# Peer authentication alone: the map below says which of the machine's users may be which role.
_ACCESS = """\
# Written by Plaudit at every start.
local all all peer map=plaudit
local replication all peer map=plaudit
"""

_MAIN = """\
# Plaudit's settings stand in plaudit.conf, written at every start. Put your own into local.conf.
include 'plaudit.conf'
include 'local.conf'
"""


def configure(data: Path, socket: Path, account: Account) -> None:
    """Write all configuration files of a stopped cluster."""
    lines = [f"{name} = {value}" for name, value in {**_SETTINGS, **_memory()}.items()]
    lines.append(f"unix_socket_directories = '\"{socket}\"'")
    if not (data / "local.conf").exists():
        account.write(data / "local.conf", "# Your own settings; what stands here wins.\n")
    account.write(data / "plaudit.conf", "\n".join(lines) + "\n")
    account.write(data / "postgresql.conf", _MAIN)
    account.write(data / "pg_hba.conf", _ACCESS)
    account.write(data / "pg_ident.conf", _identities(account))


def _memory() -> dict[str, str]:
    """An eighth of the machine's memory for the busiest pages, from 128 MB to 1 GB; the system keeps the others."""
    machine = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // 2**20
    return {
        "shared_buffers": f"{min(max(machine // 8, 128), 1024)}MB",
        "effective_cache_size": f"{max(machine // 2, 256)}MB",
    }


def _identities(account: Account) -> str:
    """The server's own user administers; whoever runs Plaudit is its owner and its application, no more."""
    pairs = [(account.name, ADMIN_ROLE)]
    runner = account.name if account.how == "namespace" else name_of(os.geteuid())
    for user in dict.fromkeys((runner, "root")):
        pairs += [(user, OWNER_ROLE), (user, APP_ROLE)]
    lines = [f'plaudit "{user}" {role}' for user, role in pairs]
    return "# Written by Plaudit at every start.\n" + "\n".join(lines) + "\n"
