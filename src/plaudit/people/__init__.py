"""Who: organisations, members and the names others know them by, teams, roles and keys."""
