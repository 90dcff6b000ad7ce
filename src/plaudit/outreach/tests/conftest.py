"""Lets this package's tests send to this machine."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from plaudit.foundation import config


@pytest.fixture
def _sending_here(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Webhooks may be sent to this machine, as an operator would let them be."""
    monkeypatch.setenv("PLAUDIT_WEBHOOK_NETWORKS", "127.0.0.0/8")
    config.load.cache_clear()
    yield
    monkeypatch.undo()
    config.load.cache_clear()
