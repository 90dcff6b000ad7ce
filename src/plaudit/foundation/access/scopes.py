"""What an API key may be allowed to do."""

from __future__ import annotations

from django.utils.translation import gettext_noop

ADMIN = "admin"

SCOPES = {
    "activity:write": gettext_noop("Report activity: single events, batches and imports."),
    "activity:read": gettext_noop("Read activity, decisions and imports."),
    "members:read": gettext_noop("Read members, their external ids and teams."),
    "members:write": gettext_noop("Enrol, change, merge and erase members; change teams."),
    "ledger:read": gettext_noop("Read balances, statements and transfers."),
    "ledger:write": gettext_noop("Adjust and reverse points."),
    "rewards:read": gettext_noop("Read the catalogue and redemptions."),
    "rewards:write": gettext_noop("Redeem, cancel, fulfil, and change the catalogue."),
    "memberships:read": gettext_noop("Read memberships, fees, and what partners owe."),
    "memberships:write": gettext_noop("Join, renew and move members; record payments and refunds."),
    "recognition:read": gettext_noop("Read behaviour standards, recognitions, allowances and moments."),
    "recognition:write": gettext_noop("Recognise members, and take back what was given."),
    "findings:read": gettext_noop("Read what stands out in recognition, and what those concerned say."),
    "findings:write": gettext_noop(
        "Look through recognitions, ask those who stand out, speak for them, and decide."
    ),
    "learning:read": gettext_noop(
        "Read what there is to learn, who comes, completions, claims and certificates."
    ),
    "learning:write": gettext_noop(
        "Open sessions, register and check in members; report, decide and withdraw completions."
    ),
    "credentials:read": gettext_noop("Read credentials that members took with them."),
    "credentials:write": gettext_noop("Give and revoke credentials of what members hold."),
    "surveys:read": gettext_noop("Read surveys and their results."),
    "surveys:write": gettext_noop("Invite to surveys, and take in answers given elsewhere."),
    "statements:read": gettext_noop(
        "Read statements about learning, and what courses keep of learners (Experience API)."
    ),
    "statements:write": gettext_noop(
        "Send statements about learning, and keep documents of courses (Experience API)."
    ),
    "listening:read": gettext_noop(
        "Read what staff expect, remarks and how they are coded, focus groups and ideas."
    ),
    "listening:write": gettext_noop(
        "Ask what deeds deserve, take in remarks, code, run focus groups, and tell what was done."
    ),
    "cases:read": gettext_noop("Read questions and claims of members, and their answers."),
    "cases:write": gettext_noop(
        "Open, give, answer and settle questions and claims; put right what they are about."
    ),
    "approvals:read": gettext_noop("Read what waits for a second person, and what was decided."),
    "approvals:write": gettext_noop("Approve or decline, as a second person, what somebody else asked for."),
    "programme:read": gettext_noop("Read programme files and their versions; simulate."),
    "programme:write": gettext_noop("Plan and apply programme files."),
    "webhooks:read": gettext_noop("Read webhook endpoints, deliveries and the feed of news."),
    "webhooks:write": gettext_noop("Change webhook endpoints and send deliveries again."),
    "scim": gettext_noop("Provision people and teams from a directory (SCIM 2.0)."),
    ADMIN: gettext_noop("Everything, and the keys, people and settings themselves."),
}
"""Every scope and what it is for. `admin` stands for all the others."""
