"""A conversation that the demo's service staff practise, about the programme of its customers; and who has."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import partial

from plaudit.learning.actions.practising import practise
from plaudit.surfaces.cli.demo.noticing import Step, desk_ids

ACTOR = "demo"
PROGRAMME = "points-basics"
SCENARIO = "missing-points"

SCENARIOS = """
learning:
  scenarios:
    missing-points:
      name: My points are missing
      intro: A customer is on the telephone. They bought a tent for $80 yesterday and see no points.
      audience: staff
      pass: 75
      turns:
        hello:
          says: I bought a tent yesterday, and there is nothing in my account. What is going on?
          choices:
            look:
              say: Let me look while you are with me. May I have the e-mail address of your order?
              points: 3
              because: You say what you do, and ask for the one thing that you need.
              next: worth
            policy:
              say: Points are there when they are there.
              because: They called to hear when. What is on its way stands on their first page as pending.
              next: angry
            form:
              say: Please fill in the form for missing points.
              points: 1
              because: That is a way, but the slowest. Look first; the order may be there already.
              next: worth
        angry:
          says: That is no answer. I want to know now.
          choices:
            sorry:
              say: You are right, I am sorry. I look at once.
              points: 2
              because: A short apology, and then what you do about it.
              next: worth
            again:
              say: Could you tell me again what this is about?
              because: They have told you. This turn gives nothing the second time.
              next: hello
        worth:
          says: And how many points will it be for $80?
          choices:
            right:
              say: "For the order alone {{ purchases: amount=80 }}. What your level adds stands beside it."
              points: 3
              because: "The rule in force {{ purchases }}."
              next: until
            guess:
              say: About a hundred and fifty, I think.
              because: "Never guess a figure: the rule makes it {{ purchases: amount=80 }}."
              next: until
        until:
          says: Will they be gone by summer?
          choices:
            expiry:
              say: "They expire {{ expiry of points }}. You are told thirty days before."
              points: 2
              because: The warning is worth as much as the date.
              next: end
            vague:
              say: They last quite long.
              points: 1
              because: True, but nobody can plan with it.
              next: end
"""

_BEST, _FAIR = ("look", "right", "expiry"), ("policy", "again", "form", "guess", "vague")


def practised(organisation_id: int, today: datetime) -> Iterator[Step]:
    """Most of the staff have played it to the end, three of them not well enough yet."""
    desk = list(desk_ids(organisation_id).values())[:18]
    for place, member_id in enumerate(desk):
        way = _FAIR if place % 6 == 5 else _BEST
        yield (
            today - timedelta(days=60 - place, hours=-1),
            partial(
                practise,
                organisation_id,
                member_id=member_id,
                programme=PROGRAMME,
                scenario=SCENARIO,
                way=way,
                actor=ACTOR,
            ),
        )
