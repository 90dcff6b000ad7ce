"""The ways people says no."""

from __future__ import annotations

from datetime import datetime

from plaudit.foundation.refusals import Conflict, Refusal


class SlugTaken(Conflict):
    code = "slug_taken"
    sentence = "There is already an organisation with the short name {slug}."
    way_forward = "Choose another short name."

    def __init__(self, *, slug: str) -> None:
        super().__init__(slug=slug)


class TimeZoneUnknown(Refusal):
    code = "time_zone_unknown"
    sentence = "{time_zone} is not a time zone."
    way_forward = "Name one as in the IANA list, such as Europe/Lisbon."

    def __init__(self, *, time_zone: str) -> None:
        super().__init__(time_zone=time_zone)


class LanguageUnknown(Refusal):
    code = "language_unknown"
    sentence = "{language} is not a language Plaudit speaks."
    way_forward = "Choose one of those at the foot of the page."

    def __init__(self, *, language: str) -> None:
        super().__init__(language=language)


class NotASandbox(Refusal):
    code = "not_a_sandbox"
    status = 409
    exit_code = 5
    sentence = "{organisation} is live: its clock is the real one."
    way_forward = "Make a sandbox with the settings of {organisation} and move the clock there."

    def __init__(self, *, organisation: str) -> None:
        super().__init__(organisation=organisation)


class ClockOnlyGoesForward(Refusal):
    code = "clock_only_goes_forward"
    sentence = (
        "The sandbox stands at {now:%-d %B %Y, %H:%M} UTC and cannot go back to {wanted:%-d %B %Y, %H:%M}."
    )
    way_forward = "Choose a later moment, or make a new sandbox."

    def __init__(self, *, now: datetime, wanted: datetime) -> None:
        super().__init__(now=now, wanted=wanted)


class ClockTooFar(Refusal):
    code = "clock_too_far"
    sentence = "A sandbox clock moves at most {years} years at a time."
    way_forward = "Move it in several steps."

    def __init__(self, *, years: int) -> None:
        super().__init__(years=years)


class ClockIsMoving(Conflict):
    code = "clock_is_moving"
    sentence = "Somebody is moving this sandbox's clock right now."
    way_forward = "Wait until it has arrived."


class ExternalIdTaken(Conflict):
    code = "external_id_taken"
    sentence = "{source} already knows another member, {member}, as {external_id}."
    way_forward = "If the two are one person, merge them."

    def __init__(self, *, source: str, external_id: str, member: str) -> None:
        super().__init__(source=source, external_id=external_id, member=member)


class MemberNotActive(Conflict):
    code = "member_not_active"
    sentence = "This member is {state}."

    def __init__(self, *, state: str) -> None:
        super().__init__(state=state)


class MemberErased(Conflict):
    code = "member_erased"
    sentence = "This member was erased; nothing about them is kept or may be added."


class StayOverlaps(Conflict):
    code = "stay_overlaps"
    sentence = "The member was already in {team} at {moment:%-d %B %Y}."
    way_forward = "Begin the stay after the one before it ended."

    def __init__(self, *, team: str, moment: datetime) -> None:
        super().__init__(team=team, moment=moment)


class NotInTeam(Conflict):
    code = "not_in_team"
    sentence = "The member was not in {team} at {moment:%-d %B %Y}."

    def __init__(self, *, team: str, moment: datetime) -> None:
        super().__init__(team=team, moment=moment)


class TeamKeyTaken(Conflict):
    code = "team_key_taken"
    sentence = "There is already a team {key}."
    way_forward = "Choose another key, or use that team."

    def __init__(self, *, key: str) -> None:
        super().__init__(key=key)


class LastOperator(Conflict):
    code = "last_operator"
    sentence = "Nobody else is an operator here, so nobody could grant the role again."
    way_forward = "Make somebody else an operator first."


class MergedWithItself(Refusal):
    code = "merged_with_itself"
    sentence = "A member cannot be merged with itself."


class AlreadyMerged(Conflict):
    code = "already_merged"
    sentence = "{member} was already merged into {survivor}."
    way_forward = "Undo that merge first, or merge {survivor}."

    def __init__(self, *, member: str, survivor: str) -> None:
        super().__init__(member=member, survivor=survivor)


class NotMerged(Conflict):
    code = "not_merged"
    sentence = "That merge was undone on {undone_at:%-d %B %Y}."

    def __init__(self, *, undone_at: datetime) -> None:
        super().__init__(undone_at=undone_at)


class SurvivorMovedOn(Conflict):
    code = "survivor_moved_on"
    sentence = "{survivor} was itself merged into another member since."
    way_forward = "Undo the later merge first."

    def __init__(self, *, survivor: str) -> None:
        super().__init__(survivor=survivor)


class ScopeUnknown(Refusal):
    code = "scope_unknown"
    sentence = "{scope} is not a scope."
    way_forward = "Choose from: {known}."

    def __init__(self, *, scope: str, known: str) -> None:
        super().__init__(scope=scope, known=known)


class ScopesMissing(Refusal):
    code = "scopes_missing"
    sentence = "A key needs at least one scope."
    way_forward = "Choose from: {known}."

    def __init__(self, *, known: str) -> None:
        super().__init__(known=known)


