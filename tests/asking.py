"""Requests of tests go through one chain of middleware, as those to one server do."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.test.client import ClientHandler

_PARTS = ("_view_middleware", "_template_response_middleware", "_exception_middleware", "_middleware_chain")


def share_middleware() -> None:
    """Make the chain now; every client of a test has it from now on. Making it reads every file that is served.

    A client that first asks while a test overrides settings gets a chain of its own, made from those.
    """
    here: Any = settings
    load, own_settings = ClientHandler.load_middleware, here._wrapped
    shared = ClientHandler()
    load(shared)

    def load_or_share(self: ClientHandler, *arguments: Any) -> None:
        if here._wrapped is not own_settings:  # what overrides settings stands in their place
            load(self, *arguments)
            return
        for part in _PARTS:
            setattr(self, part, getattr(shared, part))

    ClientHandler.load_middleware = load_or_share  # type: ignore[assignment, method-assign]  # each asks for it once
