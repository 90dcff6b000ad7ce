"""Puts in force how a programme sells memberships, as its file says."""

from __future__ import annotations

from django.db import connection

from plaudit.foundation import clock
from plaudit.foundation.tenancy import in_organisation
from plaudit.membership.definitions import Scheme, read_scheme, store_scheme
from plaudit.membership.models import Scheme as SchemeRow
from plaudit.membership.selling import newest_scheme


def publish_scheme(organisation_id: int, programme: str, scheme: Scheme | None) -> None:
    """Sell memberships by this scheme from now on, or no more; those that were sold go on by the newest.

    What is in force already is not published again.
    """
    with in_organisation(organisation_id):
        with connection.cursor() as cursor:
            cursor.execute("select pg_advisory_xact_lock(%s, hashtext('schemes'))", [organisation_id])
        newest = newest_scheme(organisation_id, programme)
        if scheme is None:
            if newest is not None:
                SchemeRow.objects.filter(id=newest.id).update(sold=False)
            return
        if newest is not None and read_scheme(newest.definition) == scheme:
            SchemeRow.objects.filter(id=newest.id).update(sold=True)
            return
        SchemeRow.objects.create(
            organisation_id=organisation_id,
            programme=programme,
            number=newest.number + 1 if newest is not None else 1,
            definition=store_scheme(scheme),
            published_at=clock.now(),
        )
