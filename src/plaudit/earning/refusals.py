"""The ways earning says no."""

from __future__ import annotations

from plaudit.foundation.refusals import Conflict, NotFound


class ImportNotThere(NotFound):
    code = "import_not_found"

    def __init__(self, *, ref: str) -> None:
        super().__init__(kind="import", ref=ref)


class ImportIsRunning(Conflict):
    code = "import_is_running"
    sentence = "{ref} is being run by another process."
    way_forward = (
        "Wait for it to finish, or pause it first; an abandoned import can be taken up after a minute."
    )

    def __init__(self, *, ref: str) -> None:
        super().__init__(ref=ref)


class ImportNotReversible(Conflict):
    code = "import_not_reversible"
    sentence = "{ref} is {state}, so there is nothing to take back."
    way_forward = (
        "Pause it first where it is running; one that was refused or reversed has posted nothing that stands."
    )

    def __init__(self, *, ref: str, state: str) -> None:
        super().__init__(ref=ref, state=state)


class ImportNotCancellable(Conflict):
    code = "import_not_cancellable"
    sentence = "{ref} is {state}, so there is nothing left to cancel."
    way_forward = "What it brought in can be taken back."

    def __init__(self, *, ref: str, state: str) -> None:
        super().__init__(ref=ref, state=state)


class ImportNotResumable(Conflict):
    code = "import_not_resumable"
    sentence = "{ref} is {state}, so it cannot go on."
    way_forward = "Import a repaired file; what is recorded already is not recorded twice."

    def __init__(self, *, ref: str, state: str) -> None:
        super().__init__(ref=ref, state=state)
