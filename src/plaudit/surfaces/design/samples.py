"""Example content for the gallery: plain names, made-up figures, one shop and one contact centre."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal

from django import forms
from django.core.paginator import Paginator

from plaudit.surfaces.design.frame import CONSOLE, Frame, NavItem, Sandbox
from plaudit.surfaces.design.sample_charts import charts
from plaudit.surfaces.design.widgets import DateParts

POINTS = {"one": "point", "other": "points", "precision": 0}
NOON = datetime(2026, 11, 21, 12, 4, 10, tzinfo=UTC)


class SampleForm(forms.Form):
    """One field of each kind."""

    who = forms.CharField(
        label="Who do you want to recognise?",
        help_text="Their name as it is on the roster.",
        error_messages={"required": "Enter the name of the person you want to recognise."},
    )
    behaviour = forms.ChoiceField(
        label="What did they do?",
        choices=[
            ("calm", "Calmed an upset customer"),
            ("own", "Owned the problem"),
            ("teach", "Taught a colleague"),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": "Choose what they did."},
    )
    channels = forms.MultipleChoiceField(
        label="Where should they hear of it?",
        choices=[("inbox", "Inbox"), ("email", "E-mail"), ("push", "Phone notice")],
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    points = forms.IntegerField(
        label="Points",
        max_value=500,
        help_text="You have 350 left this month.",
        error_messages={"max_value": "Enter a number from 1 to 500. You entered 5,000."},
    )
    day = forms.DateField(
        label="When did it happen?",
        help_text="For example, 20 11 2026.",
        widget=DateParts,
        error_messages={"invalid": "31 February 2026 is not a day. Enter the day it happened."},
    )
    place = forms.ChoiceField(label="Site", choices=[("leeds", "Leeds"), ("york", "York")])
    line = forms.CharField(label="Add a line", max_length=300, required=False, widget=forms.Textarea)
    proof = forms.FileField(label="Certificate", required=False, help_text="A PDF or a picture, up to 5 MB.")
    shown = forms.BooleanField(label="Show it on the team's wall", required=False)


def sample_frame(layout: str = CONSOLE, *, with_sandbox: bool = True) -> Frame:
    """A frame with every part in it."""
    return Frame(
        organisation="Fernhill Stores",
        home_url="/",
        items=[
            NavItem("Overview", "/console/", "layout-dashboard", short="Overview"),
            NavItem("Members", "/console/members", "users", group="Programme"),
            NavItem("Rules", "/console/rules", "scale", group="Programme"),
            NavItem("Rewards", "/console/rewards", "gift", group="Programme"),
            NavItem("Imports", "/console/imports", "upload", badge="2", group="Books", in_bar=False),
            NavItem("Ledger", "/console/ledger", "book-open", group="Books", in_bar=False),
            NavItem("Components", "/console/dev/components", "webhook", group="Developers", in_bar=False),
        ],
        doors=[
            NavItem("Portal", "/", "house"),
            NavItem("Team", "/team/", "megaphone"),
            NavItem("Console", "/console/", "layout-dashboard"),
        ],
        person="Asha Rao",
        person_items=[
            NavItem("Profile", "/me/profile", "user"),
            NavItem("Appearance", "/me/appearance", "sun"),
        ],
        sign_out_url="/sign-out",
        inbox_url="/me/inbox",
        unread=3,
        sandbox=Sandbox("Trial shop", NOON, "/console/sandbox") if with_sandbox else None,
        layout=layout,
    )


def sample_reason() -> dict[str, object]:
    """A Because panel with all six layers."""
    return {
        "sentence": "You earned 84 points because your order of 20 November counted double in the autumn promotion.",
        "inputs": [
            {"label": "Order 10442", "value": "US$42.10", "source": "Web shop", "when": NOON},
            {"label": "Promotion", "value": "Autumn, double points", "source": "Programme calendar"},
        ],
        "rule": {
            "name": "Purchases",
            "version": 4,
            "words": "1 point for each whole dollar, gift cards excluded.",
            "since": NOON,
            "approved_by": "Rosa Lind",
            "url": "#",
        },
        "unit": POINTS,
        "sums": [
            {"label": "42 whole dollars × 1 point", "note": "US$42.10 rounded down", "amount": 42},
            {"label": "Autumn promotion × 2", "amount": 42},
        ],
        "total": {"label": "Points for this order", "amount": 84},
        "would_change": [
            "90 cents more would have earned 2 more points.",
            "After 30 November the same order earns 42 points.",
        ],
        "aloud": "You got eighty-four points: forty-two for the order, doubled by the autumn promotion.",
        "question_url": "#question",
        "answer_by": NOON,
        "answer_from": "Ravi",
        "reference": "led_01JD7Q2K",
    }


def sample_lines() -> list[dict[str, object]]:
    """Statement lines of each sort."""
    return [
        {"id": "6", "when": NOON, "title": "Order 10442", "amount": 84, "before": 2266, "after": 2350,
         "because": sample_reason()},
        {"id": "5", "when": NOON, "title": "50 points from Tom for calming an upset customer", "amount": 50,
         "before": 2216, "after": 2266, "because_url": "#"},
        {"id": "4", "when": NOON, "title": "Coffee for two, redeemed", "amount": -300, "before": 2516, "after": 2216,
         "url": "#", "state": "Delivered", "state_kind": "good"},
        {"id": "3", "when": NOON, "title": "Order 10396", "amount": 61, "before": 2516, "after": 2516,
         "state": "Reversed", "state_kind": "warn", "reversed": True},
        {"id": "2", "when": NOON, "title": "This order did not earn points: gift cards are excluded", "amount": 0,
         "after": 2516, "because_url": "#"},
    ]  # fmt: skip


def sample_rewards() -> list[dict[str, object]]:
    """Rewards within reach, out of reach and sold out."""
    return [
        {"id": "r1", "name": "Coffee for two", "cost": 300, "value": "Worth US$9.00 · 3.00 cents a point",
         "label": "Better value", "stock": "Delivered at once as a code", "redeem_url": "#", "url": "#",
         "icon": "ticket"},
        {"id": "r2", "name": "Gift certificate, US$25", "cost": 3000, "value": "Worth US$25.00 · 0.83 cent a point",
         "stock": "Delivered by e-mail within a day", "redeem_url": "#", "url": "#"},
        {"id": "r3", "name": "Weekend for two at the coast", "cost": 100_000,
         "value": "Worth US$1,000.00 · 1.00 cent a point", "words": "Two nights with breakfast.", "icon": "star",
         "unavailable": "All 12 are taken. The next ones come in January."},
    ]  # fmt: skip


def sample_job(state: str = "running") -> dict[str, object]:
    """An import under way, or in another state."""
    return {
        "id": f"import-{state}",
        "title": "Orders of November",
        "state": state,
        "stages": [
            {"name": "Read", "state": "done"},
            {"name": "Check", "state": "done"},
            {"name": "Post", "state": "now" if state == "running" else "done"},
            {"name": "Report"},
        ],
        "noun": "rows",
        "done": 8140 if state != "done" else 12795,
        "total": 12795,
        "rate": 2140,
        "seconds_left": 130,
        "updated_at": NOON,
        "problems": [
            {"count": 14, "text": "rows have a date in the future", "url": "#"},
            {"count": 3, "text": "rows name a member nobody knows", "url": "#"},
        ],
        "cancel_url": "#",
        "result_url": "#" if state == "done" else "",
        "rejects_url": "#" if state == "done" else "",
        "reverse_url": "#" if state == "done" else "",
    }


def gallery_samples() -> dict[str, object]:
    """The gallery's template context."""
    typed = {"who": "", "points": "5000", "place": "york", "day_0": "31", "day_1": "2", "day_2": "2026"}
    wrong = SampleForm({f"wrong-{name}": value for name, value in typed.items()}, prefix="wrong")
    return {
        "title": "Components",
        "lead": "Every part that pages are made of, in its states.",
        "trail": [
            {"label": "Console", "url": "/console/"},
            {"label": "Developers", "url": "#"},
            {"label": "Components", "url": ""},
        ],
        "unit": POINTS,
        "noon": NOON,
        "ratio": Decimal("0.0833"),
        "good_form": SampleForm(initial={"who": "Asha Rao", "behaviour": "calm", "points": 50}),
        "wrong_form": wrong,
        "reason": sample_reason(),
        "lines": sample_lines(),
        "rewards": sample_rewards(),
        "jobs": [sample_job("running"), sample_job("done"), sample_job("stalled")],
        "charts": charts(),
        "spark": [4, 6, 5, 8, 7, 9, 12, 11, 14],
        "thanks": [sample_thanks()],
        **_member_samples(),
        **_form_samples(),
        **_change_samples(),
    }


