"""What a programme file may not say: each fault, with its line, its place and what to do about it."""

from __future__ import annotations

import pytest

from plaudit.planning.programme_file.tests.factories import make_file, problems_of, said_about

STARS_TOO = """
    points: {one: point, other: points, worth: 0.01 USD}
    stars: {one: star, other: stars, precision: 2}
"""


def rule(text: str) -> dict[str, str]:
    """A file's rules: one, called r, with these lines."""
    lines = "\n".join(f"  {line}" for line in text.strip().split("\n"))
    return {"rules": f"\nr:\n{lines}\n"}


HEAD = [
    ({"plaudit": ""}, "`plaudit` is missing. Add plaudit: 1."),
    (
        {"programme": "Corner Shop"},
        "line 2, programme: `Corner Shop` cannot be a key. Use small letters, digits and hyphens, beginning with a letter, such as gift-card.",
    ),
    ({"programme": "a" * 51}, "is longer than 50 characters. Shorten it."),
    ({"name": ""}, "`name` is missing. Add name: Corner shop points."),
    (
        {"time_zone": "New York"},
        "line 4, time_zone: `New York` is not a time zone; it can be `America/New_York`.",
    ),
    ({"time_zone": "Europe/Londn"}, "`Europe/Londn` is not a time zone; did you mean `Europe/London`?"),
    ({"time_zone": "Mars"}, "`Mars` is not a time zone; write a name such as Europe/London (IANA)."),
    (
        {"currency": "UDS"},
        "line 5, currency: `UDS` is not a currency. Write its three letters (ISO 4217), such as USD or EUR.",
    ),
    (
        {"audience": "clients"},
        "audience: `clients` is not possible here; it can be `customer`, `partner`, `staff`.",
    ),
    ({"stacking": "sum"}, "stacking: `sum` is not possible here; it can be `add`, `best`, `multiply`."),
    ({"ruels": "{}"}, "ruels: There is no `ruels` here; did you mean `rules`?"),
    (
        {"awards": "{}"},
        "awards: `awards` is kept for a later version of the format. Leave it out for now.",
    ),
    ({"description": "~"}, "description: Nothing stands here. Fill it in, or leave the key out."),
    ({"rules": "[a]"}, "rules: A map is expected here. Write key: and what belongs to it below, further in."),
    (
        {"examples": "{a: b}"},
        "examples: A list is expected here. Write one item a line, each after a hyphen.",
    ),
    ({"examples": "[]"}, "examples: The list is empty. Fill it in, or leave the key out."),
    ({"name": "[a, b]"}, "name: A text is expected here."),
]

UNITS = [
    ({"units": ""}, "`units` is missing."),
    ({"units": "\npoints:\n"}, "units › points: Nothing stands here. Fill it in, or leave the key out."),
    ({"units": "{points: {one: point}}"}, "units › points: `other` is missing. Add other: points."),
    ({"units": "{Points: {one: a, other: b}}"}, "units › Points: `Points` cannot be a key."),
    ({"units": "{times: {one: a, other: b}}"}, "A unit cannot be called `times`: limits count times by that word."),
    ({"units": "{points: {one: Time, other: b}}"}, "units › points › one: A unit cannot be called `Time`"),
    ({"units": "{points: {one: USD, other: b}}"}, "units › points › one: `USD` looks like a currency."),
    ({"units": '{points: {one: "a, b", other: b}}'}, "units › points › one: A unit's name is one to three words."),
    ({"units": "{points: {one: a, other: b, precision: 5}}"}, "precision: `5` is not a whole number from 0 to 4."),
    ({"units": "{points: {one: a, other: b, worth: 1 EUR}}"}, "worth: This is in EUR, and the programme counts in USD. Write it in USD."),
    ({"units": "{points: {one: a, other: b, worth: 0 USD}}"}, "worth: This is too little or too finely divided to count with."),
    ({"units": "{points: {one: a, other: b, worth: 0.000000001 USD}}"}, "worth: This is too little or too finely divided"),
    ({"currency": ""}, "worth: The programme has no currency. Add currency: USD near the top of the file."),
    ({"units": "{points: {one: a, other: b, may_owe: yes}}"}, "may_owe: `yes` is not possible here; it can be `false`, `true`."),
    ({"units": "{points: {one: a, other: b, expires: soon}}"}, "expires: `soon` does not say when points expire."),
    ({"units": "{points: {one: a, other: b, approval_from: 0}}"}, "approval_from: This is not a possible amount."),
    ({"units": "{a: {one: star, other: stars}, b: {one: star, other: suns}}", "rules": ""}, "units › a: Another unit is called `star` too. Choose another name."),
]  # fmt: skip

