"""The ways a call of the API is refused before anything is looked up."""

from __future__ import annotations

from plaudit.foundation.refusals import Problem, Refusal


class CursorUnknown(Problem):
    code = "cursor_unknown"
    sentence = "This cursor is none of ours."
    way_forward = "Use `next` of the page before as it was given, or no cursor to begin at the beginning."

    def __init__(self, *, parameter: str = "after") -> None:
        super().__init__(
            self.sentence,
            errors=[
                {
                    "in": "query",
                    "pointer": f"/{parameter}",
                    "code": self.code,
                    "detail": "Not a cursor of this list.",
                }
            ],
        )


class ParametersUnknown(Problem):
    """Query parameters that the operation does not have: a misspelt filter must not answer with everything."""

    code = "parameters_unknown"
    sentence = "The address has parameters that mean nothing here."
    way_forward = "Correct them or leave them out; the reference lists what there is."

    def __init__(self, *, names: list[str], known: list[str]) -> None:
        there = f"There are: {', '.join(known)}." if known else "There are none here."
        super().__init__(
            self.sentence,
            errors=[
                {
                    "in": "query",
                    "pointer": f"/{name}",
                    "code": "unknown",
                    "detail": f"There is no parameter {name}. {there}",
                }
                for name in names
            ],
        )


class BodyMalformed(Problem):
    code = "body_malformed"
    status = 400
    exit_code = 2
    sentence = "The body is not JSON that can be taken."

    def __init__(self, *, reason: str, detail: str, pointer: str = "") -> None:
        super().__init__(
            self.sentence, errors=[{"in": "body", "pointer": pointer, "code": reason, "detail": detail}]
        )


class BodyTooLarge(Refusal):
    code = "body_too_large"
    status = 413
    exit_code = 2
    sentence = "The body is larger than {most:,} bytes."
    way_forward = "Send it in parts."

    def __init__(self, *, most: int) -> None:
        super().__init__(most=most)


class LengthNeeded(Refusal):
    code = "length_needed"
    status = 411
    exit_code = 2
    sentence = "A body needs its length in the header Content-Length."
    way_forward = "Do not send it in chunks of unknown number."


class MediaTypeNotTaken(Refusal):
    code = "media_type_not_taken"
    status = 415
    exit_code = 2
    sentence = "{media} is not a kind of body that is taken here."
    way_forward = "Send {taken}, and say so in the header Content-Type."

    def __init__(self, *, media: str, taken: str) -> None:
        super().__init__(media=media[:80] or "A body without a content type", taken=taken)


class PreconditionFailed(Refusal):
    code = "precondition_failed"
    status = 412
    exit_code = 5
    sentence = "It was changed since you read it, so nothing was changed now."
    way_forward = "Read it again, look at what is new, and send your change with the new ETag in If-Match."
