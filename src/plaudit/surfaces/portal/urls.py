"""Where the addresses of the portal lead: a person's own pages, and those of their points and rewards."""

from __future__ import annotations

from django.urls import path

from plaudit.people import portal as people
from plaudit.people import portal_ways_in as ways_in
from plaudit.rewards import portal as rewards
from plaudit.surfaces.portal import earning, home, plain, questions, statement

app_name = "portal"

urlpatterns = [
    path("", home.home, name="home"),
    path("home/live", home.home_live, name="home-live"),
    path("activity", statement.lines, name="statement"),
    path("activity/done", statement.done, name="done"),
    path("activity/missing", questions.missing, name="missing"),
    path("activity/missing/send", questions.send_claim, name="send-claim"),
    path("activity/<str:reference>", statement.one, name="line"),
    path("earn", earning.ways, name="earn"),
    path("expiry", earning.expiry, name="expiry"),
    path("rewards", rewards.catalogue, name="rewards"),
    path("rewards/<int:reward_id>", rewards.reward, name="reward"),
    path("rewards/<int:reward_id>/redeem", rewards.check, name="redeem"),
    path("rewards/<int:reward_id>/redeem/now", rewards.redeem_it, name="redeem-now"),
    path("redemptions", rewards.mine, name="redemptions"),
    path("redemptions/<str:reference>", rewards.one, name="redemption"),
    path("redemptions/<str:reference>/code", rewards.code, name="code"),
    path("redemptions/<str:reference>/cancel", rewards.check_cancel, name="cancel"),
    path("redemptions/<str:reference>/cancel/now", rewards.cancel_it, name="cancel-now"),
    path("cases", questions.mine, name="cases"),
    path("cases/new", questions.ask, name="question"),
    path("cases/new/send", questions.send, name="send-question"),
    path("cases/<str:reference>", questions.one, name="case"),
    path("cases/<str:reference>/reply", questions.say_more, name="say-more"),
    path("cases/<str:reference>/withdraw", questions.take_back, name="take-back"),
    path("sign-in", people.sign_in, name="sign-in"),
    path("sign-in/sent", people.link_sent, name="link-sent"),
    path("sign-in/to/<slug:slug>", people.sign_in, name="sign-in-to"),
    path("sign-in/code", ways_in.code_step, name="code-step"),
    path("sign-in/passkey", ways_in.use_passkey, name="use-passkey"),
    path("sign-in/passkey/ask", ways_in.ask_for_passkey, name="ask-for-passkey"),
    path("sign-in/<str:secret>", people.use_link, name="link"),
    path("sign-out", people.sign_out, name="sign-out"),
    path("signed-out", people.signed_out, name="signed-out"),
    path("organisations", people.organisations, name="organisations"),
    path("organisations/<str:code>", people.enter, name="enter"),
    path("me/profile", people.profile, name="profile"),
    path("me/security", people.security, name="security"),
    path("me/security/passkeys", ways_in.add_passkey, name="add-passkey"),
    path("me/security/passkeys/ask", ways_in.ask_to_make, name="ask-to-make-passkey"),
    path("me/security/passkeys/<str:reference>/remove", ways_in.remove_passkey, name="remove-passkey"),
    path("me/security/app", ways_in.code_app, name="code-app"),
    path("me/security/app/remove", ways_in.remove_code_app, name="remove-code-app"),
    path("me/security/others", people.end_others, name="end-other-sessions"),
    path("me/security/<str:reference>", people.end_one, name="end-session"),
    path("help", plain.help_page, name="help"),
    path("robots.txt", plain.robots, name="robots"),
    path("favicon.ico", plain.favicon, name="favicon"),
]