ACTIVITIES = [
    ({"activities": "{purchase: {}}"}, "activities › purchase: `title` is missing. Add title: Purchase."),
    ({"activities": "{pur chase: {title: a}}"}, "activities › pur chase: `pur chase` cannot be a key."),
    ({"activities": "{purchase: {title: a, fields: {amount: float}}}"}, "amount: `float` is not a type. Write decimal(2), with `optional` before it if it may be missing."),
    ({"activities": "{purchase: {title: a, fields: {amount: optional int}}}"}, "amount: `optional int` is not a type. Write integer"),
    ({"activities": "\npurchase:\n  title: a\n  fields:\n    amount: text?\n"}, "line 12, activities › purchase › fields › amount: `text?` is not a type. If it may be missing, write optional text."),
    ({"activities": "{purchase: {title: a, fields: {amount: decimal(9)}}}"}, "amount: `decimal(9)` is not a type."),
    ({"activities": "{purchase: {title: a, fields: {c: [a, a]}}}"}, "c: The field cannot be declared so: choices must be different from each other"),
    ({"activities": "{purchase: {title: a, fields: {c: []}}}"}, "c: The list is empty."),
    ({"activities": "{purchase: {title: a, fields: {case: text}}}"}, "case: `case` is a word of the expression language. Choose another name for the field."),
    ({"activities": "{purchase: {title: a, fields: {occurred_at: text}}}"}, "occurred_at: `occurred_at` means something already."),
    ({"activities": "{purchase: {title: a, fields: {a-b: text}}}"}, "a-b: `a-b` cannot be a key. Use letters, digits and underscores, beginning with a letter."),
    ({"activities": "{purchase: {title: a, fields: {a: {type: text, min: 1}}}}"}, "a: The field cannot be declared so: text cannot have a minimum or maximum; only numbers can."),
    ({"activities": "{purchase: {title: a, fields: {a: {type: integer, min: 2, max: 1}}}}"}, "a: The field cannot be declared so: the minimum 2 is more than the maximum 1."),
    ({"activities": "{purchase: {title: a, fields: {a: {min: 2}}}}"}, "a: One of `type` or `choices` is missing. Add type: decimal(2)."),
    ({"activities": "{purchase: {title: a, fields: {a: {type: text, choices: [a]}}}}"}, "a: `type` and `choices` cannot stand together. Make two of it."),
    ({"activities": "{purchase: {title: a, part: a / b}}"}, "part: Only a correction has a part. Add corrects: and the activity it takes back."),
    ({"activities": "{purchase: {title: a}, refund: {title: b, corrects: purchese}}"}, "corrects: There is no activity `purchese`; did you mean `purchase`?"),
    ({"activities": "{purchase: {title: a, corrects: purchase}}"}, "corrects: An activity cannot correct itself."),
    ({"activities": "{a: {title: a}, b: {title: b, corrects: a}, c: {title: c, corrects: b}}", "rules": ""}, "activities › c › corrects: `b` is itself a correction. Let it correct `a`."),
    ({"activities": "{a: {title: a}, b: {title: b, corrects: a, part: x / y}}", "rules": ""}, "part: `x` is not a field of `b`."),
    ({"activities": "{a: {title: a, fields: {y: text}}, b: {title: b, corrects: a, part: x / y, fields: {x: integer}}}", "rules": ""}, "part: `y` of `a` is not a number. A part is a number over a number."),
    ({"activities": "{a: {title: a}, b: {title: b, corrects: a, part: x}}", "rules": ""}, "part: `x` is not a part. Write a field over a field, such as refunded / amount."),
    ({"member_fields": "{kind: text}"}, "member_fields › kind: `kind` means something already."),
]  # fmt: skip

