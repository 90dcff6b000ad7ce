"""How long each PostgreSQL is supported. Source: https://www.postgresql.org/support/versioning/ (five years each)."""

from __future__ import annotations

from datetime import date

# Major version: its first release, and the last release it gets.
SUPPORT: dict[int, tuple[date, date]] = {
    15: (date(2022, 10, 13), date(2027, 11, 11)),
    16: (date(2023, 9, 14), date(2028, 11, 9)),
    17: (date(2024, 9, 26), date(2029, 11, 8)),
    18: (date(2025, 9, 25), date(2030, 11, 14)),
}
