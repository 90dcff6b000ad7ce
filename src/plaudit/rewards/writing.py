"""The statements of redeeming: each reads, locks or writes a whole batch."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from plaudit.foundation import arrays
from plaudit.foundation.exact import decode
from plaudit.foundation.prepared import prepared, rows_are
from plaudit.rewards.models import Arrangement, Order, Redemption

Pool = tuple[int, int]
"""The codes of one worth that a reward gives out: (reward id, worth)."""


@dataclass(frozen=True, slots=True)
class OnOffer:
    """A reward as redeeming needs it. `price` is in the unit's smallest part."""

    id: int
    key: str
    name: str
    kind: str
    unit_id: int
    price: int
    per_member: int | None
    every: str
    starts_at: datetime | None
    ends_at: datetime | None
    offered: bool
    fulfilment: str
    plain: bool
    audience: Sequence[str]


_MEANT = """
    select m.kind, r.id, r.key, r.name, r.kind, r.unit_id, r.price, r.per_member, r.every,
           r.starts_at, r.ends_at, r.offered, r.fulfilment, r.plain, r.audience
      from unnest(%s::uuid[], %s::int[]) with ordinality as wanted (member_id, reward_id, place)
      left join people_member m on m.organisation_id = (select %s::int) and m.id = wanted.member_id
      left join rewards_reward r on r.organisation_id = (select %s::int) and r.id = wanted.reward_id
     order by wanted.place
"""


def meant(
    organisation_id: int, wanted: Iterable[tuple[UUID, int]]
) -> list[tuple[str | None, OnOffer | None]]:
    """For each (member id, reward id) the member's kind and the reward; None for whichever is not there."""
    pairs = list(wanted)
    with prepared() as cursor:
        members = arrays.uuids([member_id for member_id, _ in pairs])
        rewards = arrays.numbers([reward_id for _, reward_id in pairs])
        cursor.execute(_MEANT, [members, rewards, organisation_id, organisation_id])
        return [
            (row[0], None if row[1] is None else OnOffer(*(*row[1:14], decode(row[14]))))
            for row in cursor.fetchall()
        ]


# The organisation comes as a subquery: for one that is younger than the table's statistics the planner would
# otherwise expect no rows at all, and any index that begins with the organisation would do.
_KEYS = "select id from rewards_redemption where organisation_id = (select %s::int) and key = any(%s::text[])"


def earlier_redemptions(organisation_id: int, keys: Sequence[str]) -> dict[str, Redemption]:
    """What these keys redeemed before, each with its reward."""
    with prepared() as cursor:
        cursor.execute(_KEYS, [organisation_id, arrays.texts(keys)])
        found = [row[0] for row in cursor.fetchall()]
    if not found:
        return {}
    mine = Redemption.objects.filter(organisation_id=organisation_id, id__in=found).select_related("reward")
    return {one.key: one for one in mine}


_HAD = """
    select r.member_id, r.reward_id, count(*)
      from unnest(%s::uuid[], %s::int[], %s::timestamptz[]) as wanted (member_id, reward_id, since)
      join rewards_redemption r on r.organisation_id = (select %s::int) and r.member_id = wanted.member_id
                               and r.reward_id = wanted.reward_id and r.state <> 'cancelled'
                               and (wanted.since is null or r.ordered_at >= wanted.since)
     group by r.member_id, r.reward_id
"""


def had_already(
    organisation_id: int, since: Mapping[tuple[UUID, int], datetime | None]
) -> Counter[tuple[UUID, int]]:
    """How often these members had these rewards since these moments (None: ever); cancelled ones do not count."""
    with prepared() as cursor:
        cursor.execute(
            _HAD,
            [
                arrays.uuids([member_id for member_id, _ in since]),
                arrays.numbers([reward_id for _, reward_id in since]),
                arrays.times(since.values()),
                organisation_id,
            ],
        )
        return Counter({(row[0], row[1]): row[2] for row in cursor.fetchall()})


_LOCK_STOCK = """
    select id, stock - taken from rewards_reward
     where organisation_id = (select %s::int) and id = any(%s::int[]) order by id for update
"""


def lock_stock(organisation_id: int, reward_ids: Collection[int]) -> dict[int, int | None]:
    """Lock these rewards in one order for everybody; how many are left of each, None for no end."""
    if not reward_ids:
        return {}
    with prepared() as cursor:
        cursor.execute(_LOCK_STOCK, [organisation_id, arrays.numbers(reward_ids)])
        return dict(cursor.fetchall())


