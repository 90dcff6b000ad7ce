"""The catalogues: what is found in the source, that each is whole, and that what is wrong with one is named."""

from __future__ import annotations

import gettext
import io

import pytest

from scripts.messages.catalogue import Catalogue, mo_bytes, po_text, read
from scripts.messages.checking import faults
from scripts.messages.extracting import Message, in_python, in_template

PYTHON = """
_("Hello, {name}"); gettext_lazy("Later"); ngettext("{n} day", "{n} days", n); pgettext("verb", "Open")
_(variable); other("Nothing")
class SoldOut(Conflict):
    code = "sold_out"
    sentence = "{reward} is sold out."
    way_forward = ""
class State(models.TextChoices):
    ON_ITS_WAY = "sent"
    DONE = "done", "All done"
raise NotFound(kind="reward", ref=1)
@allows(roles=X, to="see this")
def page(request): ...
"""
TEMPLATE = """{% load i18n %}<p title="{% translate 'A "title"' %}">{% translate "100% yours" as words %}</p>
{% blocktranslate with n=x %}You have {{ n }}.{% endblocktranslate %}
{% blocktranslate count n=x %}{{ n }} point{% plural %}{{ n }} points{% endblocktranslate %}
{% button _("Send") %} not marked"""


def test_every_form_of_marking_is_found_in_python():
    assert {one.singular for one in in_python(PYTHON)} == {
        "Hello, {name}",
        "Later",
        "{n} day",
        "Open",
        "{reward} is sold out.",
        "On Its Way",
        "All done",
        "reward",
        "see this",
    }
    assert Message("{n} day", "{n} days") in set(in_python(PYTHON))
    assert Message("Open", context="verb") in set(in_python(PYTHON))


def test_every_form_of_marking_is_found_in_templates():
    assert set(in_template(TEMPLATE)) == {
        Message('A "title"'),
        Message("100%% yours"),
        Message("You have %(n)s."),
        Message("%(n)s point", "%(n)s points"),
        Message("Send"),
    }


def test_a_catalogue_comes_back_from_its_file_as_it_was():
    german = read("de")
    assert german.po.read_text(encoding="utf-8").count("\nmsgid ") > 2_000
    german.files = {}
    written = po_text(german)
    assert [line for line in german.po.read_text(encoding="utf-8").splitlines() if line[:2] != "#:"] == (
        written.splitlines()
    )


def test_what_is_compiled_is_what_programs_read():
    said = {
        Message("Day"): ("Tag",),
        Message("{n} day", "{n} days"): ("{n} Tag", "{n} Tage"),
        Message("Open", context="verb"): ("Öffnen",),
        Message("Not yet"): ("",),
    }
    compiled = gettext.GNUTranslations(io.BytesIO(mo_bytes(Catalogue("de", said))))
    assert compiled.gettext("Day") == "Tag"
    assert [compiled.ngettext("{n} day", "{n} days", n) for n in (1, 2)] == ["{n} Tag", "{n} Tage"]
    assert compiled.pgettext("verb", "Open") == "Öffnen"
    assert compiled.gettext("Not yet") == "Not yet"


@pytest.mark.parametrize(
    "message, forms, wrong",
    [
        (Message("Save"), ("",), "is not translated"),
        (Message("Hello, {name}"), ("Hallo",), "other places"),
        (Message("{name:%d %B}"), ("{name}",), ""),
        (Message("%(n)s left"), ("noch %(m)s",), "other places"),
        (Message("{n} day", "{n} days"), ("ein Tag", "{n} Tage"), ""),
        (Message("{n} day", "{n} days"), ("{n} Tag", "viele Tage"), "other places"),
        (Message(" and "), ("und",), "other spaces"),
        (Message("“Yes”"), ("“Ja”",), "quotation marks"),
        (Message("“Yes”"), ("„Ja“",), ""),
    ],
    ids=str,
)
def test_what_is_wrong_with_a_translation_is_named(message, forms, wrong):
    found = [one for one in faults(Catalogue("de", {message: forms}), [message]) if "django.mo" not in one]
    assert [wrong] * bool(wrong) == [wrong for one in found if wrong in one]
    assert bool(found) == bool(wrong)


def test_what_is_missing_or_left_over_is_named():
    catalogue = Catalogue("de", {Message("Gone"): ("Fort",)})
    said = list(faults(catalogue, [Message("New")]))
    assert [one.partition(":")[0] for one in said[:2]] == ["is not translated", "is said nowhere any more"]
    assert said[-1] == "django.mo is not what django.po says"
