"""What several operations name things by."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

KeyRef = Annotated[str, Field(max_length=100, description="A key of the programme file.")]
