"""Memberships over HTTP: members who prove to be one or leave, memberships, their fees, partners."""

from ninja import Router

from plaudit.membership.api.fees import router as fees
from plaudit.membership.api.members import router as members
from plaudit.membership.api.memberships import router as memberships
from plaudit.membership.api.partners import router as partners

router = Router()
for part in (members, memberships, fees, partners):
    router.add_router("", part)
