"""A programme as its document: plain data in one fixed form, as a file would spell it, and its digest."""

from __future__ import annotations

import hashlib
import re
from datetime import datetime
from decimal import Decimal
from typing import Any

from plaudit.earning.definitions import Stacking
from plaudit.earning.expressions.types import FieldKind, FieldType
from plaudit.foundation.exact import encode
from plaudit.planning.programme_file.birthdays import birthdays_document
from plaudit.planning.programme_file.document_engaging import (
    achievement_document,
    badge_document,
    challenge_document,
    competition_document,
    plain_number,
    streak_document,
)
from plaudit.planning.programme_file.document_rewards import reward_document
from plaudit.planning.programme_file.entries import one_or_list as _one_or_list
from plaudit.planning.programme_file.entries import window_entries as _window
from plaudit.planning.programme_file.entries import without_nothing as _without_nothing
from plaudit.planning.programme_file.learning_document import learning_document
from plaudit.planning.programme_file.membership_document import membership_document, partners_document
from plaudit.planning.programme_file.offers import offer_document
from plaudit.planning.programme_file.phrases import (
    LimitPhrase,
    Quantity,
    expiry_text,
    limit_text,
    moment_text,
    quantity_text,
    wait_text,
)
from plaudit.planning.programme_file.programme import (
    APPROVAL_FROM,
    FORMAT,
    Activity,
    Campaign,
    Example,
    Limit,
    Programme,
    Rule,
    Unit,
)
from plaudit.planning.programme_file.public import public_document
from plaudit.planning.programme_file.read_membership import own_activities
from plaudit.planning.programme_file.recognition import recognition_document
from plaudit.planning.programme_file.referrals import referrals_document
from plaudit.planning.programme_file.segments import segment_document
from plaudit.planning.programme_file.surveys_document import surveys_document
from plaudit.planning.programme_file.tiers import tier_document

Document = dict[str, Any]

_PLAIN_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]*)(\.[0-9]+)?")


def digest_of(programme: Programme) -> str:
    """The SHA-256 of the programme's document as JSON: alike for files that mean the same."""
    return hashlib.sha256(encode(document_of(programme)).encode()).hexdigest()


def document_of(programme: Programme) -> Document:
    """The programme as the data its file spells, without what goes without saying, in one fixed order."""
    own = {one.key for one in own_activities(programme.membership)}
    return _without_nothing(
        {
            "plaudit": FORMAT,
            "programme": programme.key,
            "name": programme.name,
            "description": programme.description,
            "language": programme.language,
            "audience": _one_or_list(programme.audience),
            "time_zone": programme.time_zone,
            "currency": programme.currency,
            "public": public_document(programme.public),
            "objectives": {objective.key: objective.name for objective in programme.objectives},
            "units": {unit.key: _unit(unit, programme.currency) for unit in programme.units},
            "activities": {one.key: _activity(one) for one in programme.activities if one.key not in own},
            "member_fields": {name: _field(field) for name, field in programme.member_fields.items()},
            "stacking": programme.stacking.value if programme.stacking is not Stacking.ADD else "",
            "rules": {rule.key: rule_document(programme, rule) for rule in programme.rules},
            "limits": _limits(programme, programme.limits),
            "campaigns": {one.key: _campaign(programme, one) for one in programme.campaigns},
            "rewards": {reward.key: reward_document(programme, reward) for reward in programme.rewards},
            "challenges": {one.key: challenge_document(programme, one) for one in programme.challenges},
            "streaks": {one.key: streak_document(programme, one) for one in programme.streaks},
            "membership": membership_document(programme.membership),
            "partners": partners_document(programme.membership),
            "learning": learning_document(programme),
            "surveys": surveys_document(programme),
            "competitions": {one.key: competition_document(programme, one) for one in programme.competitions},
            "achievements": {one.key: achievement_document(programme, one) for one in programme.achievements},
            "badges": {one.key: badge_document(one) for one in programme.badges},
            **_occasions(programme),
            "offers": {one.key: offer_document(one) for one in programme.offers},
            "segments": {one.key: segment_document(one) for one in programme.segments},
            "tiers": {ladder.key: tier_document(ladder) for ladder in programme.tiers},
            "examples": [_example(example) for example in programme.examples],
            "translations": {language: dict(said) for language, said in programme.translations.items()},
        }
    )


def _occasions(programme: Programme) -> Document:
    """The sections of which there is one: how friends are brought, birthdays celebrated and people noticed."""
    return {
        "referrals": referrals_document(
            programme.referrals,
            units=len(programme.units),
            number=plain_number,
            limits=_limits(programme, programme.referrals.limits if programme.referrals else ()),
        ),
        "birthdays": birthdays_document(
            programme.birthdays,
            units=len(programme.units),
            number=plain_number,
            audience=_one_or_list(programme.birthdays.audience if programme.birthdays else ()),
        ),
        "recognition": recognition_document(
            programme.recognition,
            units=len(programme.units),
            number=plain_number,
            audience=_one_or_list(programme.recognition.audience if programme.recognition else ()),
        ),
    }


def _unit(unit: Unit, currency: str) -> Document:
    return _without_nothing(
        {
            "one": unit.one,
            "other": unit.other,
            "precision": unit.precision or None,
            "worth": quantity_text(Quantity(unit.worth, currency)) if unit.worth is not None else "",
            "expires": expiry_text(unit.expiry) if unit.expiry.stored() else "",
            "may_owe": unit.may_owe or None,
            "writes_off": unit.writes_off or None,
            "approval_from": _approval(unit),
        }
    )


