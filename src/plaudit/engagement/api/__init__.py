"""What keeps people going, over HTTP: progress, badges, places, referrals."""

from ninja import Router

from plaudit.engagement.api.progress import router as progress
from plaudit.engagement.api.referrals import router as referrals

router = Router()
for part in (progress, referrals):
    router.add_router("", part)
