"""What clients do: a weighted mix of acts that post points, take them back, spend them and read them."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

Reads = Callable[[Any], dict[str, Any]]

HOLD_SECONDS = 3
"""For how long a hold that is left to the worker lasts."""

_FIRST_DAY = datetime(2026, 3, 2, 12, tzinfo=UTC)
_DAYS = 30
_ONE, _MANY = "application/cloudevents+json", "application/cloudevents-batch+json"


@dataclass(slots=True)
class Act:
    """One act as it is sent, and what is worth keeping of its answer."""

    kind: str
    key: str
    args: dict[str, Any]
    method: str
    path: str
    body: Any
    reads: Reads
    headers: dict[str, str] = field(default_factory=dict)
    keyed: bool = True


def _event(body: Any) -> dict[str, Any]:
    return {
        "id": body["id"],
        "status": body["status"],
        "grants": [[one["rule"], one["amount"]] for one in body["grants"]],
    }


def _batch(body: Any) -> dict[str, Any]:
    return {"results": [_event(one) for one in body["results"]]}


def _transfer(body: Any) -> dict[str, Any]:
    return {"transfer": body["id"], "amount": body["amount"]}


def _hold(body: Any) -> dict[str, Any]:
    return {"hold": body["transfer"], "state": body["state"]}


def _redemption(body: Any) -> dict[str, Any]:
    return {"redemption": body["id"], "hold": body["hold"], "points": body["points"], "state": body["state"]}


def _balance(body: Any) -> dict[str, Any]:
    found = [one for one in body["balances"] if one["unit"] == "points"]
    return {"has": [found[0]["available"], found[0]["pending"], found[0]["held"]] if found else [0, 0, 0]}


def _statement(body: Any) -> dict[str, Any]:
    newest = body["items"][0] if body["items"] else None
    return {"line": newest["line"], "after": newest["available_after"]} if newest else {"line": 0, "after": 0}


class Mix:
    """Draws the next act of one client, and remembers what it can go on with: its holds, purchases, orders."""

    def __init__(self, config: dict[str, Any], number: int, dice: random.Random) -> None:
        self._dice = dice
        self._name = f"{config['run']}-{number}"
        self._members: dict[str, str] = config["members"]
        self._rewards: dict[str, dict[str, Any]] = config["rewards"]
        self._patient: bool = config["patient"]
        self._count = 0
        self._events: list[dict[str, Any]] = []
        self._purchases: list[dict[str, Any]] = []
        self._adjusted: list[str] = []
        self._holds: list[str] = []
        self._orders: list[str] = []
        self._fulfilled: list[str] = []
        self._early: list[dict[str, Any]] = []
        self._weighted: list[tuple[Callable[[], Act | None], int]] = [
            (self._send_one, 30),
            (self._send_many, 14),
            (self._send_again, 5),
            (self._send_altered, 2),
            (self._refund, 6),
            (self._adjust, 14),
            (self._reverse, 4),
            (self._hold, 8),
            (self._settle, 8),
            (self._redeem, 7),
            (self._end_order, 4),
            (self._read_code, 2),
            (self._read_balance, 8),
            (self._read_statement, 6),
            (self._send_nonsense, 2),
        ]

    def next(self) -> Act:
        """The next act."""
        draws, weights = zip(*self._weighted, strict=True)
        while True:
            act: Act | None = self._dice.choices(draws, weights)[0]()
            if act is not None:
                return act

    def learn(self, act: Act, say: str, result: dict[str, Any]) -> None:
        """Take in what came of an act."""
        if say != "ok":
            return
        if act.kind == "event" and act.body["type"] != "nonsense":
            self._remember(act.body)
        elif act.kind == "batch":
            for one in act.body:
                self._remember(one)
        elif act.kind == "adjust" and act.args["amount"] > 0:
            self._adjusted.append(result["transfer"])
        elif act.kind == "hold" and not act.args["expires"]:
            self._holds.append(result["hold"])
        elif act.kind == "redeem":
            whose = self._orders if result["state"] == "ordered" else self._fulfilled
            whose.append(result["redemption"])

    def _remember(self, event: dict[str, Any]) -> None:
        self._events = [*self._events[-50:], event]
        if event["type"] == "purchase" and "early" not in event["id"]:
            self._purchases = [*self._purchases[-200:], event]

    def _new_key(self) -> str:
        self._count += 1
        return f"{self._name}-{self._count}"

    def _member(self) -> str:
        return self._dice.choice(list(self._members))

    def _new_event(self) -> dict[str, Any]:
        if self._early and self._dice.random() < 0.5:
            return self._early.pop()
        type_ = self._dice.choices(("purchase", "visit", "promotion"), (60, 30, 10))[0]
        data = {"amount": self._dice.randrange(1, 60)} if type_ == "purchase" else {}
        return self._made(self._new_key(), type_, self._member(), data)

    def _made(self, key: str, type_: str, member: str, data: dict[str, Any], **more: str) -> dict[str, Any]:
        at = _FIRST_DAY + timedelta(days=self._dice.randrange(_DAYS), minutes=self._dice.randrange(600))
        event = {"specversion": "1.0", "id": key, "source": "till", "type": type_, "subject": member}
        return event | {"time": at.isoformat(), "data": data} | more

    def _reporting(self, kind: str, event: dict[str, Any]) -> Act:
        args = {"event": event}
        headers = {"Content-Type": _ONE}
        return Act(
            kind, event["id"], args, "POST", "/api/v1/events", event, _event, headers=headers, keyed=False
        )

    def _send_one(self) -> Act:
        return self._reporting("event", self._new_event())

    def _send_many(self) -> Act:
        events = [self._new_event() for _ in range(self._dice.randrange(2, 25))]
        if self._events and self._dice.random() < 0.3:  # a batch that was cut in two and is sent again
            events += self._events[-3:]
        headers = {"Content-Type": _MANY}
        args = {"events": events}
        return Act("batch", "", args, "POST", "/api/v1/events", events, _batch, headers=headers, keyed=False)

    def _send_again(self) -> Act | None:
        return self._reporting("again", self._dice.choice(self._events)) if self._events else None

    def _send_altered(self) -> Act | None:
        if not self._purchases:
            return None
        event = self._dice.choice(self._purchases)
        other = event | {"data": {"amount": event["data"]["amount"] + 1}}
        return self._reporting("altered", other)

    def _send_nonsense(self) -> Act:
        return self._reporting("event", self._made(self._new_key(), "nonsense", self._member(), {}))

    def _refund(self) -> Act | None:
        """Take a purchase back; at times before the purchase itself is reported."""
        if self._dice.random() < 0.2:
            amount = {"amount": self._dice.randrange(1, 60)}
            purchase = self._made(f"{self._new_key()}-early", "purchase", self._member(), amount)
            self._early.append(purchase)
        elif self._purchases:
            purchase = self._purchases.pop(self._dice.randrange(len(self._purchases)))
        else:
            return None
        refund = self._made(
            f"{purchase['id']}-refund", "purchase.refunded", purchase["subject"], {}, corrects=purchase["id"]
        )
        return self._reporting("event", refund)

    def _writing(self, kind: str, path: str, body: Any, reads: Reads, **args: object) -> Act:
        key = self._new_key()
        headers = {"Content-Type": "application/json"}
        return Act(kind, key, args, "POST", f"/api/v1{path}", body, reads, headers=headers)

    def _adjust(self) -> Act:
        member = self._member()
        amount = self._dice.choice((1, 1, 1, -1)) * self._dice.randrange(1, 90)
        body = {"member": self._members[member], "unit": "points", "amount": amount, "reason": "By hand"}
        return self._writing("adjust", "/adjustments", body, _transfer, member=member, amount=amount)

    def _reverse(self) -> Act | None:
        if not self._adjusted:
            return None
        transfer = self._adjusted.pop()
        path = f"/transfers/{transfer}/reverse"
        return self._writing("reverse", path, {"reason": "Given twice"}, _transfer, transfer=transfer)

    def _hold(self) -> Act:
        member, amount = self._member(), self._dice.randrange(1, 40)
        body: dict[str, Any] = {"member": self._members[member], "unit": "points", "amount": amount}
        expires = self._patient and self._dice.random() < 0.15
        if expires:
            body["expires_at"] = (datetime.now(UTC) + timedelta(seconds=HOLD_SECONDS)).isoformat()
        return self._writing("hold", "/holds", body, _hold, member=member, amount=amount, expires=expires)

    def _settle(self) -> Act | None:
        if not self._holds:
            return None
        hold = self._holds.pop(self._dice.randrange(len(self._holds)))
        path = f"/holds/{hold.replace('led_', 'hld_')}"
        if self._dice.random() < 0.3:
            return self._writing("release", f"{path}/release", {}, _hold, hold=hold)
        body = {"amount": 1} if self._dice.random() < 0.4 else {}
        return self._writing("capture", f"{path}/capture", body, _hold, hold=hold, amount=body.get("amount"))

    def _redeem(self) -> Act:
        member = self._member()
        reward = self._dice.choice(list(self._rewards))
        body = {"member": self._members[member], "reward": self._rewards[reward]["id"]}
        return self._writing("redeem", "/redemptions", body, _redemption, member=member, reward=reward)

    def _end_order(self) -> Act | None:
        if not self._orders:
            return None
        order = self._orders.pop()
        if self._dice.random() < 0.5:
            path = f"/redemptions/{order}/cancel"
            return self._writing("cancel", path, {"reason": "Changed"}, _redemption, redemption=order)
        return self._writing("fulfil", f"/redemptions/{order}/fulfil", None, _redemption, redemption=order)

    def _read_code(self) -> Act | None:
        """The code itself is read and written down nowhere."""
        if not self._fulfilled:
            return None
        path = f"/api/v1/redemptions/{self._dice.choice(self._fulfilled)}/code"
        return Act("code", "", {}, "GET", path, None, lambda body: {"redemption": body["redemption"]})

    def _read_balance(self) -> Act:
        member = self._member()
        path = f"/api/v1/members/{self._members[member]}/balances"
        return Act("balance", "", {"member": member}, "GET", path, None, _balance)

    def _read_statement(self) -> Act:
        member = self._member()
        path = f"/api/v1/members/{self._members[member]}/statement?unit=points&limit=1"
        return Act("statement", "", {"member": member}, "GET", path, None, _statement)
