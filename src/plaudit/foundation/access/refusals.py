"""The ways a request is turned away at the door."""

from __future__ import annotations

from plaudit.foundation.refusals import Refusal


class SignInNeeded(Refusal):
    code = "sign_in_needed"
    status = 401
    exit_code = 6
    sentence = "This is only for people who are signed in."
    way_forward = "Sign in and try again."


class KeyNeeded(Refusal):
    code = "key_needed"
    status = 401
    exit_code = 6
    sentence = "This needs an API key."
    way_forward = "Send it in the header: Authorization: Bearer plt_…"


class KeyNotAccepted(Refusal):
    code = "key_not_accepted"
    status = 401
    exit_code = 6
    sentence = "This API key is not accepted: it is unknown, revoked or past its end."
    way_forward = "Make a new key under Developers, Keys."


class ScopeMissing(Refusal):
    code = "scope_missing"
    status = 403
    exit_code = 6
    sentence = "This API key may not do that: it needs the scope {needs}."
    way_forward = "Make a key with that scope; the scopes of a key never change."

    def __init__(self, *, needs: str) -> None:
        super().__init__(needs=needs)


class TooManyRequests(Refusal):
    code = "too_many_requests"
    status = 429
    exit_code = 7
    sentence = "There were too many requests in a short time."
    way_forward = "Wait {retry_after} s and try again."

    def __init__(self, *, retry_after: int) -> None:
        super().__init__(retry_after=retry_after)


class Unavailable(Refusal):
    code = "unavailable"
    status = 503
    exit_code = 7
    sentence = "Plaudit cannot reach its database at the moment."
    way_forward = "Try again in {retry_after} s. With the same idempotency key nothing happens twice."

    def __init__(self, *, retry_after: int = 5) -> None:
        super().__init__(retry_after=retry_after)


class FormExpired(Refusal):
    code = "form_expired"
    status = 403
    exit_code = 6
    sentence = "This form is no longer good, so nothing was changed."
    way_forward = "Go back, load the page again and send the form once more."


class MethodNotAllowed(Refusal):
    code = "method_not_allowed"
    status = 405
    exit_code = 2
    sentence = "{method} is not possible at this address."
    way_forward = "The header Allow lists what is."

    def __init__(self, *, method: str) -> None:
        super().__init__(method=method)


class NotUnderstood(Refusal):
    code = "not_understood"
    exit_code = 2
    sentence = "The request could not be read (HTTP {status})."
    way_forward = "Check its encoding, its size and its headers."

    def __init__(self, *, status: int) -> None:
        super().__init__(status=status)
        self.status = status  # type: ignore[misc]  # the one refusal that repeats what Django answered


class OurFault(Refusal):
    code = "our_fault"
    status = 500
    exit_code = 1
    sentence = "Something went wrong on our side."
    way_forward = "Try again; if it stays, tell whoever runs Plaudit the request_id."