RULES = [
    (rule("on: purchase\nearn: 1"), "rules › r: `name` is missing. Add name: 1 point per $1."),
    (rule("name: a\nearn: 1"), "rules › r: `on` is missing. Add on: purchase."),
    (rule("name: a\non: purchase"), "rules › r: One of `earn`, `take` or `multiply` is missing. Add earn: floor(amount)."),
    (rule("name: a\non: purchase\nearn: 1\ntake: 1"), "rules › r: `earn` and `take` cannot stand together. Make two of it."),
    (rule("name: a\non: purchse\nearn: 1"), "line 20, rules › r › on: There is no activity `purchse`; did you mean `purchase`?"),
    (rule("name: a\non: purchase\nearn: amount"), "rules › r › earn: This can have 2 decimals, and the unit has none: say how to round, for example floor(amount)."),
    (rule("name: a\non: purchase\nearn: floor(amuont)"), "earn: At character 7, `amuont`: `amuont` is not a field of purchase; did you mean `amount`?"),
    (rule("name: a\non: purchase\nearn: 1.5"), "earn: This can have 1 decimals, and the unit has none: say how to round"),
    (rule("name: a\non: purchase\nearn: channel"), "earn: An amount is a number, such as floor(amount)."),
    (rule("name: a\non: purchase\nwhen: amount\nearn: 1"), "when: A condition is true or false: compare this with something, as in amount > 0."),
    (rule("name: a\non: purchase\nwhen: amount >\nearn: 1"), "rules › r › when: "),
    (rule("name: a\non: purchase\nwhen: channel = 5\nearn: 1"), "when: At character 11, `5`: This is a number, but channel is a text."),
    (rule("name: a\non: purchase\nwhen: member.level = 'x'\nearn: 1"), "when: At character 1, `member.level`: `member.level` is not a field of purchase"),
    (rule("name: a\non: purchase\nearn: 1\nbecause: You paid {amunt}."), "because: `{amunt}` is not a field of purchase; did you mean `amount`?"),
    (rule("name: a\non: purchase\nearn: 1\nbecause: 'You paid {amount'"), "because: A brace stands alone. Write {amount} for the event's amount."),
    (rule("name: a\non: purchase\nearn: 1\nobjective: sales"), "objective: There is no objective `sales`."),
    (rule("name: a\non: purchase\nearn: 1\nunit: stars"), "unit: There is no unit `stars`; it can be `points`."),
    ({**rule("name: a\non: purchase\nearn: 1"), "units": STARS_TOO}, "rules › r: It is not said which unit this is about. Add unit: and one of `points`, `stars`."),
    (rule("name: a\non: purchase\nmultiply: 1"), "multiply: A multiplier is more than 1 and at most 1000."),
    (rule("name: a\non: purchase\nmultiply: 2"), "multiply: No rule on `purchase` earns points, so there is nothing to multiply."),
    (rule("name: a\non: purchase\nearn: 1\nof: r"), "of: Only a rule that multiplies has `of`. Leave it out, or multiply."),
    (rule("name: a\non: purchase\nmultiply: 2\nof: s"), "of: There is no rule `s`."),
    ({"rules": "{a: {name: a, on: purchase, multiply: 2, of: b}, b: {name: b, on: refund, earn: 1}}"}, "rules › a › of: `b` is on `refund`, so there is nothing here to multiply."),
    ({"rules": "{a: {name: a, on: purchase, multiply: 2, of: b}, b: {name: b, on: purchase, take: 1}}"}, "rules › a › of: `b` does not earn, so there is nothing here to multiply."),
    (rule("name: a\non: purchase\ntake: 1\nlimits: at most once ever per member"), "limits: A rule that takes has no limits. Put them on the rules that earn."),
    (rule("name: a\non: purchase\ntake: 1\npending: 3 days"), "pending: Only what a rule earns can be pending. Leave it out."),
    (rule("name: a\non: purchase\nearn: 1\nfrom: 2026-02-01\nthrough: 2026-01-31"), "through: This ends before it begins. Swap the dates or correct one."),
    (rule("name: a\non: purchase\nearn: 1\nthrough: 2026-01-31\nuntil: 2026-01-31 12:00"), "`through` and `until` say the same thing twice. Keep one."),
    (rule("name: a\non: purchase\nearn: 1\nuntil: 2026-01-31"), "until: `2026-01-31` has no time of day. Write `through: 2026-01-31` for a last whole day"),
    (rule("name: a\non: purchase\nearn: 1\nsegment: gold"), "segment: `segment` is kept for a later version of the format."),
    (rule("name: a\non: purchase\nearn: 1\naudience: [customer, clerk]"), "audience › 2: `clerk` is not possible here"),
]  # fmt: skip

