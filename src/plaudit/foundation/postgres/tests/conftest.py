"""State folders of our own for tests of a cluster's life; every other test shares one cluster."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from plaudit.foundation import postgres


@contextmanager
def _folder() -> Iterator[Path]:
    """A state folder that a service user may enter; its cluster is removed in the end."""
    folder = Path(tempfile.mkdtemp(prefix="plaudit-state-"))
    folder.chmod(0o711)
    yield folder
    postgres.remove(folder)
    shutil.rmtree(folder)


@pytest.fixture
def state() -> Iterator[Path]:
    """A state folder for this test alone, with nothing in it."""
    with _folder() as folder:
        yield folder


@pytest.fixture(scope="module")
def shared() -> Iterator[Path]:
    """A state folder for tests that leave the cluster whole; it may have a cluster in it."""
    with _folder() as folder:
        yield folder
