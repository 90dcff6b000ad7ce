"""Where mail goes: one address that says server, port, login and how it is encrypted."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

_PORTS = {"smtp": 587, "smtps": 465}

# A server that does not answer must not hold up the worker for long; the job is tried again.
_SECONDS = 20


def mail_settings(url: str | None) -> dict[str, Any]:
    """Django's settings for this address; without one, mail is printed by the process that would send it.

    `smtps://user:password@host` is encrypted from the first byte (port 465), `smtp://…` by STARTTLS (port
    587), without which nothing is sent; `?starttls=no` sends in clear, as to a relay on this machine. User and
    password are percent-encoded. Raises `ValueError`, which never repeats the address.
    """
    if url is None:
        return {"EMAIL_BACKEND": "django.core.mail.backends.console.EmailBackend"}
    parts = urlsplit(url)
    options = dict(parse_qsl(parts.query, keep_blank_values=True))
    if parts.scheme not in _PORTS or not parts.hostname or parts.path not in ("", "/"):
        raise ValueError("expected smtp://user:password@host:port or smtps://…")
    if options.keys() - {"starttls"} or options.get("starttls", "yes") not in ("yes", "no"):
        raise ValueError("the only option is starttls=yes or starttls=no")
    return {
        "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
        "EMAIL_HOST": parts.hostname,
        "EMAIL_PORT": parts.port or _PORTS[parts.scheme],
        "EMAIL_HOST_USER": unquote(parts.username or ""),
        "EMAIL_HOST_PASSWORD": unquote(parts.password or ""),
        "EMAIL_USE_SSL": parts.scheme == "smtps",
        "EMAIL_USE_TLS": parts.scheme == "smtp" and options.get("starttls") != "no",
        "EMAIL_TIMEOUT": _SECONDS,
    }


def sender(configured: str, base_url: str) -> str:
    """Whom mail comes from: as configured, or plaudit@ the host that people reach."""
    return configured or f"plaudit@{urlsplit(base_url).hostname or 'localhost'}"