LIMITS = [
    (rule("name: a\non: purchase\nearn: 1\nlimits: 500 points daily"), "limits: This limit cannot be read. Write: at most 500 points a day for everyone."),
    (rule("name: a\non: purchase\nearn: 1\nlimits: at most 5 apples a day per member"), "limits: `apples` is not a unit; it can be `points`, `times`."),
    (rule("name: a\non: purchase\nearn: 1\nlimits: at most 0.5 points a day per member"), "limits: This is not a possible number of points. It is above zero and has no decimals."),
    (rule("name: a\non: purchase\nearn: 1\nlimits: at most 1.5 times a day per member"), "limits: A number of times is a whole number."),
    (rule("name: a\non: purchase\nearn: 1\nlimits: at most 5 EUR a day per member"), "limits: This is in EUR, and the programme counts in USD."),
    (rule("name: a\non: purchase\nearn: 1\nlimits: at most 0.001 USD a day per member"), "limits: This is less than the smallest amount of points. Raise it."),
    (rule("name: a\non: purchase\nearn: 1\nlimits: at most 99999999999999 USD a day per member"), "limits: This is more points than can be counted. Lower it."),
    (rule("name: a\non: purchase\nearn: 1\nlimits: at most 9999999999999 points a day per member"), "limits: This is not a possible number of points."),
    ({**rule("name: a\non: purchase\nunit: points\nearn: 1\nlimits: at most 5 stars a day per member"), "units": STARS_TOO}, "limits: The rule earns points, and this counts stars."),
    ({**rule("name: a\non: purchase\nunit: stars\nearn: 1\nlimits: at most 5 USD a day per member"), "units": STARS_TOO}, "limits: It is not said what stars are worth, so money cannot limit them. Add worth: to the unit stars."),
    (rule("name: a\non: purchase\nearn: 1\nlimits: [at most 5 points a day per member, at most 0.05 USD a day per member]"), "limits: Two limits count the same (r/member/day/points). Keep the smaller one, or give one a name of its own."),
    (rule("name: a\non: purchase\nearn: 1\nlimits: [{limit: at most 5 points a day per member, name: x}, {limit: at most once ever per member, name: x}]"), "limits: Two limits are called `x`."),
    (rule("name: a\non: purchase\nearn: 1\nlimits: [{limit: at most 5 points a day per member}]"), "limits › 1: `name` is missing. Add name: daily-cap."),
    ({"units": STARS_TOO, "limits": "at most 5 stars a day per member", "rules": "{a: {name: a, on: purchase, unit: points, earn: 1}}"}, "limits: This limit holds nothing: no rule here earns what it counts. Leave it out."),
    ({"units": "{a: {one: a, other: aa, worth: 1 USD}, b: {one: b, other: bb, worth: 1 USD}}", "limits": "at most 5 USD a day per member", "rules": "{r: {name: r, on: purchase, unit: a, earn: 1}}"}, "limits: It is not said which unit's money this is. Write USD of aa or USD of bb."),
]  # fmt: skip

