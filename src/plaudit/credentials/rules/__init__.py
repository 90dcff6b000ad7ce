"""How a credential is written, put into one order, signed and read: pure."""
