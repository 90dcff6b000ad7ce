"""Takes ideas and votes for them, and tells what was done about what somebody said."""

from __future__ import annotations

from uuid import UUID

from plaudit.foundation import audit, clock
from plaudit.foundation.ids import show
from plaudit.foundation.refusals import NotFound, Problem
from plaudit.foundation.tenancy import act
from plaudit.listening.definitions import WORDS_MAX
from plaudit.listening.models import Baseline, Change, Collection, FocusGroup, Idea, Source, Vote
from plaudit.listening.published import is_published, programmes
from plaudit.listening.refusals import VersionNotPublished
from plaudit.people.actions.members import locked_member

_TABLES: dict[Source, type[Baseline | FocusGroup | Idea | Collection]] = {
    Source.BASELINE: Baseline,
    Source.FOCUS_GROUP: FocusGroup,
    Source.IDEA: Idea,
    Source.REMARKS: Collection,
}
_PREFIXES = {"bsl": Source.BASELINE, "fcg": Source.FOCUS_GROUP, "ide": Source.IDEA, "rmc": Source.REMARKS}


def write_idea(organisation_id: int, *, member_id: UUID, programme: str, words: str, actor: str) -> Idea:
    """Keep what a member would do otherwise, and that they are for it. The same words are one idea of theirs.

    Raises `NotFound` for a programme that was never published, and `Problem`.
    """
    words = words.strip()
    if not 1 <= len(words) <= WORDS_MAX:
        raise Problem(f"Say it in 1 to {WORDS_MAX} characters.")

    def step() -> Idea:
        locked_member(organisation_id, member_id)
        if programme not in programmes(organisation_id):
            raise NotFound(kind="programme", ref=programme)
        made, new = Idea.objects.get_or_create(
            organisation_id=organisation_id,
            member_id=member_id,
            words=words,
            defaults={"programme": programme, "written_at": clock.now()},
        )
        if new:
            Vote.objects.create(organisation_id=organisation_id, idea_id=made.id, member_id=member_id)
            audit.note(actor=actor, act="idea.written", subject=show("ide", made.id))
        return made

    return act(organisation_id, step)


def vote(organisation_id: int, *, idea_id: UUID, member_id: UUID, is_for: bool = True, actor: str) -> int:
    """Be for an idea, or no longer; one is for it once. How many are for it then. Raises `NotFound`."""

    def step() -> int:
        locked_member(organisation_id, member_id)
        if not Idea.objects.filter(organisation_id=organisation_id, id=idea_id).exists():
            raise NotFound(kind="idea", ref=show("ide", idea_id))
        votes = Vote.objects.filter(organisation_id=organisation_id, idea_id=idea_id)
        mine = votes.filter(member_id=member_id)
        if mine.exists() != is_for:
            if is_for:
                Vote.objects.create(organisation_id=organisation_id, idea_id=idea_id, member_id=member_id)
            else:
                mine.delete()
            done = "idea.voted" if is_for else "idea.unvoted"
            audit.note(actor=actor, act=done, subject=show("ide", idea_id))
        return votes.count()

    return act(organisation_id, step)


def tell_change(
    organisation_id: int,
    *,
    source: Source,
    source_id: UUID,
    programme: str,
    version: int,
    said: str,
    did: str,
    actor: str,
) -> Change:
    """Tell everybody, and first those who said it, what was done about it in a published version.

    Told again of the same version it says what is told now. Raises `VersionNotPublished`, `NotFound`, `Problem`.
    """
    said, did = said.strip(), did.strip()
    if not 1 <= len(said) <= WORDS_MAX or not 1 <= len(did) <= WORDS_MAX:
        raise Problem(f"Say what was said and what was done, each in 1 to {WORDS_MAX} characters.")

    def step() -> Change:
        if not is_published(organisation_id, programme, version):
            raise VersionNotPublished(programme=programme, version=version)
        if not _TABLES[source].objects.filter(organisation_id=organisation_id, id=source_id).exists():
            raise NotFound(kind=source.value.replace("_", " "), ref=str(source_id))
        of = {"source_id": source_id, "programme": programme, "version": version}
        told = Change.objects.filter(organisation_id=organisation_id, **of)
        made, new = Change.objects.get_or_create(
            organisation_id=organisation_id,
            **of,
            defaults={"source": source, "said": said, "did": did, "told_at": clock.now()},
        )
        if new or (made.said, made.did) != (said, did):
            told.update(said=said, did=did)
            made.said, made.did = said, did
            details = {"programme": programme, "version": version}
            audit.note(actor=actor, act="change.told", subject=show("chg", made.id), details=details)
        return made

    return act(organisation_id, step)


def source_behind(reference: str) -> Source:
    """What a reference such as `ide_…` is of. Raises `NotFound`."""
    found = _PREFIXES.get(reference.partition("_")[0])
    if found is None:
        raise NotFound(kind="source", ref=reference)
    return found
