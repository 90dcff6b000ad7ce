"""Says who vouches for an organisation's people, and lets in whom they vouch for."""

from __future__ import annotations

import re
from collections.abc import Iterable

from plaudit.foundation import audit, clock
from plaudit.foundation.access.actors import Actor
from plaudit.foundation.access.roles import RoleName
from plaudit.foundation.addresses import UrlRefused, read_url
from plaudit.foundation.models import Audit
from plaudit.foundation.tenancy import act, in_organisation
from plaudit.people.actions.members import enrol_member
from plaudit.people.actions.roles import bind_user, invite_user
from plaudit.people.actions.signing_in import bind_by_address
from plaudit.people.id_tokens import Vouched
from plaudit.people.models import MemberKind, Organisation, User
from plaudit.people.providers import GRANTED_AT_FIRST, OtherWays, Provider, ProviderLink, seal_secret
from plaudit.people.refusals import (
    AddressNotVerified,
    DomainNotAllowed,
    NoWayIn,
    SingleSignOnOff,
    SubjectIsAnother,
)
from plaudit.people.rules import Faults, check_text
from plaudit.people.standing import person, user_ref

DOMAINS_MAX = 50
_DOMAIN = re.compile(
    r"(?=.{4,253}$)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z](?:[a-z0-9-]{0,61}[a-z0-9])?"
)
_BY = "single sign-on"


def set_provider(
    organisation_id: int,
    *,
    name: str,
    issuer: str,
    client_id: str,
    client_secret: str,
    domains: Iterable[str],
    creates: bool,
    role: str,
    other_ways: str,
    actor: str,
) -> Provider:
    """Let this provider, and no other, vouch for the organisation's people. Raises `Problem`.

    An empty `client_secret` leaves the one that is there, for the same issuer and client alone: a secret is
    never sent to whom it was not given for.
    """
    wanted = sorted({one.strip().lower().removeprefix("@") for one in domains} - {""})
    faults = _faults_in(name, client_id, client_secret, role, other_ways)
    _check_issuer(faults, issuer)
    _check_domains(faults, wanted)

    def step() -> Provider:
        # One at a time: of two that set it at once the later stands, whole.
        Organisation.objects.select_for_update(no_key=True).get(id=organisation_id)
        provider = Provider.objects.filter(organisation_id=organisation_id).first()
        same = provider is not None and (provider.issuer, provider.client_id) == (issuer, client_id)
        if not client_secret and not same:
            faults.add(
                "/client_secret", "missing", "Enter the secret that belongs to this issuer and client."
            )
        faults.refuse("Nobody can vouch for people like this.")
        provider = provider or Provider(organisation_id=organisation_id)
        provider.name, provider.issuer, provider.client_id = name.strip(), issuer, client_id
        if client_secret:
            provider.sealed_secret = seal_secret(organisation_id, client_secret)
        provider.domains, provider.creates, provider.role = wanted, creates, role
        provider.other_ways, provider.changed_at = other_ways, clock.wall()
        provider.save()
        told = {"issuer": issuer, "domains": wanted, "role": role if creates else None}
        audit.note(actor=actor, act="provider.set", details={**told, "other_ways": other_ways})
        return provider

    return act(organisation_id, step)


def remove_provider(organisation_id: int, *, actor: str) -> None:
    """Let nobody vouch for the organisation's people; links and passkeys are open to all of them again.

    Whom it has vouched for is kept, for the day on which it does again.
    """
    with in_organisation(organisation_id):
        gone, _ = Provider.objects.filter(organisation_id=organisation_id).delete()
        if gone:
            audit.note(actor=actor, act="provider.removed")