_CODES = """
    select wanted.reward_id, wanted.worth, c.id
      from unnest(%s::int[], %s::bigint[], %s::int[]) as wanted (reward_id, worth, codes)
     cross join lateral (
           select id from rewards_code
            where organisation_id = (select %s::int) and reward_id = wanted.reward_id
              and worth = wanted.worth and redemption_id is null
            order by id limit wanted.codes) c
     order by wanted.reward_id, wanted.worth, c.id desc
"""


def codes_left(organisation_id: int, wanted: Mapping[Pool, int]) -> dict[Pool, list[int]]:
    """Ids of codes not given out yet, at most so many of each pool, the next one last.

    Whoever gives a code holds the lock on its reward's stock, so that no two find the same.
    """
    found: dict[Pool, list[int]] = defaultdict(list)
    if wanted:
        with prepared() as cursor:
            rewards = arrays.numbers([reward_id for reward_id, _ in wanted])
            worths = arrays.numbers([worth for _, worth in wanted])
            cursor.execute(_CODES, [rewards, worths, arrays.numbers(wanted.values()), organisation_id])
            for reward_id, worth, code_id in cursor.fetchall():
                found[reward_id, worth].append(code_id)
    return found


_TAKE = """
    update rewards_reward r set taken = taken + t.taking
      from unnest(%s::int[], %s::int[]) as t (id, taking)
     where r.organisation_id = (select %s::int) and r.id = t.id
"""


def take_from_stock(organisation_id: int, redemptions: Sequence[Redemption]) -> None:
    """Count these redemptions against their rewards' stock, which is locked."""
    taking = Counter(one.reward_id for one in redemptions)
    with prepared() as cursor:
        cursor.execute(_TAKE, [arrays.numbers(taking), arrays.numbers(taking.values()), organisation_id])
        rows_are(cursor, len(taking), "every reward taken from is locked and there")


_ADD = """
    insert into rewards_redemption (id, organisation_id, member_id, reward_id, points, state, hold, captured,
                                    released, key, actor, ordered_at, fulfilled_at, reason)
    select id, %s, member_id, reward_id, points, state, hold, captured, '', key, actor, ordered_at, fulfilled_at, ''
      from unnest(%s::uuid[], %s::uuid[], %s::int[], %s::bigint[], %s::text[], %s::text[], %s::text[], %s::text[],
                  %s::text[], %s::timestamptz[], %s::timestamptz[])
        as r (id, member_id, reward_id, points, state, hold, captured, key, actor, ordered_at, fulfilled_at)
"""


def add_redemptions(organisation_id: int, redemptions: Sequence[Redemption]) -> None:
    """Write these redemptions, which are new."""
    with prepared() as cursor:
        cursor.execute(
            _ADD,
            [
                organisation_id,
                arrays.uuids([one.id for one in redemptions]),
                arrays.uuids([one.member_id for one in redemptions]),
                arrays.numbers([one.reward_id for one in redemptions]),
                arrays.numbers([one.points for one in redemptions]),
                arrays.texts([one.state for one in redemptions]),
                arrays.texts([one.hold for one in redemptions]),
                arrays.texts([one.captured for one in redemptions]),
                arrays.texts([one.key for one in redemptions]),
                arrays.texts([one.actor for one in redemptions]),
                arrays.times([one.ordered_at for one in redemptions]),
                arrays.times([one.fulfilled_at for one in redemptions]),
            ],
        )


_GIVE = """
    update rewards_code c set redemption_id = given.redemption_id
      from unnest(%s::int[], %s::uuid[]) as given (code_id, redemption_id)
     where c.organisation_id = (select %s::int) and c.id = given.code_id and c.redemption_id is null
"""


def give_codes(organisation_id: int, given: Sequence[tuple[int, UUID]]) -> None:
    """Give these codes, by id, to these redemptions."""
    if not given:
        return
    with prepared() as cursor:
        cursor.execute(
            _GIVE,
            [
                arrays.numbers([code_id for code_id, _ in given]),
                arrays.uuids([redemption_id for _, redemption_id in given]),
                organisation_id,
            ],
        )
        rows_are(cursor, len(given), "a code is given once")


def add_arrangements(arrangements: Sequence[Arrangement], orders: Sequence[Order]) -> None:
    """Write these arrangements, whose redemptions are written, and what of them is ordered."""
    if arrangements:
        Arrangement.objects.bulk_create(arrangements)
    if orders:
        Order.objects.bulk_create(orders)
