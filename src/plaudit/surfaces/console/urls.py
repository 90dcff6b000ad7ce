"""Where every address of the console leads, under /console/."""

from __future__ import annotations

from django.urls import URLPattern, path

from plaudit.earning import console as files
from plaudit.earning import console_sending as sending
from plaudit.ledger import console as proof
from plaudit.rewards import console as rewards
from plaudit.surfaces.console import books, home, members, programmes, simulating, trying

app_name = "console"

urlpatterns: list[URLPattern] = [
    path("", home.home, name="home"),
    path("members", members.member_list, name="members"),
    path("members/<str:member_id>", members.member_page, name="member"),
    path("members/<str:member_id>/adjust", proof.adjust_page, name="adjust"),
    path("members/<str:member_id>/adjust/check", proof.check_adjustment, name="check-adjustment"),
    path("members/<str:member_id>/adjust/post", proof.post_adjustment, name="post-adjustment"),
    path("programmes", programmes.programme_list, name="programmes"),
    path("programmes/new", programmes.edit_page, name="new-programme"),
    path("programmes/plan", programmes.plan_page, name="plan"),
    path("programmes/apply", programmes.apply_file, name="apply"),
    path("programmes/test", trying.try_page, name="try"),
    path("programmes/test/run", trying.try_activity, name="try-activity"),
    path("programmes/of/<slug:key>", programmes.programme_page, name="programme"),
    path("programmes/of/<slug:key>/edit", programmes.edit_page, name="edit-programme"),
    path("programmes/of/<slug:key>/pause", programmes.pause_programme, name="pause-programme"),
    path("programmes/of/<slug:key>/resume", programmes.resume_programme, name="resume-programme"),
    path("programmes/of/<slug:key>/<int:number>", programmes.version_page, name="version"),
    path("programmes/of/<slug:key>/<int:number>.yaml", programmes.version_file, name="version-file"),
    path("simulations", simulating.simulate_page, name="simulate"),
    path("simulations/run", simulating.run_simulation, name="run-simulation"),
    path("simulations/<str:reference>", simulating.simulation_page, name="simulation"),
    path("simulations/<str:reference>/progress", simulating.simulation_progress, name="simulation-progress"),
    path("imports", files.import_list, name="imports"),
    path("imports/new", sending.new_import, name="new-import"),
    path("imports/look", sending.look_at_upload, name="look-at-upload"),
    path("imports/look-again", sending.look_again, name="look-again"),
    path("imports/<str:import_id>", files.import_page, name="import"),
    path("imports/<str:import_id>/progress", files.import_progress, name="import-progress"),
    path("imports/<str:import_id>/rejects.csv", files.import_rejects, name="import-rejects"),
    path("imports/<str:import_id>/pause", files.pause, name="pause-import"),
    path("imports/<str:import_id>/resume", files.resume, name="resume-import"),
    path("ledger", books.ledger, name="ledger"),
    path("ledger/verification", proof.verification, name="verification"),
    path("ledger/verification/run", proof.run_verification, name="verify"),
    path("ledger/verification/seal", proof.seal_books, name="seal"),
    path("ledger/<str:reference>", books.transfer, name="transfer"),
    path("ledger/<str:reference>/why", books.why, name="why"),
    path("rewards", rewards.reward_list, name="rewards"),
    path("redemptions", rewards.redemption_list, name="redemptions"),
    path("redemptions/<str:reference>", rewards.redemption_page, name="redemption"),
    path("redemptions/<str:reference>/fulfil", rewards.fulfil_redemption, name="fulfil"),
    path("redemptions/<str:reference>/cancel", rewards.cancel_redemption, name="cancel"),
]