class KeyRevoked(Conflict):
    code = "key_revoked"
    sentence = "This key was revoked on {revoked_at:%-d %B %Y}."
    way_forward = "Make a new one."

    def __init__(self, *, revoked_at: datetime) -> None:
        super().__init__(revoked_at=revoked_at)


class KeyAlreadyRotated(Conflict):
    code = "key_already_rotated"
    sentence = "This key was already replaced by {replacement}."
    way_forward = "Rotate {replacement}, or make a new key."

    def __init__(self, *, replacement: str) -> None:
        super().__init__(replacement=replacement)


class OperatorNeeded(Conflict):
    code = "operator_needed"
    sentence = "This organisation is live: here an operator does this."
    way_forward = "Ask an operator, or do it in a sandbox."


class LinkNotValid(Refusal):
    code = "link_not_valid"
    status = 403
    exit_code = 6
    sentence = "This link was already used or is too old."
    way_forward = "Ask for a new one; links are good for a few minutes, once."


class NoWayIn(Refusal):
    code = "no_way_in"
    status = 403
    exit_code = 6
    sentence = "You have no role in this organisation."
    way_forward = "Ask someone who runs it to invite you."


class PasskeyNotAccepted(Refusal):
    code = "passkey_not_accepted"
    status = 422
    exit_code = 6
    sentence = "This passkey was not accepted."
    way_forward = "Try again, or have a link sent to your e-mail address."


class PasskeyKnown(Conflict):
    code = "passkey_known"
    sentence = "This passkey is known already."
    way_forward = "Use it to sign in, or make one on another device."


class CodeNotRight(Refusal):
    code = "code_not_right"
    status = 422
    exit_code = 6
    sentence = "That code is not right, or was used already."
    way_forward = "Wait for the next one in your app, or use one of your recovery codes."


class SignInAgain(Refusal):
    code = "sign_in_again"
    status = 403
    exit_code = 6
    sentence = "This took too long, or went wrong too often."
    way_forward = "Begin again: have a new link sent to your e-mail address."


class SingleSignOnOff(Refusal):
    code = "single_sign_on_off"
    status = 403
    exit_code = 6
    sentence = "Nobody vouches for the people of this organisation at the moment."
    way_forward = "Go back to the sign-in page and sign in by another way."


class SingleSignOnExpired(Refusal):
    code = "single_sign_on_expired"
    status = 403
    exit_code = 6
    sentence = "This took too long, or was begun in another browser."
    way_forward = "Begin again from the sign-in page."


class SingleSignOnNeeded(Refusal):
    code = "single_sign_on_needed"
    status = 403
    exit_code = 6
    sentence = "You sign in to this organisation with {provider}."
    way_forward = "Sign out, and choose {provider} on its sign-in page."

    def __init__(self, *, provider: str) -> None:
        super().__init__(provider=provider)


class ProviderSaidNo(Refusal):
    code = "provider_said_no"
    status = 403
    exit_code = 6
    sentence = "{provider} did not sign you in: it says “{said}”."
    way_forward = "Try again; if it stays, ask whoever runs {provider}."

    def __init__(self, *, provider: str, said: str) -> None:
        super().__init__(provider=provider, said=said)


class ProviderUnreachable(Refusal):
    code = "provider_unreachable"
    status = 502
    exit_code = 7
    sentence = "{provider} did not answer as it should: {why}"
    way_forward = "Try again in a minute; if it stays, tell whoever runs this programme."

    def __init__(self, *, provider: str, why: str) -> None:
        super().__init__(provider=provider, why=why)


class VouchingNotAccepted(Refusal):
    code = "vouching_not_accepted"
    status = 403
    exit_code = 6
    sentence = "What {provider} says of you is not accepted: {why}."
    way_forward = "Begin again from the sign-in page; if it stays, tell whoever runs this programme."

    def __init__(self, *, provider: str, why: str) -> None:
        super().__init__(provider=provider, why=why)


class AddressNotVerified(Refusal):
    code = "address_not_verified"
    status = 403
    exit_code = 6
    sentence = "{provider} does not say that your e-mail address is yours."
    way_forward = "Confirm your address there, or ask whoever runs {provider} to say so."

    def __init__(self, *, provider: str) -> None:
        super().__init__(provider=provider)


class DomainNotAllowed(Refusal):
    code = "domain_not_allowed"
    status = 403
    exit_code = 6
    sentence = "Addresses at {domain} do not open this organisation."
    way_forward = "Use the account of this organisation, or ask someone who runs it to invite you."

    def __init__(self, *, domain: str) -> None:
        super().__init__(domain=domain)


class SubjectIsAnother(Conflict):
    code = "subject_is_another"
    sentence = "{provider} has vouched for somebody else with your e-mail address before."
    way_forward = "Ask an operator to forget the ways in of that address if it is yours now."

    def __init__(self, *, provider: str) -> None:
        super().__init__(provider=provider)


class OpensNothingElse(Refusal):
    code = "opens_nothing_else"
    status = 403
    exit_code = 6
    sentence = "{provider} vouches for you in one organisation, and for nothing beyond it."
    way_forward = "Sign out, and sign in with a link to your own e-mail address."

    def __init__(self, *, provider: str) -> None:
        super().__init__(provider=provider)
