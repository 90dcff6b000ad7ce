"""The ways credentials say no."""

from __future__ import annotations

from plaudit.foundation.refusals import Conflict, Refusal


class NotOurShape(Refusal):
    code = "not_our_shape"
    sentence = "This is not a credential as it is given here: {why}."
    way_forward = "Take the file or the link that the credential was given with, unchanged."

    def __init__(self, why: str) -> None:
        super().__init__(why=why)


class TooEntangled(Refusal):
    code = "too_entangled"
    sentence = "These statements cannot be put into one order in good time."


class NothingToShow(Conflict):
    code = "nothing_to_show"
    sentence = "There is nothing here that still stands and could be taken along."
    way_forward = "Choose a certificate or a badge that you hold now."


class TakenBack(Conflict):
    code = "credential_taken_back"
    sentence = "This credential was taken back on {day}: {reason}"
    way_forward = "Ask whoever runs the programme."

    def __init__(self, *, day: str, reason: str) -> None:
        super().__init__(day=day, reason=reason)


class SayWhy(Refusal):
    code = "say_why"
    sentence = "Say why it is taken back: its page tells whoever opens it."


class NoSuchCredential(Refusal):
    code = "no_such_credential"
    status = 404
    exit_code = 3
    sentence = "There is no credential at this address."
    way_forward = "Ask its holder for the link again. A credential is gone where its holder left."
