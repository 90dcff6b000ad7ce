"""The expected no: raised where it is known, translated once at each surface."""

from __future__ import annotations

from typing import Any, ClassVar


class Refusal(Exception):
    """An expected no, with facts a person can use.

    A subclass names its `code` (stable, for programs), the HTTP `status` its surface answers with, and a
    `sentence` with places for its facts. `way_forward` says what to do about it.
    """

    code: ClassVar[str] = "refused"
    status: ClassVar[int] = 422
    exit_code: ClassVar[int] = 4
    sentence: ClassVar[str] = "That is not possible."
    way_forward: ClassVar[str] = ""

    def __init__(self, **facts: Any) -> None:
        self.facts = facts
        super().__init__(self.say())

    def say(self) -> str:
        """The refusal as one sentence, its facts filled in."""
        return self.sentence.format(**self.facts)

    def next_step(self) -> str:
        """What to do about it, its facts filled in; empty where there is nothing to do."""
        return self.way_forward.format(**self.facts)


class NotFound(Refusal):
    """The thing named does not exist, or is not the caller's to see: the two are never told apart."""

    code = "not_found"
    status = 404
    exit_code = 3
    sentence = "There is no {kind} {ref}."
    way_forward = "Check the reference; it may belong to another organisation."

    def __init__(self, *, kind: str, ref: object) -> None:
        super().__init__(kind=kind, ref=ref)


class NotAllowed(Refusal):
    """The caller is known but may not do this."""

    code = "not_allowed"
    status = 403
    exit_code = 6
    sentence = "You may not {act}."
    way_forward = "Ask someone with the role {needs} to do it or to grant it to you."

    def __init__(self, *, act: str, needs: str) -> None:
        super().__init__(act=act, needs=needs)


class Conflict(Refusal):
    """The request contradicts what is already recorded."""

    code = "conflict"
    status = 409
    exit_code = 5


class Problem(Refusal):
    """Input with one or more faults, each with the place it stands at.

    `errors` is a list of {"pointer": JSON pointer or path, "code": …, "detail": sentence}.
    """

    code = "invalid"
    status = 422
    exit_code = 4
    sentence = "{summary}"

    def __init__(self, summary: str, *, errors: list[dict[str, Any]] | None = None) -> None:
        self.errors = errors or []
        super().__init__(summary=summary)
