"""The web application as granian serves it, with the short way for single events before it."""

from __future__ import annotations

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "plaudit.settings")
_framework = get_wsgi_application()

from plaudit.surfaces.api.door import EventsDoor  # noqa: E402  # only once Django is set up
from plaudit.surfaces.live.views import streams  # noqa: E402
from plaudit.surfaces.live.watching import end_with_the_server  # noqa: E402

application = EventsDoor(_framework)
end_with_the_server(streams)
