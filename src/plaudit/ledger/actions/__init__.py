"""What ledger changes, one transaction each."""
