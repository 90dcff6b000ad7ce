"""Commands about the configuration: every setting, its value, where that comes from and what it means."""

from __future__ import annotations

import os
from typing import Annotated, Any

import typer
from pydantic import SecretStr, ValidationError

from plaudit.foundation.config import Config
from plaudit.foundation.refusals import NotFound, Problem
from plaudit.surfaces.cli.output import show, show_rows

config = typer.Typer(no_args_is_help=True, help="Every setting, and where it comes from.")

_PREFIX = "PLAUDIT_"


def _loaded() -> Config:
    """The configuration. Raises `Problem` with everything that is wrong with it at once."""
    try:
        return Config()  # type: ignore[call-arg]  # every field has a default; pydantic fills them
    except ValidationError as faulty:
        raise Problem(
            "The configuration is not right.",
            errors=[
                {
                    "pointer": _PREFIX + "_".join(str(part) for part in one["loc"]).upper(),
                    "code": one["type"],
                    "detail": one["msg"],
                }
                for one in faulty.errors(include_input=False)
            ],
        ) from None


def _settings() -> list[dict[str, Any]]:
    loaded = _loaded()
    return [
        {
            "setting": name,
            "value": _plain(getattr(loaded, name)),
            "from": f"environment ({_PREFIX}{name.upper()})"
            if name in loaded.model_fields_set
            else "default",
            "meaning": field.description,
        }
        for name, field in Config.model_fields.items()
    ]


def _plain(value: object) -> str:
    if isinstance(value, SecretStr):
        return "(kept secret)"
    return "" if value is None else str(value)


@config.command("show")
def show_config() -> None:
    """List every setting with its value and where it comes from; secrets are not shown."""
    show_rows(_settings(), ["setting", "value", "from"], empty="")


@config.command("explain")
def explain(name: Annotated[str, typer.Argument(help="A setting, such as port or PLAUDIT_PORT.")]) -> None:
    """Say what a setting means, what it is and where that comes from.

    Example:  plaudit config explain port
    """
    wanted = name.lower().removeprefix(_PREFIX.lower())
    found = next((one for one in _settings() if one["setting"] == wanted), None)
    if found is None:
        raise NotFound(kind="setting", ref=name)
    show({**found, "set_it": f"{_PREFIX}{wanted.upper()}=…", "takes_effect": "at the next start"})


@config.command("check")
def check() -> None:
    """Say everything that is wrong with the configuration, at once. Exit code 4 where something is."""
    _loaded()
    known = {f"{_PREFIX}{name.upper()}" for name in Config.model_fields} | {f"{_PREFIX}ORG"}
    unknown = sorted(one for one in os.environ if one.startswith(_PREFIX) and one not in known)
    if unknown:
        raise Problem(
            "The configuration has settings that Plaudit does not know.",
            errors=[
                {"pointer": one, "code": "unknown", "detail": "There is no such setting."} for one in unknown
            ],
        )
    show({"right": True}, sentence="The configuration is right.")
