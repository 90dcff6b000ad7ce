"""``{% load plaudit %}``: every tag and filter of the design system."""

from __future__ import annotations

from django.template import Library

from plaudit.surfaces.design.parts import (
    actions,
    drawings,
    feedback,
    figures,
    forms,
    programme,
    tables,
    words,
)

register = Library()

for part in (words, actions, forms, tables, figures, drawings, feedback, programme):
    register.tags.update(part.register.tags)
    register.filters.update(part.register.filters)
