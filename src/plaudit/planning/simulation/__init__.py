"""What if: a draft's rules replayed over history in DuckDB, equal to live to the last unit."""
