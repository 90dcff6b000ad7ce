"""What members say and what is said of them: surveys that wait for an answer, and their own results."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from plaudit.foundation.access.actors import actor_of
from plaudit.foundation.access.declarations import allows
from plaudit.foundation.access.roles import RoleName
from plaudit.people.queries import organisation
from plaudit.people.reach import themselves
from plaudit.surveys.asked import all_surveys
from plaudit.surveys.links import secret_of
from plaudit.surveys.queries.invitations import open_invitations_of
from plaudit.surveys.queries.own import ENOUGH, own_results


@require_GET
@allows(roles=[RoleName.MEMBER], objects=themselves(), to="have your say")
def have_your_say(request: HttpRequest) -> HttpResponse:
    """The surveys that a member is asked to answer."""
    actor = actor_of(request)
    assert actor.member_id is not None
    named = {
        (surveys.programme, one.key): one
        for surveys in all_surveys(actor.organisation_id)
        for one in surveys.surveys
    }
    slug = organisation(actor.organisation_id).slug
    shown = {
        "title": _("Have your say"),
        "lead": _("What you are asked, and what became of it."),
        "rows": [
            {
                "survey": named[one.programme, one.survey],
                "ends_at": one.ends_at,
                "begun": bool(one.draft),
                "url": reverse("public:survey", args=[slug, secret_of(actor.organisation_id, one.id)]),
            }
            for one in open_invitations_of(actor.organisation_id, actor.member_id)
            if (one.programme, one.survey) in named
        ],
    }
    return render(request, "surveys/portal_have_your_say.html", shown)


@require_GET
@allows(roles=[RoleName.MEMBER], objects=themselves(), to="see your own results")
def my_results(request: HttpRequest) -> HttpResponse:
    """How those whom a member served rated it."""
    actor = actor_of(request)
    assert actor.member_id is not None
    shown = {
        "title": _("My results"),
        "lead": _("What those you served said of it. Nobody's name stands here."),
        "rows": own_results(actor.organisation_id, actor.member_id),
        "enough": ENOUGH,
    }
    return render(request, "surveys/portal_my_results.html", shown)
