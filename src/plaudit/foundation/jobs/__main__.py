"""`python -m plaudit.foundation.jobs`: a worker as a process of its own."""

from __future__ import annotations

import os
import sys

import django

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "plaudit.settings")
    django.setup()

    # The models behind the tasks can only be imported now.
    from plaudit.foundation.jobs.running import run_worker

    sys.exit(run_worker())
