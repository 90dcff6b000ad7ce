"""Tags for forms, in the manners of GOV.UK: one column, errors in words, a summary that takes focus."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from django import forms
from django.forms.boundfield import BoundField
from django.template import Library

register = Library()


@register.inclusion_tag("design/parts/field.html")
def field(bound: BoundField, suffix: str = "", *, chips: bool = False) -> dict[str, object]:
    """One field of a Django form: label, hint (``help_text``), error, input.

    ``chips`` shows radio buttons or checkboxes as choice chips; ``suffix`` is a unit after the input.
    """
    widget = bound.field.widget
    # RadioSelect is a ChoiceWidget that draws many inputs; so are lists of checkboxes and split dates.
    is_group = isinstance(widget, forms.RadioSelect | forms.CheckboxSelectMultiple | forms.MultiWidget)
    is_list = isinstance(widget, forms.RadioSelect | forms.CheckboxSelectMultiple)
    errors = list(bound.errors)
    described_by = " ".join(
        [f"{bound.auto_id}_helptext"] * bool(bound.help_text) + [f"{bound.auto_id}_error"] * bool(errors)
    )
    attributes: dict[str, str | bool] = {}
    if described_by and not is_group:
        attributes["aria-describedby"] = described_by
    return {
        "id": bound.auto_id,
        "input_id": bound.id_for_label,
        "label": bound.label,
        "hint": bound.help_text,
        "errors": errors,
        "optional": not bound.field.required and not isinstance(widget, forms.CheckboxInput),
        "is_group": is_group,
        "is_checkbox": type(widget) is forms.CheckboxInput,
        "group_class": ("chips" if chips else "options") if is_list else "parts",
        "described_by": described_by,
        "suffix": suffix,
        "length_max": getattr(bound.field, "max_length", None)
        if isinstance(widget, forms.Textarea)
        else None,
        "widget": bound.as_widget(attrs=attributes),
    }


@register.inclusion_tag("design/parts/error_summary.html")
def error_summary(form: forms.BaseForm | None) -> dict[str, object]:
    """Every error of the form in the same words as beside its field, each a link to the field."""
    if form is None or not form.is_bound:
        return {"errors": []}
    errors = [{"text": text, "target": ""} for text in form.non_field_errors()]
    for bound in form:
        errors += [{"text": text, "target": _first_input(bound)} for text in bound.errors]
    return {"errors": errors}


def _first_input(bound: BoundField) -> str:
    if isinstance(bound.field.widget, forms.RadioSelect | forms.CheckboxSelectMultiple | forms.MultiWidget):
        return f"{bound.auto_id}_0"
    return bound.id_for_label


@register.inclusion_tag("design/parts/check_answers.html")
def check_answers(answers: Sequence[Mapping[str, object]]) -> dict[str, object]:
    """What was answered, before it counts: ``{"question", "answer", "url"}`` each."""
    return {"answers": answers}


@register.inclusion_tag("design/parts/task_list.html")
def task_list(tasks: Sequence[Mapping[str, object]], id: str = "tasks") -> dict[str, object]:
    """Things to do in any order: ``{"name", "url", "hint", "status", "kind"}`` each."""
    return {"tasks": tasks, "id": id}
