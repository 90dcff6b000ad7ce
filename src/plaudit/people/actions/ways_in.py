"""A person's ways in beside the link by mail: passkeys, and codes from an app as a second step."""

from __future__ import annotations

from uuid import UUID

from cryptography.fernet import InvalidToken
from django.db import connection

from plaudit.foundation import audit, clock, ids, sealing
from plaudit.foundation.access.actors import Actor
from plaudit.foundation.refusals import NotFound
from plaudit.foundation.tenancy import act, in_organisation, without_organisation
from plaudit.people import code_apps, passkeys
from plaudit.people.models import CodeApp, Passkey, RecoveryCode, User
from plaudit.people.providers import ProviderLink, must_be_open, other_way_is_open
from plaudit.people.queries import organisations_of
from plaudit.people.refusals import CodeNotRight, NoWayIn, PasskeyKnown, PasskeyNotAccepted
from plaudit.people.standing import person, user_ref


def add_passkey(organisation_id: int, *, user_id: int, made: passkeys.Made, name: str, actor: str) -> Passkey:
    """Keep a passkey that a person's browser made. Raises `PasskeyKnown` for one that is somebody's already."""

    def step() -> Passkey:
        if Passkey.objects.filter(credential_id=made.credential_id).exists():
            raise PasskeyKnown
        kept = Passkey.objects.create(
            user_id=user_id,
            credential_id=made.credential_id,
            credential=made.credential,
            name=name.strip()[:100] or "Passkey",
            added_at=clock.wall(),
        )
        audit.note(actor=actor, act="passkey.added", subject=user_ref(user_id))
        return kept

    return act(organisation_id, step)


def remove_passkey(organisation_id: int, *, user_id: int, passkey_id: UUID, actor: str) -> None:
    """Accept a passkey no longer. Raises `NotFound` for one that is not theirs."""
    with in_organisation(organisation_id):
        gone, _ = Passkey.objects.filter(user_id=user_id, id=passkey_id).delete()
        if not gone:
            raise NotFound(kind="passkey", ref=ids.show("pky", passkey_id))
        audit.note(actor=actor, act="passkey.removed", subject=user_ref(user_id))


def use_passkey(origin: str, state: passkeys.State, answer: str) -> Actor:
    """Tell whom a passkey's answer signs in: to the first organisation that is theirs.

    Raises `PasskeyNotAccepted` for any answer that is not right and any passkey that is nobody's, `NoWayIn`
    for who has no role anywhere, and `SingleSignOnNeeded` for who gets in by a provider alone. One whose own
    count went backwards is a copy, and refused.
    """
    found = Passkey.objects.filter(credential_id=passkeys.named_in(answer), user__is_active=True).first()
    if found is None:
        raise PasskeyNotAccepted
    uses = passkeys.read_proof(origin, state, answer, bytes(found.credential))
    organisation_id = _first_open(found.user_id)
    with in_organisation(organisation_id):
        if uses and not Passkey.objects.filter(id=found.id, uses__lt=uses).update(uses=uses):
            raise PasskeyNotAccepted
        Passkey.objects.filter(id=found.id).update(last_used_at=clock.wall())
        actor = person(organisation_id, found.user_id)
        audit.note(actor=actor.ref, act="signed_in", details={"by": "passkey"})
    return actor


def _first_open(user_id: int) -> int:
    """The first organisation of somebody's that they may enter by a way of their own."""
    theirs = organisations_of(user_id)
    if not theirs:
        raise NoWayIn
    for one in theirs:
        if other_way_is_open(one.id, person(one.id, user_id).roles):
            return one.id
    must_be_open(theirs[0].id, person(theirs[0].id, user_id).roles)
    raise NoWayIn


_BEGIN = """
    insert into people_code_app (user_id, sealed, step, added_at) values (%(user)s, %(sealed)s, 0, %(now)s)
        on conflict (user_id) do update set sealed = excluded.sealed, step = 0, added_at = excluded.added_at
     where people_code_app.confirmed_at is null
"""