def _approval(unit: Unit) -> Decimal | str:
    if unit.approval_from is None:
        return "never"
    return unit.approval_from if unit.approval_from != APPROVAL_FROM else ""


def _activity(activity: Activity) -> Document:
    return _without_nothing(
        {
            "title": activity.title,
            "description": activity.description,
            "corrects": activity.corrects,
            "part": activity.part.replace("/", " / "),
            "fields": {name: _field(field) for name, field in activity.fields.items()},
            "extra_fields": None if activity.extra_fields else False,
            "enrols": activity.enrols,
        }
    )


def field_words(field: FieldType) -> str:
    """A field's type in short: `optional decimal(2)`, `web or shop`."""
    if field.choices:
        return f"{'optional ' if field.nullable else ''}{' or '.join(field.choices)}"
    return f"{'optional ' if field.nullable else ''}{_kind(field)}"


def _kind(field: FieldType) -> str:
    return f"decimal({field.scale})" if field.kind is FieldKind.DECIMAL else field.kind.value


def _field(field: FieldType) -> str | list[str] | Document:
    """The shortest form that says it all."""
    is_choice = bool(field.choices)
    kind = _kind(field)
    if (
        field.label
        or field.minimum is not None
        or field.maximum is not None
        or (is_choice and field.nullable)
    ):
        return _without_nothing(
            {
                "type": "" if is_choice else kind,
                "choices": list(field.choices),
                "optional": True if field.nullable else None,
                "min": field.minimum,
                "max": field.maximum,
                "label": field.label,
            }
        )
    if is_choice:
        return list(field.choices)
    return f"optional {kind}" if field.nullable else kind


def rule_document(programme: Programme, rule: Rule) -> Document:
    """A rule as a file spells it."""
    return _without_nothing(
        {
            "name": rule.name,
            "on": rule.on,
            "unit": rule.unit if len(programme.units) > 1 else "",
            "audience": _one_or_list(rule.audience),
            **_window(rule.window),
            "when": rule.when,
            "earn": _number_or_text(rule.earn),
            "rounding": rule.rounding,
            "take": _number_or_text(rule.take),
            "multiply": rule.multiply,
            "of": _one_or_list(rule.of),
            "pending": wait_text(rule.pending_days, rule.pending_until),
            "limits": _limits(programme, rule.limits),
            "because": rule.because,
            "objective": rule.objective,
            "examples": [_rule_example(rule, example) for example in rule.examples],
        }
    )


def _number_or_text(expression: str) -> str | int | Decimal:
    """A bare number as a number, so that it is written without quotes."""
    if not _PLAIN_NUMBER.fullmatch(expression):
        return expression
    return Decimal(expression) if "." in expression else int(expression)


def _limits(programme: Programme, limits: tuple[Limit, ...]) -> Any:
    written = [
        {"limit": limit_words(programme, limit), "name": limit.name}
        if limit.name
        else limit_words(programme, limit)
        for limit in limits
    ]
    return written[0] if len(written) == 1 and isinstance(written[0], str) else written


def limit_words(programme: Programme, limit: Limit) -> str:
    """The limit as a file spells it, such as: at most 500 points a day per member."""
    return limit_text(LimitPhrase(quantity_counted(programme, limit), limit.every, limit.per, limit.partial))


def quantity_counted(programme: Programme, limit: Limit) -> Quantity:
    """What a limit counts, in the words of its unit."""
    if not limit.unit:
        return limit.at_most
    unit = programme.unit(limit.unit)
    if limit.at_most.of == limit.unit:
        return Quantity(limit.at_most.number, unit.one if limit.at_most.number == 1 else unit.other)
    only = len([one for one in programme.units if one.worth is not None]) == 1
    return limit.at_most if only else Quantity(limit.at_most.number, f"{limit.at_most.of} of {unit.other}")


def _campaign(programme: Programme, campaign: Campaign) -> Document:
    budget = campaign.budget
    return _without_nothing(
        {
            "name": campaign.name,
            "description": campaign.description,
            **_window(campaign.window),
            "budget": quantity_text(quantity_counted(programme, budget)) if budget is not None else "",
            "limits": _limits(programme, campaign.limits),
        }
    ) | {"rules": {rule.key: rule_document(programme, rule) for rule in campaign.rules}}


def _rule_example(rule: Rule, example: Example) -> Document:
    return _facts_of(example) | {"earns": example.earns.get(rule.unit)}


def _example(example: Example) -> Document:
    return {"on": example.on} | _facts_of(example) | {"earns": dict(example.earns)}


def _facts_of(example: Example) -> Document:
    at: datetime | None = example.at
    return _without_nothing(
        {
            "given": {name: _fact(value) for name, value in example.given.items()},
            "member": {name: _fact(value) for name, value in example.member.items()},
            "at": moment_text(at) if at is not None else "",
        }
    )


def _fact(text: str | None) -> Any:
    """A value of an example as YAML would spell it: numbers and truth without quotes."""
    if text is None or not _PLAIN_NUMBER.fullmatch(text):
        return {"true": True, "false": False}.get(text or "", text)
    return Decimal(text) if "." in text else int(text)
