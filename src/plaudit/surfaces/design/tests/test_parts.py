"""What single components promise: labels, errors, sorting, sums, announcements."""

from __future__ import annotations

import pytest
from django import forms
from django.http import QueryDict
from django.template import Context, Template
from django.test import RequestFactory

from plaudit.surfaces.design.parts.figures import span_left
from plaudit.surfaces.design.samples import POINTS, SampleForm, sample_job, sample_lines, sample_reason
from plaudit.surfaces.design.widgets import DateParts

HOSTILE = "<script>alert(1)</script>"


def drawn(source: str, **context: object) -> str:
    return Template("{% load plaudit %}" + source).render(Context(context))


def test_words_given_to_a_part_are_escaped():
    for source in (
        "{% button words %}",
        "{% tag words %}",
        "{% banner title=words %}{{ words }}{% endbanner %}",
        "{% receipt words reference=words %}{% endreceipt %}",
        '{% dialog id="d" title=words %}{{ words }}{% enddialog %}',
        '{% table words id="t" note=words %}{% endtable %}',
        '{% code words id="c" %}{{ words }}{% endcode %}',
        "{% undo_line words %}",
        "{% stat words words change=words against=words %}",
        "{% empty words %}{% endempty %}",
        "{% toast %}{{ words }}{% endtoast %}",
        "{% line_diff lines label=words %}",
        "{% sparkline spark words %}",
    ):
        page = drawn(source, words=HOSTILE, lines=[HOSTILE], spark=[1, 2])
        assert "<script" not in page, source
        assert "alert" in page, source


def test_a_field_ties_its_hint_and_error_to_its_input():
    page = drawn("{% field form.points %}", form=SampleForm({"points": "5000"}))
    assert 'aria-describedby="id_points_helptext id_points_error"' in page
    assert 'aria-invalid="true"' in page
    assert '<label for="id_points">' in page


def test_the_summary_says_the_same_words_and_leads_to_the_field():
    page = drawn("{% error_summary form %}{% field form.points %}", form=SampleForm({"points": "5000"}))
    words = "Enter a number from 1 to 500. You entered 5,000."
    assert page.count(words) == 2
    assert '<a href="#id_points">' in page


def test_a_group_of_choices_is_led_to_at_its_first():
    page = drawn("{% error_summary form %}{% field form.behaviour %}", form=SampleForm({}))
    assert 'href="#id_behaviour_0"' in page
    assert 'id="id_behaviour_0"' in page
    assert "<legend>" in page


def test_a_form_nobody_sent_has_no_summary():
    assert drawn("{% error_summary form %}", form=SampleForm()).strip() == ""


def test_a_date_in_three_parts_is_read_and_shown_again_even_when_wrong():
    class Form(forms.Form):
        day = forms.DateField(widget=DateParts)

    right = Form(QueryDict("day_0=3&day_1=2&day_2=2026"))
    wrong = Form(QueryDict("day_0=31&day_1=2&day_2=20-26"))

    assert right.is_valid(), right.errors
    assert right.cleaned_data["day"].isoformat() == "2026-02-03"
    assert not wrong.is_valid()
    assert 'value="31"' in drawn("{% field form.day %}", form=wrong)
    assert not Form(QueryDict("")).is_valid()


@pytest.mark.parametrize(
    "query, sign, link",
    [
        ("", "", "?sort=points"),
        ("sort=points&page=4", "ascending", "?sort=-points"),
        ("sort=-points", "descending", "?sort=points"),
        ("kind=staff&sort=name", "", "?kind=staff&amp;sort=points"),
    ],
)
def test_a_column_sorts_and_says_so_only_when_it_is_sorted_by(query, sign, link):
    request = RequestFactory().get(f"/members?{query}")
    page = drawn('{% column "Points" sort="points" numeric=True %}', request=request)
    assert (f'aria-sort="{sign}"' in page) == bool(sign)
    assert ("aria-sort" in page) == bool(sign)
    assert f'href="{link}"' in page


def test_a_csv_link_keeps_the_filters_and_drops_the_page():
    request = RequestFactory().get("/members?kind=staff&page=3")
    assert 'href="?kind=staff&amp;format=csv"' in drawn("{% csv_link %}", request=request)


def test_a_panel_without_some_layers_leaves_them_out():
    page = drawn('{% because reason id="b" %}', reason={"sentence": "Gift cards are excluded."})
    assert "Gift cards are excluded." in page
    assert "The arithmetic" not in page
    assert "<details" in page


def test_a_panel_writes_its_sums_in_the_unit():
    page = drawn('{% because reason id="b" %}', reason=sample_reason())
    assert page.count("+42\u00a0points") == 2
    assert ">84\u00a0points</td>" in page


def test_a_statement_line_says_before_and_after_and_why():
    page = drawn("{% statement_line line unit %}", line=sample_lines()[0], unit=POINTS)
    assert "+84" in page
    assert "2,266" in page
    assert "2,350" in page
    assert "Why?" in page


def test_a_job_speaks_at_quarters_and_asks_again_only_while_it_moves():
    running = {**sample_job("running"), "url": "/jobs/1"}
    page = drawn("{% job_progress job %}", job=running)
    later = drawn("{% job_progress job %}", job={**running, "done": 8141})
    done = drawn("{% job_progress job %}", job={**sample_job("done"), "url": "/jobs/1"})

    key = 'data-announce-key="import-running:running:2"'
    assert key in page
    assert key in later
    assert 'hx-get="/jobs/1"' in page
    assert "hx-get" not in done


@pytest.mark.parametrize(
    "seconds, words",
    [
        (12, "less than a minute left"),
        (60, "about 1 minute left"),
        (130, "about 2 minutes left"),
        (7200, "about 2 hours left"),
    ],
)
def test_the_time_left_is_said_as_people_say_it(seconds, words):
    assert span_left(seconds) == words


def test_the_next_milestone_says_how_much_is_missing():
    steps = [{"at": 300, "name": "Coffee"}, {"at": 1000, "name": "Lunch"}]
    page = drawn("{% milestones 400 steps unit %}", steps=steps, unit=POINTS)
    assert "You have 400\u00a0points. 600 more for Lunch." in page
    assert "reached" in page


def test_a_button_that_cannot_be_used_says_why_and_sends_nothing():
    page = drawn('{% button "Redeem" reason="You need 20 more points." id="r" %}')
    assert 'type="button"' in page
    assert 'aria-disabled="true"' in page
    assert 'aria-describedby="r-reason"' in page


def test_a_reward_out_of_reach_says_how_far():
    reward = {"id": "r", "name": "Lunch", "cost": 1000, "redeem_url": "/redeem"}
    page = drawn("{% reward_card reward unit 400 %}", reward=reward, unit=POINTS)
    assert "600\u00a0points to go" in page
    assert "/redeem" not in page