def _member_samples() -> dict[str, object]:
    return {
        "sides": [
            {"label": "Pending", "value": "120 points", "note": "until 28 November"},
            {"label": "Expiring", "value": "300 points", "note": "on 31 December"},
            {"label": "Level", "value": "Silver", "note": "until March"},
        ],
        "steps": [
            {"at": 300, "name": "Coffee for two", "url": "#"},
            {"at": 1000, "name": "Lunch voucher", "url": "#"},
            {"at": 3000, "name": "Gift certificate, US$25", "url": "#"},
        ],
        "members": [
            {"name": "Asha Rao", "kind": "Staff", "points": 12350, "change": 840, "seen": NOON, "state": "Active"},
            {"name": "Ben Okafor", "kind": "Staff", "points": 8120, "change": -300, "seen": NOON, "state": "Active"},
            {"name": "Chloé Martin", "kind": "Customer", "points": 45, "change": 45, "seen": NOON, "state": "New"},
            {"name": "Dmitri Wolkonsky-Habsburg", "kind": "Customer", "points": 0, "change": 0, "seen": NOON,
             "state": "Paused"},
        ],
        "page": Paginator(range(1284), 20).page(3),
        "facts": [("Member since", "3 March 2025"), ("Level", "Silver"), ("External number", "C-10442")],
        "tabs": [
            {"label": "Summary", "url": "#", "current": True},
            {"label": "Activity", "url": "#", "count": 214},
            {"label": "Redemptions", "url": "#", "count": 3},
        ],
    }  # fmt: skip


