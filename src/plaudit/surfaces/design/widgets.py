"""A date as three fields, day, month and year, so that a known date is typed and not hunted for."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext_lazy as _


class DateParts(forms.MultiWidget):
    """Three short text inputs; reads back as ISO text for a ``forms.DateField``."""

    template_name = "design/widgets/date_parts.html"

    def __init__(self) -> None:
        digits = {"inputmode": "numeric", "autocomplete": "off"}
        super().__init__([forms.TextInput(attrs=digits) for _part in range(3)])

    def decompress(self, value: date | str | None) -> list[str]:
        """Day, month and year of a date or of what was typed, so that a wrong date is shown again."""
        if not value:
            return ["", "", ""]
        year, month, day = str(value).split("-")
        return [day, month, year]

    def get_context(self, name: str, value: object, attrs: dict[str, object] | None) -> dict[str, object]:
        """Adds each part's own label."""
        context = super().get_context(name, value, attrs)
        for part, label in zip(
            context["widget"]["subwidgets"], (_("Day"), _("Month"), _("Year")), strict=True
        ):
            part["label"] = label
        return context

    # A widget of several inputs gives a list; like Django's own SelectDateWidget this gives the date's text.
    def value_from_datadict(  # type: ignore[override]
        self, data: Mapping[str, Any], files: MultiValueDict[str, UploadedFile[Any]], name: str
    ) -> str | None:
        """ISO text from the three parts; the field itself says whether it is a real date."""
        typed = super().value_from_datadict(data, files, name)
        day, month, year = [str(part or "").strip().replace("-", "") for part in typed]
        return f"{year}-{month}-{day}" if day or month or year else None
