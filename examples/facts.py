"""What must come out of each set, from its published facts, and what did, from the books."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from examples.asking import Got, one_row, rows

_BALANCES = """
    select i.external_id, w.available from ledger_wallet w
      join ledger_unit u on u.id = w.unit_id and u.key = %s
      join people_identity i on i.member_id = w.member_id
"""


def cdnow_expected(facts: Mapping[str, Any]) -> Got:
    f = facts["cdnow (dev)"]
    return {
        "purchases": f["rows"],
        "customers": f["customers"],
        "spend": f["total_usd"],
        "points, floored per purchase": f["points_1_per_$1_floor_each_transaction"],
        "points, floored per customer": f["points_floor_of_customer_total"],
        "purchases of nothing": f["zero_amount_rows"],
        "top ten": [[c, spend, points] for c, spend, points in f["top10_customer_spend_pointsPerTx"]],
    }


def cdnow_got(_: Any) -> Got:
    events, spend, nothing = one_row(
        "select count(*), sum((data->>'amount')::numeric), count(*) filter (where (data->>'amount')::numeric = 0)"
        " from activity_event"
    )
    points = dict(rows(_BALANCES, "points"))
    spent = dict(rows(_BALANCES, "spend"))
    top = sorted(spent, key=lambda customer: -spent[customer])[:10]
    return {
        "purchases": events,
        "customers": one_row("select count(*) from people_member")[0],
        "spend": str(spend),
        "points, floored per purchase": sum(points.values()),
        "points, floored per customer": sum(cents // 100 for cents in spent.values()),
        "purchases of nothing": nothing,
        "top ten": [[int(c), f"{spent[c] // 100}.{spent[c] % 100:02}", points[c]] for c in top],
    }


def retail_expected(facts: Mapping[str, Any]) -> Got:
    f = facts["online_retail H1 2010-12..2011-06 (dev/scale)"]
    return {
        "lines": f["rows"],
        "invoices": f["invoices"],
        "cancellation lines": f["cancellation_lines(InvoiceNo C…)"],
        "lines without customer": f["rows_without_customer"],
        "customers": f["customers"],
        "net value": f["net_value_all_gbp"],
        "net value of known customers": f["net_value_identified_gbp"],
        "net points": f["points_identified(floor per invoice; cancellation takes back floor)"],
        "customers in debt": f["customers_negative_net_points"],
        "top ten": [[c.removesuffix(".0"), v, p] for c, v, p in f["top10_customer_net_gbp_points"]],
    }


def retail_got(batch: Any) -> Got:
    lines, events, value, known = one_row(
        "select sum((data->>'lines')::int), count(*), sum((data->>'amount')::numeric),"
        " sum((data->>'amount')::numeric) filter (where member_id is not null) from activity_event"
    )
    points = dict(rows(_BALANCES, "points"))
    spent = dict(
        rows(
            "select i.external_id, sum((e.data->>'amount')::numeric) from activity_event e"
            " join people_identity i on i.member_id = e.member_id group by 1"
        )
    )
    top = sorted(spent, key=lambda customer: -spent[customer])[:10]
    return {
        "lines": lines,
        "invoices": events,
        "cancellation lines": batch.skipped["cancellation_lines"],
        "lines without customer": batch.skipped["lines_without_customer"],
        "customers": one_row("select count(*) from people_member")[0],
        "net value": str(value),
        "net value of known customers": str(known),
        "net points": sum(points.values()),
        "customers in debt": sum(balance < 0 for balance in points.values()),
        "top ten": [[c, str(spent[c]), points[c]] for c in top],
    }


def calls_expected(facts: Mapping[str, Any]) -> Got:
    f = facts["pwc_call_centre (dev)"]
    return {
        "calls": f["calls"],
        "answered": f["answered"],
        "resolved": f["resolved"],
        "agents": f["agents"],
        "talk, mean seconds": str(f["overall AHT_s"]),
        "rating, mean": f"{f['overall CSAT mean']:.4f}",
        "rated 4 or 5, share": f"{f['CSAT%(4-5)']:.3f}",
        "unanswered calls with a rating": 0,
        "by agent": {
            agent: [answered, resolved, f"{fcr:.4f}", f"{aht:.2f}", f"{csat:.4f}", f"{asa:.2f}"]
            for agent, (answered, resolved, fcr, aht, csat, asa) in f[
                "by_agent [answered,resolved,FCR,AHT_s,CSAT,ASA_s]"
            ].items()
        },
        "points by agent are 5 a call resolved and 10 a rating of 4 or 5": True,
    }


_CALLS = """
    select {group} count(*), count(*) filter (where (data->>'answered')::bool),
           count(*) filter (where (data->>'resolved')::bool),
           round(avg((data->>'talk_seconds')::numeric), 2), round(avg((data->>'rating')::numeric), 4),
           round(avg((data->>'wait_seconds')::numeric), 2),
           count(*) filter (where (data->>'rating')::int >= 4), count(data->>'rating'),
           count(*) filter (where not (data->>'answered')::bool and data->>'rating' is not null)
      from activity_event e join people_identity i on i.member_id = e.member_id
      join activity_event_type t on t.id = e.type_id where t.name = 'call' {tail}