def sign_in_vouched(organisation_id: int, vouched: Vouched) -> Actor:
    """Tell whom a provider's word signs in to an organisation; whom it is new to is linked, or made.

    A person is found by issuer and subject, or, the first time, by an address of an allowed domain that the
    provider has verified. Raises `SingleSignOnOff`, `AddressNotVerified`, `DomainNotAllowed`,
    `SubjectIsAnother`, and `NoWayIn` for whoever has no role here and may not be given one.
    """

    def step() -> Actor:
        provider = Provider.objects.filter(organisation_id=organisation_id).first()
        if provider is None or provider.issuer != vouched.issuer:
            raise SingleSignOnOff
        links = ProviderLink.objects.filter(organisation_id=organisation_id, issuer=vouched.issuer)
        link = links.filter(subject=vouched.subject).first()
        if link is None:
            link = ProviderLink(
                organisation_id=organisation_id,
                issuer=vouched.issuer,
                subject=vouched.subject,
                user=_found_by_address(provider, vouched),
                linked_at=clock.wall(),
            )
            if links.filter(user=link.user).exists():
                raise SubjectIsAnother(provider=provider.name)
            audit.note(actor=_BY, act="provider.linked", subject=user_ref(link.user_id))
        link.last_used_at = clock.wall()
        link.save()
        actor = person(organisation_id, link.user_id)
        if not actor.is_known:
            raise NoWayIn
        audit.note(actor=actor.ref, act="signed_in", details={"by": _BY})
        return actor

    return act(organisation_id, step)


def _found_by_address(provider: Provider, vouched: Vouched) -> User:
    """The person with this address here: one with a role, the one member who has it, or one made now."""
    organisation_id, email = provider.organisation_id, vouched.email
    if not email or not vouched.verified:
        raise AddressNotVerified(provider=provider.name)
    name, _at, domain = email.rpartition("@")
    if not name or domain not in provider.domains:
        raise DomainNotAllowed(domain=domain)
    user = User.objects.filter(email=email).first()
    found = bind_by_address(organisation_id, email, user, _BY)
    if found is not None:
        return found
    if not provider.creates or (user is not None and _was_let_go(organisation_id, user.id)):
        raise NoWayIn
    roles = [provider.role] if provider.role != RoleName.MEMBER else []
    made = invite_user(organisation_id, email=email, name=vouched.name, roles=roles, actor=_BY)
    if not roles:
        member = enrol_member(
            organisation_id, kind=MemberKind.STAFF, name=vouched.name, email=email, actor=_BY
        )
        bind_user(organisation_id, user_id=made.id, member_id=member.id, actor=_BY)
    return made


def _was_let_go(organisation_id: int, user_id: int) -> bool:
    """Whether somebody took a role from them here: then somebody has to give them one again."""
    taken = Audit.objects.filter(
        organisation_id=organisation_id, act="role.withdrawn", subject=user_ref(user_id)
    )
    return taken.exists()


def _faults_in(name: str, client_id: str, client_secret: str, role: str, other_ways: str) -> Faults:
    faults = Faults()
    check_text(faults, "/name", name, longest=50, empty=False)
    check_text(faults, "/client_id", client_id, longest=500, empty=False)
    check_text(faults, "/client_secret", client_secret, longest=2_000)
    if role not in GRANTED_AT_FIRST:
        faults.add("/role", "unknown", f"Choose from: {', '.join(GRANTED_AT_FIRST)}.")
    if other_ways not in OtherWays.values:
        faults.add("/other_ways", "unknown", f"Choose from: {', '.join(OtherWays.values)}.")
    return faults


def _check_issuer(faults: Faults, issuer: str) -> None:
    try:
        read_url(issuer)
    except UrlRefused as refusal:
        faults.add("/issuer", "not_an_address", refusal.say())
        return
    if "?" in issuer or "#" in issuer:
        faults.add("/issuer", "not_an_address", "An issuer has no question mark and no #.")


def _check_domains(faults: Faults, domains: list[str]) -> None:
    if not domains:
        faults.add(
            "/domains", "missing", "Name at least one domain whose addresses the provider vouches for."
        )
    if len(domains) > DOMAINS_MAX:
        faults.add("/domains", "too_many", f"At most {DOMAINS_MAX} domains can be named.")
    for one in domains:
        if not _DOMAIN.fullmatch(one):
            faults.add("/domains", "not_a_domain", f"“{one}” is not a domain such as harbour.example.")