def _form_samples() -> dict[str, object]:
    return {
        "answers": [
            {"question": "Reward", "answer": "Coffee for two", "url": "#"},
            {"question": "Cost", "answer": "300 points"},
            {"question": "Balance after", "answer": "2,050 points"},
            {"question": "Delivered to", "answer": "asha@example.org", "url": "#"},
        ],
        "tasks": [
            {"name": "Set objectives", "url": "#", "status": "Done", "kind": "good"},
            {"name": "Write the rules", "url": "#", "hint": "3 sentences, all tests pass", "status": "In progress",
             "kind": "info"},
            {"name": "Ask for sign-off", "status": "Cannot start yet", "kind": "neutral",
             "hint": "Needs a simulation"},
        ],
    }  # fmt: skip


def _change_samples() -> dict[str, object]:
    return {
        "history": [
            {"title": "Question opened", "detail": "“Ticket 4471 was not mine.”", "when": NOON, "who": "Asha Rao",
             "icon": "circle-question-mark"},
            {"title": "Taken up", "when": NOON, "who": "Ravi Nair", "icon": "user"},
            {"title": "Answered: recalculated", "detail": "£4.50 more for October.", "when": NOON,
             "who": "Ravi Nair", "icon": "circle-check"},
        ],
        "changes": [
            {"name": "Points per dollar", "before": "1", "after": "2"},
            {"name": "Limit a day", "before": "", "after": "500 points"},
            {"name": "Gift cards", "before": "excluded", "after": "excluded"},
        ],
        "rule_lines": ["  rule: Purchases", "-points: floor(total)", "+points: floor(total) * 2",
                       "   when: kind = 'order'", "+limit: 500 a day"],
        "curl": "curl -X POST https://plaudit.example/api/v1/events \\\n  -H 'Idempotency-Key: order-10442' \\\n"
                "  -d @order.json",
    }  # fmt: skip


def sample_thanks() -> dict[str, object]:
    """A word of thanks with its behaviour and points."""
    return {
        "words": "Stayed on the line until the customer's parcel was found. Thank you.",
        "who": "Tom to Asha",
        "when": NOON,
        "behaviour": "Owned the problem",
        "amount": 50,
    }
