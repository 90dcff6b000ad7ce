"""The ways learning says no."""

from __future__ import annotations

from plaudit.foundation.refusals import Conflict, Refusal


class NothingToLearn(Refusal):
    code = "nothing_to_learn"
    status = 404
    exit_code = 3
    sentence = "The programme {programme} offers no {offering}."
    way_forward = "Add it to the section learning: of its file."

    def __init__(self, *, programme: str, offering: str) -> None:
        super().__init__(programme=programme, offering=offering)


class FirstLearn(Conflict):
    code = "first_learn"
    sentence = "{name} comes after {missing}."
    way_forward = "Complete that first."

    def __init__(self, *, name: str, missing: str) -> None:
        super().__init__(name=name, missing=missing)


class NotOpen(Conflict):
    code = "session_not_open"
    sentence = "This session is {state}."
    way_forward = "Choose another one."

    def __init__(self, *, state: str) -> None:
        super().__init__(state=state)


class NobodyNamed(Refusal):
    code = "nobody_named"
    sentence = "Say who is there."


class NotRegistered(Conflict):
    code = "not_registered"
    sentence = "There is no registration to cancel."


class EndsBeforeItBegins(Refusal):
    code = "ends_before_it_begins"
    sentence = "A session ends after it begins."


class NoPlaces(Refusal):
    code = "no_places"
    sentence = "A session has at least one place."


class DayToCome(Refusal):
    code = "day_to_come"
    sentence = "Nobody has completed anything on a day to come."


class CountedAlready(Conflict):
    code = "counted_already"
    sentence = "{name} counts {counts}, and it is counted already."

    def __init__(self, *, name: str, counts: str) -> None:
        super().__init__(name=name, counts=counts)


class MadeOfSteps(Conflict):
    code = "made_of_steps"
    sentence = "{name} is completed by completing its steps."
    way_forward = "Report the step that was completed."

    def __init__(self, *, name: str) -> None:
        super().__init__(name=name)


class NotClaimed(Conflict):
    code = "not_claimed"
    sentence = "{name} is not something to claim oneself."
    way_forward = "Whoever gave it reports who completed it."

    def __init__(self, *, name: str) -> None:
        super().__init__(name=name)


class AlreadyDecided(Conflict):
    code = "already_decided"
    sentence = "This claim is {state} already."

    def __init__(self, *, state: str) -> None:
        super().__init__(state=state)


class OwnClaim(Refusal):
    code = "own_claim"
    status = 403
    exit_code = 6
    sentence = "Nobody decides what they claimed themselves."
    way_forward = "Let a colleague decide it."


class ProofTooLarge(Refusal):
    code = "proof_too_large"
    sentence = "The file is too large."
    way_forward = "Send a PDF, PNG or JPEG of at most 2 MB."


class ProofNotReadable(Refusal):
    code = "proof_not_readable"
    sentence = "The file is neither a PDF nor a picture."
    way_forward = "Send a PDF, PNG or JPEG of at most 2 MB."


class KeyUsed(Conflict):
    code = "idempotency_key_reused"
    sentence = "The key {key} already meant something else."
    way_forward = "Send a new key for a new act."

    def __init__(self, *, key: str) -> None:
        super().__init__(key=key)


class ListNamesNobody(Refusal):
    code = "list_names_nobody"
    sentence = "The list has no column of names, e-mail addresses or numbers, or nobody in it."
    way_forward = "Send a CSV or XLSX file with a heading, and one person a row."


class ListGone(Conflict):
    code = "list_gone"
    sentence = "The file of this list is not kept any more."
    way_forward = "Send it in again."


class ListTooLong(Refusal):
    code = "list_too_long"
    sentence = "The list has more than {most} rows."
    way_forward = "Send it in parts."

    def __init__(self, *, most: int) -> None:
        super().__init__(most=most)


class NotThatFar(Conflict):
    code = "not_that_far"
    sentence = "This list is {state}."

    def __init__(self, *, state: str) -> None:
        super().__init__(state=state)


class TooLate(Conflict):
    code = "too_late"
    sentence = "A list is taken back within 30 days."
    way_forward = "Take back single completions, with the reason."


class StatementNotTaken(Refusal):
    """A statement that is not as the Experience API has it, with the place in it."""

    code = "statement_not_taken"
    status = 400
    sentence = "The statement is not taken at {where}: {why}."

    def __init__(self, where: str, why: str) -> None:
        super().__init__(where=where or "its beginning", why=why)


class QuestionNotTaken(Refusal):
    code = "question_not_taken"
    status = 400
    sentence = "{name} is not taken: {why}."

    def __init__(self, name: str, why: str) -> None:
        super().__init__(name=name, why=why)


class VersionNotTaken(Refusal):
    code = "version_not_taken"
    status = 400
    sentence = "This speaks version 1.0 of the Experience API, and not {version}."
    way_forward = "Send the header X-Experience-API-Version: 1.0.3."

    def __init__(self, version: str) -> None:
        super().__init__(version=version or "one that is not said")


class StatementSaidOtherwise(Conflict):
    code = "statement_said_otherwise"
    sentence = "There is another statement {id}."
    way_forward = "Void it, and send what is right under an id of its own."

    def __init__(self, id: str) -> None:
        super().__init__(id=id)


class DocumentChanged(Refusal):
    code = "document_changed"
    status = 412
    exit_code = 5
    sentence = "The document is not as it was seen, so nothing was changed."
    way_forward = "Read it again, and send your change with the new ETag in If-Match."


class DocumentKnown(Conflict):
    code = "document_known"
    sentence = "There is a document here already, and nothing says that you have seen it."
    way_forward = "Check the current state of it, and set the If-Match header with its current ETag."


class DocumentNotMerged(Refusal):
    code = "document_not_merged"
    status = 400
    sentence = "Only one JSON object is merged into another, and what is called JSON has to be JSON."
    way_forward = "Put the document whole, with its media type in the header Content-Type."


class DocumentTooLarge(Refusal):
    code = "document_too_large"
    status = 413
    sentence = "A document has at most {most:,} bytes."
    way_forward = "Keep it in parts, under names of their own."

    def __init__(self, *, most: int) -> None:
        super().__init__(most=most)


class TooManyDocuments(Conflict):
    code = "too_many_documents"
    sentence = "There are {most} documents here already."
    way_forward = "Take away those that nobody needs any more."

    def __init__(self, *, most: int) -> None:
        super().__init__(most=most)


class TooMuchAttached(Conflict):
    code = "too_much_attached"
    sentence = "The files of statements have {most:,} bytes together at most."
    way_forward = "Keep them elsewhere, and name them by fileUrl."

    def __init__(self, *, most: int) -> None:
        super().__init__(most=most)


class NoScenario(Refusal):
    code = "no_scenario"
    status = 404
    exit_code = 3
    sentence = "The programme {programme} has no scenario {scenario}."
    way_forward = "Look at what there is to practise."

    def __init__(self, *, programme: str, scenario: str) -> None:
        super().__init__(programme=programme, scenario=scenario)


class WayNotThere(Conflict):
    code = "way_not_there"
    sentence = "{name} has no such way any more."
    way_forward = "Begin it again."

    def __init__(self, *, name: str) -> None:
        super().__init__(name=name)


class NotAtTheEnd(Conflict):
    code = "not_at_the_end"
    sentence = "{name} is not at its end."
    way_forward = "Answer what the customer says."

    def __init__(self, *, name: str) -> None:
        super().__init__(name=name)
