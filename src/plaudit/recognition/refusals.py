"""The ways recognition says no."""

from __future__ import annotations

from datetime import datetime

from plaudit.foundation.refusals import Conflict, Refusal


class NoStandard(Conflict):
    code = "no_behaviour_standard"
    sentence = "No programme in force says what is recognised."
    way_forward = "Add `recognition:` with its behaviours to a programme file and apply it."


class SelfRecognition(Refusal):
    code = "self_recognition"
    sentence = "Nobody can recognise themselves."
    way_forward = "Leave yourself out."


class NotRecognised(Refusal):
    code = "not_recognised_here"
    sentence = "Members of the kind {kind} are not recognised in programme {programme}."
    way_forward = "Recognise somebody it is for, or change `audience:` in the programme file."

    def __init__(self, *, kind: str, programme: str) -> None:
        super().__init__(kind=kind, programme=programme)


class AllowanceUsed(Conflict):
    code = "allowance_used"
    sentence = "This needs {needed} from an allowance of which {left} is left."
    way_forward = "Say it without points, or wait for the next period: the allowance begins anew."

    def __init__(self, *, needed: str, left: str) -> None:
        super().__init__(needed=needed, left=left)


class PairCap(Conflict):
    code = "pair_cap_reached"
    sentence = "One person may give another points {times} times a month, and {who} has had that many."
    way_forward = "Say it without points: words have no limit of their own."

    def __init__(self, *, times: int, who: str) -> None:
        super().__init__(times=times, who=who)


class DayCap(Conflict):
    code = "day_cap_reached"
    sentence = "One person may recognise {times} times a day."
    way_forward = "Go on tomorrow."

    def __init__(self, *, times: int) -> None:
        super().__init__(times=times)


class TooLateToUndo(Conflict):
    code = "too_late_to_undo"
    sentence = "A recognition can be undone for {minutes} minutes."
    way_forward = "Ask a manager to take it back with a reason."

    def __init__(self, *, minutes: int) -> None:
        super().__init__(minutes=minutes)


class NotTheGiver(Conflict):
    code = "not_the_giver"
    sentence = "Only whoever gave a recognition can undo it."
    way_forward = "Choose who sees it, or ask a manager to take it back."


class AlreadyTakenBack(Conflict):
    code = "recognition_taken_back"
    sentence = "This recognition was taken back."
    way_forward = "Nothing more is to be done."


class WordsStand(Conflict):
    code = "words_stand"
    sentence = "A line can be added for {hours} hours, where there is none yet."
    way_forward = "Say it to them, or recognise them once more."

    def __init__(self, *, hours: int) -> None:
        super().__init__(hours=hours)


class MomentSeenTo(Conflict):
    code = "moment_seen_to"
    sentence = "Somebody has seen to this moment already."
    way_forward = "Recognise without it, if there is more to say."


class OwnFinding(Conflict):
    code = "own_finding"
    sentence = "Nobody looks into what names themselves."
    way_forward = "Somebody else takes it up."


class FindingDecided(Conflict):
    code = "finding_decided"
    sentence = "This was decided."
    way_forward = "Whoever it names can doubt the decision on their own page."


class LookedLately(Conflict):
    code = "looked_lately"
    sentence = "Who recognises one another was looked through in the last four weeks."
    way_forward = (
        "It can be asked for again from {again_at:%-d %B %Y} on; every quarter it happens by itself."
    )

    def __init__(self, *, again_at: datetime) -> None:
        super().__init__(again_at=again_at)


class NotHeardYet(Conflict):
    code = "not_heard_yet"
    sentence = "Those concerned are heard first: each says something, or has had {days} days to."
    way_forward = "Ask them, or wait. That nothing was wrong can be said at any time."

    def __init__(self, *, days: int) -> None:
        super().__init__(days=days)


class SomebodyElseDecides(Conflict):
    code = "somebody_else_decides"
    sentence = "What was doubted is decided by somebody else."
    way_forward = "Ask a colleague to take it up."


class TooLateToDoubt(Conflict):
    code = "too_late_to_doubt"
    sentence = "A decision can be doubted for {days} days."
    way_forward = "Talk to whoever runs the programme."

    def __init__(self, *, days: int) -> None:
        super().__init__(days=days)


class NoCustomers(Conflict):
    code = "customers_do_not_thank"
    sentence = "No programme in force lets customers thank from outside."
    way_forward = "Add `customers:` to `recognition:` in a programme file and apply it."


class LinkEnded(Refusal):
    code = "link_ended"
    status = 404
    sentence = "This address is not in use any more."
    way_forward = "Ask whoever gave it to you for the new one."


class ThanksEnough(Conflict):
    code = "thanks_enough"
    status = 429
    sentence = "So many people have said thank you here today that no more can be taken."
    way_forward = "Come back tomorrow; it will be passed on then."


class PlainWordsOnly(Refusal):
    code = "plain_words_only"
    sentence = "A line holds plain words, no addresses."
    way_forward = "Leave web and e-mail addresses out."


class ReplyCorrected(Conflict):
    code = "reply_corrected"
    sentence = "This line was corrected already."
    way_forward = "Correct the newer one."


class ReportDecided(Conflict):
    code = "report_decided"
    sentence = "Somebody has decided about this already."
    way_forward = "Look at what they decided."


class OwnReport(Conflict):
    code = "own_report"
    sentence = "Nobody decides about what they gave, received, wrote or reported themselves."
    way_forward = "Leave it to a colleague."


class NoNominations(Conflict):
    code = "no_nominations"
    sentence = "No programme in force takes nominations."
    way_forward = "Add `nominations:` to `recognition:` in a programme file and apply it."


class NotSoManyPoints(Refusal):
    code = "not_so_many_points"
    sentence = "A nomination is for at least 1 and at most {most}."
    way_forward = "Choose a number between."

    def __init__(self, *, most: str) -> None:
        super().__init__(most=most)


class NominationBudgetUsed(Conflict):
    code = "nomination_budget_used"
    sentence = "This needs {needed}, and {left} is left for nominations in this period."
    way_forward = "Give fewer points, or decide when the next period begins."

    def __init__(self, *, needed: str, left: str) -> None:
        super().__init__(needed=needed, left=left)


class NominationDecided(Conflict):
    code = "nomination_decided"
    sentence = "This nomination does not wait any more: it is {state}."
    way_forward = "Look at what was decided."

    def __init__(self, *, state: str) -> None:
        super().__init__(state=state)


class OwnNomination(Conflict):
    code = "own_nomination"
    sentence = "Neither who nominated nor who is nominated decides."
    way_forward = "Leave it to somebody else who leads the team, to a stand-in or to a manager."
