"""Checks of seals: the chain is whole, every digest can be made again, and what is kept outside agrees."""

from __future__ import annotations

from plaudit.ledger.models import Seal
from plaudit.ledger.months import months_of
from plaudit.ledger.sealing import FIRST, Period, digest_of, missing_anchors, sums_of
from plaudit.ledger.verification.checks import Check, Reach, Row, Scope

_H01 = f"""
    select number, sealed_from, sealed_until from (
        select s.number, s.sealed_from, s.sealed_until, s.previous_digest,
               lag(s.number, 1, 0) over chain as number_before,
               lag(s.sealed_until) over chain as until_before,
               lag(s.digest, 1, '\\x{FIRST.hex()}'::bytea) over chain as digest_before
          from ledger_seal s where s.organisation_id = %(organisation)s
        window chain as (order by s.number)) s
     where number <> number_before + 1 or sealed_from is distinct from until_before
        or sealed_until <= coalesce(sealed_from, '-infinity') or previous_digest <> digest_before
"""


def _made_again(scope: Scope) -> list[Row]:
    """Seals whose count, sums or digest are not those of the rows as they stand."""
    seals = Seal.objects.filter(organisation_id=scope.organisation_id)
    if scope.since is not None:
        seals = seals.filter(sealed_until__gte=scope.since)
    broken: list[Row] = []
    for seal in seals.order_by("number"):
        period = Period(seal.sealed_from, seal.sealed_until)
        transfers, sums = sums_of(scope.organisation_id, period)
        digest = digest_of(scope.organisation_id, period, bytes(seal.previous_digest))
        months = months_of(scope.organisation_id, period, time_zone=seal.time_zone)
        if months != seal.months:
            broken.append(
                {"seal": seal.number, "until": seal.sealed_until, "months": months, "sealed": seal.months}
            )
        if (transfers, sums, digest) != (seal.transfers, seal.sums, bytes(seal.digest)):
            found: dict[str, object] = {"seal": seal.number, "until": seal.sealed_until}
            found |= {"sealed": seal.transfers, "there_are": transfers}
            differs = {
                f"{unit} {kind}": f"{seal.sums.get(unit, {}).get(kind)} sealed, {sums.get(unit, {}).get(kind)} there"
                for unit in sorted(seal.sums.keys() | sums)
                for kind in sorted(seal.sums.get(unit, {}).keys() | sums.get(unit, {}).keys())
                if seal.sums.get(unit, {}).get(kind) != sums.get(unit, {}).get(kind)
            }
            broken.append({**found, **differs})
    return broken


def _kept_outside(scope: Scope) -> list[Row]:
    """Anchors kept outside that no seal bears out any more."""
    return [{"anchor": anchor} for anchor in missing_anchors(scope.organisation_id, list(scope.anchors))]


CHECKS = (
    Check(
        "H01",
        "Seals follow each other without a gap, each chained to the one before.",
        _H01,
        Reach.ORGANISATION,
    ),
    Check(
        "H02",
        "The digest and the sums of every seal can be made again from its rows.",
        reach=Reach.ORGANISATION,
        probe=_made_again,
    ),
    Check(
        "H04",
        "Every anchor kept outside the database is still borne out.",
        reach=Reach.ORGANISATION,
        probe=_kept_outside,
    ),
)