def begin_code_app(user_id: int) -> str:
    """A new secret for a person's app, which counts only once a code of it was seen; the secret.

    An app that counts already is left as it is.
    """
    secret = code_apps.new_secret()
    sealed = sealing.seal(code_apps.SEALED_FOR, secret)
    with without_organisation(), connection.cursor() as cursor:
        cursor.execute(_BEGIN, {"user": user_id, "sealed": sealed, "now": clock.wall()})
    return secret


def confirm_code_app(organisation_id: int, *, user_id: int, code: str, actor: str) -> list[str]:
    """From now on ask for a code of this app after every link; the recovery codes, which nobody sees again.

    Raises `CodeNotRight`.
    """

    def step() -> list[str]:
        app = CodeApp.objects.select_for_update().filter(user_id=user_id, confirmed_at=None).first()
        secret = sealing.unseal(code_apps.SEALED_FOR, bytes(app.sealed)) if app else ""
        at = code_apps.step_of(secret, code, clock.wall()) if app else None
        if app is None or at is None:
            raise CodeNotRight
        app.step, app.confirmed_at = at, clock.wall()
        app.save()
        codes = code_apps.new_recovery_codes()
        RecoveryCode.objects.filter(user_id=user_id).delete()
        RecoveryCode.objects.bulk_create(
            RecoveryCode(user_id=user_id, code_hash=code_apps.recovery_hash(user_id, one)) for one in codes
        )
        audit.note(actor=actor, act="code_app.added", subject=user_ref(user_id))
        return codes

    return act(organisation_id, step)


def remove_code_app(organisation_id: int, *, user_id: int, code: str, actor: str) -> None:
    """Ask for codes no longer. Takes a code, so that a browser left open is not enough. Raises `CodeNotRight`."""
    with in_organisation(organisation_id):
        use_code(user_id, code)
        _forget_code_app(user_id)
        audit.note(actor=actor, act="code_app.removed", subject=user_ref(user_id))


def forget_ways_in(organisation_id: int, *, email: str, reason: str, actor: str) -> None:
    """For somebody who lost app and codes: their passkeys and their app count no longer, a link by mail does.

    Whom a provider has vouched for by their address is forgotten here as well, and found anew by it.

    Raises `NotFound` for an address of nobody who has a role here.
    """
    with in_organisation(organisation_id):
        user = User.objects.filter(email=email.strip().lower()).first()
        if user is None or not person(organisation_id, user.id).is_known:
            raise NotFound(kind="person", ref=email)
        keys, _ = Passkey.objects.filter(user_id=user.id).delete()
        links, _ = ProviderLink.objects.filter(organisation_id=organisation_id, user=user).delete()
        if _forget_code_app(user.id) or keys or links:  # asked again, there is nothing more to tell
            audit.note(actor=actor, act="ways_in.forgotten", subject=user_ref(user.id), reason=reason)


def _forget_code_app(user_id: int) -> bool:
    """Whether there was one."""
    gone, _ = CodeApp.objects.filter(user_id=user_id).delete()
    RecoveryCode.objects.filter(user_id=user_id).delete()
    return bool(gone)


_USE_STEP = (
    "update people_code_app set step = %s where user_id = %s and confirmed_at is not null and step < %s"
)
_USE_RECOVERY = """
    update people_recovery_code set used_at = %s where user_id = %s and code_hash = %s and used_at is null
"""


def _secret_of(app: CodeApp) -> str | None:
    """What an app shares with us; None where it was sealed under a key that is gone: recovery codes still do."""
    try:
        return sealing.unseal(code_apps.SEALED_FOR, bytes(app.sealed))
    except InvalidToken:
        return None


def use_code(user_id: int, code: str) -> None:
    """Use up a code from the app, or a recovery code. Raises `CodeNotRight`.

    One statement finds it unused and marks it used, so of two that come together one is refused.
    """
    with without_organisation(), connection.cursor() as cursor:
        app = CodeApp.objects.filter(user_id=user_id, confirmed_at__isnull=False).first()
        secret = _secret_of(app) if app else None
        step = code_apps.step_of(secret, code, clock.wall()) if secret else None
        if step is not None:
            cursor.execute(_USE_STEP, [step, user_id, step])
        else:
            cursor.execute(_USE_RECOVERY, [clock.wall(), user_id, code_apps.recovery_hash(user_id, code)])
        if cursor.rowcount != 1:
            raise CodeNotRight