CAMPAIGNS = [
    ({"campaigns": "{c: {name: c, rules: {}}}"}, "campaigns › c: It is not said when the campaign is."),
    ({"campaigns": "{c: {name: c, from: 2026-06-01}}"}, "campaigns › c: `rules` is missing."),
    ({"campaigns": "{c: {name: c, from: 2026-06-01, budget: 5 apples, rules: {}}}"}, "budget: `apples` is not a unit"),
    ({"campaigns": "{c: {name: c, from: 2026-06-01, budget: 5 times, rules: {}}}"}, "budget: A budget is an amount of points or money."),
    ({"campaigns": "{c: {name: c, from: 2026-06-01, rules: {purchases: {name: x, on: purchase, earn: 1}}}}"}, "campaigns › c › rules › purchases: There is a rule `purchases` in line 18 already. Give one another key."),
    ({"campaigns": "{c: {name: c, from: 2026-06-01, rules: {x: {name: x, on: purchase, earn: 1, from: 2026-05-31}}}}"}, "campaigns › c › rules › x › from: This is outside the campaign."),
    ({"campaigns": "{c: {name: c, through: 2026-06-01, rules: {x: {name: x, on: purchase, earn: 1, until: 2026-06-02 00:01}}}}"}, "rules › x › until: This is outside the campaign."),
    ({"campaigns": "{c: {name: c, from: 2026-06-01, budget: 100 points, limits: at most 5 points ever for everyone, rules: {x: {name: x, on: purchase, earn: 1}}}}"}, "campaigns › c › limits: Two limits count the same (campaign.c/everyone/lifetime/points)."),
    ({"campaigns": "{c: {name: c, from: 2026-06-01, budget: 100 points, rules: {x: {name: x, on: purchase, take: 1}}}}"}, "campaigns › c › budget: This limit holds nothing"),
]  # fmt: skip

REWARDS = [
    ({"rewards": "{r: {name: r}}"}, "rewards › r: One of `price` or `ladder` is missing. Add price: 200 points."),
    ({"rewards": "{r: {name: r, price: 5}}"}, "price: `5` is not an amount. Write a number and its unit, such as 500 points."),
    ({"rewards": "{r: {name: r, price: 5 USD}}"}, "price: A reward is paid for in points. Write its price in a unit, such as 200 points."),
    ({"rewards": "{r: {name: r, price: 0 points}}"}, "price: This is not a possible number of points."),
    ({"rewards": "{r: {name: r, price: 5 points, kind: gift}}"}, "kind: `gift` is not possible here; did you mean `gift_card`?"),
    ({"rewards": "{r: {name: r, price: 5 points, stock: 0}}"}, "stock: `0` is not a whole number from 1 to 1,000,000,000."),
    ({"rewards": "{r: {name: r, price: 5 points, value: 2.555 USD}}"}, "value: USD has 2 decimals. Leave the others off."),
    ({"rewards": "{r: {name: r, price: 5 points, value: 9999999999999 USD}}"}, "value: This is more money than can be counted. Lower it."),
    ({"rewards": "{r: {name: r, price: 5 points, cancel: always}}"}, "cancel: `always` is not possible here"),
    ({"rewards": "{r: {name: r, price: 5 points, per_member: 0 times a day}}"}, "per_member: `0 times a day` cannot be read."),
    ({"rewards": "{r: {name: r, price: 5 points, images: []}}"}, "images: `images` is kept for a later version of the format."),
    ({"rewards": "{r: {name: r, ladder: [5 points]}}"}, "`5 points` is not a step. Write 3000 points for 25 USD, or 1000 points for 5 %."),
    ({"rewards": "{r: {name: r, ladder: [5 points for 5 USD, 5 points for 6 USD]}}"}, "A step costs more than the one before it and is worth more."),
    ({"rewards": "{r: {name: r, ladder: [5 points for 5 USD, 6 points for 5 USD]}}"}, "A step costs more than the one before it and is worth more."),
    ({"rewards": "{r: {name: r, ladder: [5 points for 5 USD, 6 points for 7 %]}}"}, "Put the steps in order, all in money or all in percent."),
    ({"rewards": "{r: {name: r, ladder: [5 points for 5 EUR]}}"}, "This is in EUR, and the programme counts in USD."),
    ({"rewards": "{r: {name: r, ladder: [5 USD for 5 USD]}}"}, "A reward is paid for in points."),
    ({"rewards": "{r: {name: r, ladder: [5 points for 5 %]}}"}, "Only a discount takes off percents."),
    ({"rewards": "{r: {name: r, price: 5 points, eligible: member.size > 1}}"}, "eligible: "),
    ({"rewards": "{r: {name: r, price: 5 points, eligible: occurred_at > 1}}"}, "eligible: "),
    ({"rewards": "{r: {name: r, price: 5 points, places: 3}}"}, "How many there are of this kind is written as `stock`."),
    ({"rewards": "{r: {name: r, price: 5 points, kind: event, stock: 3}}"}, "How many there are of this kind is written as `places`."),
    ({"rewards": "{r: {name: r, price: 5 points, charity: Us, value: 1 USD}}"}, "Only a donation has a charity."),
    ({"rewards": "{r: {name: r, price: 5 points, kind: donation, charity: Us}}"}, "It is not said how much the charity receives."),
    ({"rewards": "{r: {name: r, price: 5 points, product: X}}"}, "No supplier is named. Add supplier:."),
    ({"rewards": "{r: {name: r, price: 5 points, approval_from: 5 USD}}"}, "The reward has no value in money."),
    ({"rewards": "{r: {name: r, price: 5 points, hold: a while}}"}, "`a while` is not a number of days."),
]  # fmt: skip