"""


def calls_got(_: Any) -> Got:
    calls, answered, resolved, talk, rating, _wait, well, rated, odd = one_row(
        _CALLS.format(group="", tail="")
    )
    agents = rows(_CALLS.format(group="i.external_id,", tail="group by 1"))
    points = dict(rows(_BALANCES, "points"))
    return {
        "calls": calls,
        "answered": answered,
        "resolved": resolved,
        "agents": len(agents),
        "talk, mean seconds": str(talk),
        "rating, mean": str(rating),
        "rated 4 or 5, share": f"{round(well / rated, 3):.3f}",
        "unanswered calls with a rating": odd,
        "by agent": {
            a[0]: [a[2], a[3], f"{round(a[3] / a[2], 4):.4f}", str(a[4]), str(a[5]), str(a[6])]
            for a in agents
        },
        "points by agent are 5 a call resolved and 10 a rating of 4 or 5": all(
            points[a[0]] == 5 * a[3] + 10 * a[7] for a in agents
        ),
    }


def courses_expected(facts: Mapping[str, Any]) -> Got:
    f = facts["oulad_subset (dev)"]
    results, modules = f["final_result"], f["completions_by_module (Pass+Distinction)"]
    completions = results["Pass"] + results["Distinction"]
    return {
        "registrations read": f["registrations"],
        "completions": completions,
        "by module": modules,
        "points": completions * 1000 + results["Distinction"] * 500,
    }


def courses_got(batch: Any) -> Got:
    return {
        "registrations read": batch.rows_done,
        "completions": _events("course.completed"),
        "by module": dict(
            rows(
                "select data->>'module', count(*) from activity_event e join activity_event_type t on t.id = e.type_id"
                " where t.name = 'course.completed' group by 1 order by 1"
            )
        ),
        "points": one_row("select sum(available)::bigint from ledger_wallet")[0],
    }


def registrations_expected(facts: Mapping[str, Any]) -> Got:
    f = facts["oulad_subset (dev)"]
    return {
        "registrations": f["registrations"],
        "students": f["students"],
        "what is personal and was read": [],
    }


def registrations_got(_: Any) -> Got:
    """The set has gender, disability and deprivation; neither an event nor a member may hold a field of them."""
    kept = rows(
        "select k.name from activity_event, jsonb_object_keys(data) as k (name)"
        " union select k.name from people_member m, jsonb_object_keys(m.attributes) as k (name)"
    )
    known = {"module", "presentation", "result", "credits", "assessment", "score"}
    return {
        "registrations": _events("course.registered"),
        "students": one_row("select count(*) from people_member")[0],
        "what is personal and was read": sorted({key for (key,) in kept} - known),
    }


def assessments_expected(facts: Mapping[str, Any]) -> Got:
    f = facts["oulad_subset (dev)"]
    return {"assessments read": f["assessment_rows"], "passed": f["scores>=40"]}


def assessments_got(batch: Any) -> Got:
    return {"assessments read": batch.rows_done, "passed": _events("assessment.passed")}


def _events(type_name: str) -> int:
    counted = "select count(*) from activity_event e join activity_event_type t on t.id = e.type_id where t.name = %s"
    return int(one_row(counted, type_name)[0])


def members_expected(facts: Mapping[str, Any]) -> Got:
    f = facts["starbucks_offers (dev)"]
    return {
        "members": f["members"],
        "placeholder ages": f["age_118_placeholder"],
        "members without an age": f["age_118_placeholder"],
    }


def members_got(batch: Any) -> Got:
    members, ageless = one_row(
        "select count(*), count(*) filter (where attributes->>'age' is null) from people_member"
    )
    return {
        "members": members,
        "placeholder ages": batch.skipped["placeholder:age"],
        "members without an age": ageless,
    }


def offers_expected(facts: Mapping[str, Any]) -> Got:
    offers = facts["starbucks_offers (dev)"]["offers"]
    return {"offers": sorted([*what, int(days), channels] for *what, days, channels in offers)}


def offers_got(_: Any) -> Got:
    found = rows(
        "select data->>'kind', (data->>'difficulty')::int, (data->>'reward')::int, (data->>'days')::int,"
        " jsonb_array_length((data->>'channels')::jsonb)"
        " from activity_event e join activity_event_type t on t.id = e.type_id where t.name = 'offer.announced'"
    )
    return {"offers": sorted(list(row) for row in found)}
