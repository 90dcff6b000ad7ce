"""Configuration: every setting, its default and its meaning. The environment (PLAUDIT_*) overrides."""

from __future__ import annotations

import os
import secrets
from functools import lru_cache
from pathlib import Path

from pydantic import Field, SecretStr, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from plaudit.foundation.mail import mail_settings

# Of 32 random characters, hexadecimal ones too, so many differ; of a word said over and over, fewer.
_LETTERS_MIN = 10


class Config(BaseSettings):
    """What an operator may set. Without any of it Plaudit runs on its own database in its home folder."""

    model_config = SettingsConfigDict(
        env_prefix="PLAUDIT_", env_file=None, extra="ignore", hide_input_in_errors=True
    )

    home: Path | None = Field(None, description="Where Plaudit keeps its data; default: var/ of a checkout.")
    database_url: SecretStr | None = Field(
        None, description="A PostgreSQL (15 or later) to use instead of our own."
    )
    database_name: str = Field("plaudit", description="The database's name on the server.")
    secret_key: SecretStr | None = Field(
        None, description="Signs cookies; default: made once, kept in the home folder."
    )
    host: str = Field("127.0.0.1", description="The address to listen on.")
    port: int = Field(8000, description="The port to listen on; the next free one is taken if it is busy.")
    base_url: str = Field("", description="The address people reach Plaudit at, for links in messages.")
    allowed_hosts: str = Field("localhost,127.0.0.1,[::1]", description="Host names answered to, by comma.")
    trusted_proxies: int = Field(
        0, description="How many proxies of ours stand before Plaudit; 0 believes no header."
    )
    requests_a_minute: int = Field(
        60_000, gt=0, description="How much one API key may ask of one web process in a minute."
    )
    mail_url: SecretStr | None = Field(
        None,
        description="The server that takes mail: smtp://user:password@host:587 (STARTTLS), smtps://… (TLS), "
        "smtp://localhost:25?starttls=no (in clear). Default: none is sent, the worker prints it.",
    )
    mail_from: str = Field(
        "", description="Whom mail comes from; default: plaudit@ the host in PLAUDIT_BASE_URL."
    )
    webhook_networks: str = Field(
        "", description="Networks webhooks and orders may reach besides the internet, by comma (10.1.0.0/16)."
    )
    debug: bool = Field(default=False, description="Show developers' error pages; never in production.")
    workers: int = Field(1, description="Web processes.")
    threads: int = Field(64, description="Requests served at once by a web process.")
    streams: int = Field(200, description="Open pages that a web process tells of news; more of them ask.")

    @field_validator("mail_url")
    @classmethod
    def _understood(cls, value: SecretStr | None) -> SecretStr | None:
        mail_settings(value.get_secret_value() if value is not None else None)
        return value


def home(config: Config | None = None) -> Path:
    """The folder that holds Plaudit's data, made if it is missing, closed to other people."""
    configured = (config or load()).home
    checkout = Path(__file__).resolve().parents[3]
    if configured is not None:
        folder = configured
    elif (checkout / "pyproject.toml").exists():
        folder = checkout / "var"
    else:
        folder = Path(os.environ.get("XDG_DATA_HOME", Path.home() / ".local/share")) / "plaudit"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


@lru_cache(maxsize=1)
def load() -> Config:
    """The configuration of this process."""
    return Config()  # type: ignore[call-arg]  # every field has a default; pydantic fills them


def secret_key(config: Config) -> str:
    """The key that signs cookies: configured, or made once and kept where only its owner reads it."""
    if config.secret_key is not None:
        value = config.secret_key.get_secret_value()
        if len(value) < 32 or len(set(value)) < _LETTERS_MIN:
            raise SystemExit("PLAUDIT_SECRET_KEY must have at least 32 characters, and be random.")
        return value
    path = home(config) / "secret-key"
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text()
    with os.fdopen(descriptor, "w") as file:
        file.write(made := secrets.token_urlsafe(48))
    return made
