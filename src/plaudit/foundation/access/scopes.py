"""What an API key may be allowed to do."""

from __future__ import annotations

ADMIN = "admin"

SCOPES = {
    "activity:write": "Report activity: single events, batches and imports.",
    "activity:read": "Read activity, decisions and imports.",
    "members:read": "Read members, their external ids and teams.",
    "members:write": "Enrol, change, merge and erase members; change teams.",
    "ledger:read": "Read balances, statements and transfers.",
    "ledger:write": "Adjust and reverse points.",
    "rewards:read": "Read the catalogue and redemptions.",
    "rewards:write": "Redeem, cancel, fulfil, and change the catalogue.",
    "memberships:read": "Read memberships, fees, and what partners owe.",
    "memberships:write": "Join, renew and move members; record payments and refunds.",
    "recognition:read": "Read behaviour standards, recognitions, allowances and moments.",
    "recognition:write": "Recognise members, and take back what was given.",
    "learning:read": "Read what there is to learn, who comes, completions, claims and certificates.",
    "learning:write": "Open sessions, register and check in members; report, decide and withdraw completions.",
    "programme:read": "Read programme files and their versions; simulate.",
    "programme:write": "Plan and apply programme files.",
    "webhooks:read": "Read webhook endpoints, deliveries and the feed of news.",
    "webhooks:write": "Change webhook endpoints and send deliveries again.",
    ADMIN: "Everything, and the keys, people and settings themselves.",
}
"""Every scope and what it is for. `admin` stands for all the others."""