EXAMPLES = [
    (rule("name: a\non: purchase\nearn: floor(amount)\nexamples: [{given: {amount: 11.77}, earns: 12}]"), "examples › 1 › earns: This earns 11 points, not 12 points. Correct the example, or the rules."),
    (rule("name: a\non: purchase\nearn: 1\nexamples: [{given: {amunt: 1}, earns: 1}]"), "given › amunt: `amunt` is not a field of purchase; did you mean `amount`?"),
    (rule("name: a\non: purchase\nearn: 1\nexamples: [{earns: 1}]"), "examples › 1 › given: amount is missing"),
    (rule("name: a\non: purchase\nearn: 1\nexamples: [{given: {amount: 1.234}, earns: 1}]"), "examples › 1 › given: amount must be a number with at most 2 decimals"),
    (rule("name: a\non: purchase\nearn: 1\nexamples: [{given: {amount: 1}, member: {kind: boss}, earns: 1}]"), "member › kind: There are no members of kind `boss`"),
    ({"examples": "[{on: purchse, earns: {points: 1}}]"}, "examples › 1 › on: There is no activity `purchse`; did you mean `purchase`?"),
    ({"examples": "[{on: purchase, given: {amount: 5}, earns: {}}]"}, "examples › 1 › earns: This earns 5 points, not 0 points."),
    ({"examples": "[{on: purchase, given: {amount: 5}, earns: {stars: 5}}]"}, "earns › stars: There is no unit `stars`"),
]  # fmt: skip


EVERYTHING = [*HEAD, *UNITS, *ACTIVITIES, *RULES, *LIMITS, *CAMPAIGNS, *REWARDS, *EXAMPLES]


@pytest.mark.parametrize("sections, said", EVERYTHING)
def test_a_fault_is_said_with_its_place_and_its_repair(sections, said):
    everything = said_about(make_file(**sections))

    assert any(said in line for line in everything), everything


def test_every_fault_is_said_at_once_in_the_order_of_the_file():
    source = make_file(
        time_zone="Nowhere",
        units="\npoints: {one: point, other: points, precision: 9}\n",
        rules="\na: {on: purchase, earn: 1}\nb: {name: b, on: visit, earn: 1}\nc: {name: c, on: purchase, earn: amount}\n",
        rewards="\nr: {name: r, price: free}\n",
    )

    assert [(problem.line, problem.place) for problem in problems_of(source)] == [
        (4, "time_zone"),
        (7, "units › points › precision"),
        (18, "rules › a"),
        (19, "rules › b › on"),
        (20, "rules › c › earn"),
        (22, "rewards › r › price"),
    ]


def test_a_fault_can_be_found_by_a_program():
    source = make_file(rules="\na: {name: a, on: purchase, earn: amount}\n")

    (problem,) = problems_of(source)

    assert problem.as_error() == {
        "pointer": "/rules/a/earn",
        "line": 18,
        "code": "expression",
        "detail": "This can have 2 decimals, and the unit has none: say how to round, for example floor(amount).",
        "way_forward": "",
    }


def test_one_fault_is_not_said_twice():
    source = make_file(
        activities="\npurchase: {title: Purchase, fields: {amount: money}}\n",
        rules="\na: {name: a, on: purchase, when: amount > 0, earn: floor(amount)}\n",
    )

    assert [problem.place for problem in problems_of(source)] == ["activities › purchase › fields › amount"]
