"""What the account is written from: the records as somebody may see them, the state they amount to, and names."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import islice
from typing import TYPE_CHECKING, Any, Final

from attrs import field, frozen

from afwegen.audit.checkpoints import Checkpoint
from afwegen.errors import RuleViolation
from afwegen.events import (
    FacilitatorAppointed,
    ParticipantInvited,
    Record,
    RecorderAppointed,
)
from afwegen.events.declaration import Erased
from afwegen.method import Role
from afwegen.report.pictures import drawn
from afwegen.report.totals import Totals
from afwegen.report.words import Part, Sentence, Teller
from afwegen.steps.state import SessionState, replay
from afwegen.steps.things import Map, Said

if TYPE_CHECKING:
    from afwegen.report.language import Language
    from afwegen.report.pictures import Picture
    from afwegen.session import Session

__all__ = ["Source", "read", "source_of", "standing"]

NAMING: Final[dict[type[Any], str]] = {
    ParticipantInvited: "participant",
    FacilitatorAppointed: "facilitator",
    RecorderAppointed: "recorder",
}
"""The events that say who somebody is, and the field that holds whom it is about."""
UNJUDGED: Final = frozenset({"picture-time", "picture-costs", "picture-orders-models"})
"""The pictures that stay the same whatever somebody adds to a round that was closed."""


def standing(items: Map[Any, Said[Any]]) -> tuple[Said[Any], ...]:
    """Return what stands, in order of record."""
    return tuple(sorted((said for said in items.values() if said.status == "standing"), key=lambda said: said.seq))


@frozen(kw_only=True)
class Source:
    """
    One session as one reader sees it, at one moment.

    Attributes:
        tell: Makes sentences in the language of the account.
        records: As the reader may see them.
        state: What they amount to.
        totals: Numbers over everybody, where they may be shown.
        viewer: The key of the reader; None for the public.
        root: The root over the records, in hexadecimal.
        checkpoint: The newest checkpoint over these records or the first of them, if one was signed.
        whole: Whether these are all records, and not those up to an earlier moment.
        pictures: What can be drawn of it for this reader.
    """

    tell: Teller
    records: tuple[Record[Any], ...]
    state: SessionState
    totals: Totals
    viewer: str | None
    root: str
    checkpoint: Checkpoint | None
    whole: bool
    pictures: tuple[Picture, ...]
    _by_type: dict[type[Any], tuple[Record[Any], ...]] = field(repr=False, eq=False)
    _names: dict[str, Any] = field(repr=False, eq=False)
    _roles: dict[str, frozenset[Role]] = field(repr=False, eq=False)
    _places: dict[str, int] = field(repr=False, eq=False)

    @property
    def language(self) -> Language:
        """Return the language of the account."""
        return self.tell.language

    def text(self, message: str, /, **values: Any) -> str:
        """Return a message of ours as text."""
        return self.language.text(message, **values)

    def of(self, *types: type[Any]) -> tuple[Record[Any], ...]:
        """Return the records of these types of event, in order."""
        if len(types) == 1:
            return self._by_type.get(types[0], ())
        found = [record for each in types for record in self._by_type.get(each, ())]
        return tuple(sorted(found, key=lambda record: record.seq))

    def seqs(self, *types: type[Any]) -> tuple[int, ...]:
        """Return the numbers of the records of these types of event."""
        return tuple(record.seq for record in self.of(*types))

    def where(self, kind: type[Any], **fields: Any) -> tuple[int, ...]:
        """Return the numbers of the records of a type whose fields have these values."""
        return tuple(
            record.seq
            for record in self.of(kind)
            if all(getattr(record.event, name) == value for name, value in fields.items())
        )

    # -- names --------------------------------------------------------------------------------------------------------

    def title(self, key: str) -> Part:
        """Return what an alternative is called."""
        if key == "baseline":
            return self.text("doing nothing extra")
        solution = self.state.solutions.solutions.get(key)
        return self.tell.told(key if solution is None else solution.title)

    def party(self, key: str) -> Part:
        """Return what a party is called: its name, or its id as words while it has none."""
        named = self.state.inventory.parties.get(key)
        if named is not None and named.event.name:
            return self.tell.told(named.event.name)
        known = {"residents": self.text("the residents"), "hidden": self.text("not shown here")}
        return known.get(key) or self.tell.told(key.replace("-", " "))

    def problem(self, key: str) -> Part:
        """Return how a problem is worded now."""
        problem = self.state.inventory.problems.get(key)
        return self.tell.told(key if problem is None else problem.statement)

    def core(self, key: str) -> Part:
        """Return how a core problem is worded now."""
        core = self.state.sharpening.cores.get(key)
        return self.tell.told(key if core is None else core.statement)

    def criterion(self, key: str) -> Part:
        """Return what a criterion is called."""
        if key == "overall":
            return self.text("everything together")
        said = self.state.preselection.criteria.get(key)
        return self.tell.told(key if said is None else said.event.title)

    def effect(self, key: str) -> Part:
        """Return what an effect says."""
        said = self.state.effects.effects.get(key)
        return self.tell.told(key if said is None else said.event.statement)

    def group(self, key: str) -> Sentence:
        """Return what a subgroup is called."""
        return self.tell("subgroup {name}", name=self.tell.told(key.replace("-", " ")))

    def person(self, key: str) -> Sentence:
        """Return how somebody is called: by name where that may be seen, else by what they are in this session."""
        name = self._names.get(key)
        if isinstance(name, str):
            return self.tell.own(name)
        place = self._places.get(key)
        if name is Erased.ERASED:
            return self.tell("somebody whose data were erased on request")
        if place is not None:
            return self.tell("participant {n}", n=str(place))
        return self._in_role(key)

    def _in_role(self, key: str) -> Sentence:
        roles = self._roles.get(key, frozenset())
        if key in self.state.choice.deciders or Role.DECIDER in roles:
            return self.tell("the decider")
        if Role.FACILITATOR in roles or key in self.state.preparation.facilitators:
            return self.tell("the facilitator")
        if key in self.state.preparation.recorders:
            return self.tell("the note-taker")
        if key == self.state.preparation.organiser:
            return self.tell("the initiator")
        if Role.PARTICIPANT in roles:
            # In a secret session a judge goes by another pseudonym in each round.
            return self.tell("a participant")
        return self.tell("somebody from outside the group")

    def is_named(self, keys: Iterable[str]) -> bool:
        """Say whether the names of all these people are to be seen."""
        return all(isinstance(self._names.get(key), str) for key in keys)

    def people(self, keys: Iterable[str]) -> Sentence:
        """Return several people in a sentence: by name, or where names are not to be seen, only how many."""
        found = tuple(keys)
        if self.is_named(found):
            return self.tell.joined([self.person(key) for key in found])
        if len(found) == 1:
            return self.person(found[0])
        return self.tell.count("{n} person", "{n} people", len(found))

    def author(self, record: Record[Any]) -> Sentence:
        """Return whose words a record holds, and who entered them if that was somebody else."""
        whose = self._whose(record)
        if record.on_behalf_of is not None or (record.subgroup is not None and record.role is not Role.SUBGROUP):
            return self.tell("{who}, entered by {by}", who=whose, by=self.person(record.by))
        return whose

    def _whose(self, record: Record[Any]) -> Sentence:
        if record.subgroup is not None:
            return self.group(record.subgroup)
        by = record.author
        match record.role:
            case Role.PLENARY:
                return self.tell("the whole group")
            case Role.SYSTEM:
                return self.tell("recorded automatically")
            case Role.FACILITATOR if not isinstance(self._names.get(by), str):
                return self.tell("the facilitator")
            case Role.ORGANISER if not isinstance(self._names.get(by), str):
                return self.tell("the initiator")
            case _:
                return self.person(by)


def read(session: Session, viewer: str | None, at: int | None, language: Language) -> Source:
    """
    Return what an account of a session is written from.

    Raises:
        RuleViolation: The session has not so many records, or does not know the viewer.
    """
    if at is not None and not 0 <= at <= session.state.length:
        raise RuleViolation(f"this session has {session.state.length} records", "ask for as many or fewer", at)
    end = session.state.length if at is None else at
    records = tuple(islice(session.records_seen_by(viewer), end))
    state = session.state if end == session.state.length else session.at(end)
    return source_of(
        records,
        state,
        now=session.state,
        viewer=viewer,
        root=_root(session, end),
        checkpoint=_checkpoint(session, end),
        language=language,
    )


def source_of(
    records: tuple[Record[Any], ...],
    state: SessionState,
    *,
    now: SessionState,
    viewer: str | None,
    root: str,
    language: Language,
    checkpoint: Checkpoint | None = None,
) -> Source:
    """
    Return what an account is written from, given all it takes: pure, and total.

    Args:
        records: As the reader may see them.
        state: What the same records amount to for the operator.
        now: The operator's state at present: what it promises holds for what was entered earlier.
        viewer: The key of the reader; None for the public.
        root: The root over the records, in hexadecimal.
        language: The language of the account.
        checkpoint: The newest checkpoint over these records or the first of them, if one was signed.
    """
    seen = replay(records)
    by_type: dict[type[Any], list[Record[Any]]] = {}
    for record in records:
        by_type.setdefault(type(record.event), []).append(record)
    return Source(
        tell=Teller(language),
        records=records,
        state=seen,
        totals=_totals(now, state),
        viewer=viewer,
        root=root,
        checkpoint=checkpoint,
        whole=len(records) == now.length,
        pictures=tuple(picture for picture in drawn(state, seen, language) if _may_be_shown(picture, now)),
        by_type={kind: tuple(found) for kind, found in by_type.items()},
        names=_names_in(records),
        roles=_roles_in(records),
        places=_places_in(records),
    )


def _may_be_shown(picture: Picture, now: SessionState) -> bool:
    """Say whether a picture may be shown: in a secret session none of judgements, but for the orders of results."""
    return now.preparation.disclosed != "secret" or picture.name in UNJUDGED


def _totals(now: SessionState, state: SessionState) -> Totals:
    """Return what may be counted at a moment; where all is secret no moment differs from another by a sheet or two."""
    closed = frozenset(key for key, this in state.meeting.rounds.items() if not this.is_open)
    return Totals(now if now.preparation.disclosed == "secret" else state, closed, now.preparation)


def _checkpoint(session: Session, end: int) -> Checkpoint | None:
    """Return the newest checkpoint that says nothing of a record after these."""
    found = [Checkpoint.read(leaf.note) for _, leaf in session.store.entered_of(session.id) if leaf.size <= end]
    return max(found, key=lambda checkpoint: checkpoint.size, default=None)


def _root(session: Session, end: int) -> str:
    from afwegen.log.frontier import EMPTY
    from afwegen.log.merkle import leaf_hash

    leaves = [leaf_hash(stored.entry) for stored in session.store.read(session.id, 0, end)]
    return EMPTY.extend(leaves).root.hex()


def _names_in(records: Iterable[Record[Any]]) -> dict[str, Any]:
    """Return by person the name they go by last; what hides it, where it may not be seen or is gone."""
    names: dict[str, Any] = {}
    for record in records:
        about = NAMING.get(type(record.event))
        if about is not None and record.event.name is not None:
            names[getattr(record.event, about)] = record.event.name
    return names


def _roles_in(records: Iterable[Record[Any]]) -> dict[str, frozenset[Role]]:
    roles: dict[str, set[Role]] = {}
    for record in records:
        if record.role is not Role.SYSTEM:
            roles.setdefault(record.by, set()).add(record.role)
    return {key: frozenset(held) for key, held in roles.items()}


def _places_in(records: Iterable[Record[Any]]) -> dict[str, int]:
    """Return by participant their place in the order of invitation: a name for who has none here."""
    found: dict[str, int] = {}
    for record in records:
        if isinstance(record.event, ParticipantInvited):
            found.setdefault(record.event.participant, len(found) + 1)
    return found
