"""Runs one import that was written down: a process of its own, so that it can be killed."""

from __future__ import annotations

import sys

import django

if __name__ == "__main__":
    django.setup()
    from plaudit.earning.actions.import_file import run_import

    run_import(int(sys.argv[1]), int(sys.argv[2]))
