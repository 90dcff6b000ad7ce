"""What pages call those from whom recognitions come."""

from __future__ import annotations

from django.utils.translation import gettext_lazy

from plaudit.recognition.definitions import Source

SOURCES = {
    Source.SUPERVISOR: gettext_lazy("Supervisor"),
    Source.PEER: gettext_lazy("Colleague"),
    Source.CUSTOMER: gettext_lazy("Customer"),
    Source.SYSTEM: gettext_lazy("Programme"),
}
