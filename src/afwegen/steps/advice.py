"""
Advice: the five rules for a good session, the three questions it exists for, and points of attention on the way.

Advice never blocks anything. Each piece names its rule, what was seen, and the setting it goes by; a group that departs
from one says why with ``AdviceAnswered``.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Final

from attrs import frozen

from afwegen.events import DeeperProblemExamined
from afwegen.events.declaration import Erased
from afwegen.method import Role, Step
from afwegen.steps import acting, disclosure
from afwegen.wording import say

if TYPE_CHECKING:
    from afwegen.steps.preparation import Participant
    from afwegen.steps.state import SessionState

__all__ = ["Advice", "advice", "told"]

ATTENTION: Final = (
    "not meant to solve the problem",
    "includes what is decided",
    "sober",
    "norms at least cost",
    "includes behaviour",
    "includes autonomous change",
)


@frozen(kw_only=True)
class Advice:
    """
    One piece of advice.

    Attributes:
        rule: Its name, as ``AdviceAnswered`` takes it.
        seen: What in the session called for it, by name.
        setting: The number it goes by, if any: the setting's name and value.
        answered: Why the group departs from it, if it said so.
    """

    rule: str
    seen: tuple[tuple[str, str], ...] = ()
    setting: tuple[str, int] | None = None
    answered: str | Erased | None = None

    def sentence(self, language: str = "en") -> str:
        """Return it in plain words, ``"en"`` or ``"nl"``."""
        setting = {} if self.setting is None else {"setting": str(self.setting[1])}
        return say(f"advice.{self.rule}", language, **dict(self.seen), **setting)

    def __str__(self) -> str:
        return self.sentence()


def advice(state: SessionState) -> tuple[Advice, ...]:
    """Return what the method advises in this state: rules first, then questions, then points of attention."""
    rules = (
        _facilitator,
        _size,
        _secrecy,
        _diversity,
        _parties,
        _occasion,
        _questions,
        _owners,
        _baseline,
        _effects,
        _shortlist,
        _choice,
        _closing,
    )
    return tuple(_answered(state, piece) for rule in rules for piece in rule(state))


def told(state: SessionState, seen: SessionState) -> tuple[Advice, ...]:
    """
    Return what of the advice somebody may be told.

    Args:
        state: The operator's view, on which the advice rests.
        seen: The state as that person sees it: what advice names and is not found there stays out; numbers may be told.
    """
    theirs = {(piece.rule, piece.seen) for piece in advice(seen)}
    return tuple(
        piece
        for piece in advice(state)
        if (piece.rule, piece.seen) in theirs or all(value.isdecimal() for _, value in piece.seen)
    )


def _answered(state: SessionState, piece: Advice) -> Advice:
    said = state.meeting.answers.get(piece.rule)
    if said is None:
        return piece
    return Advice(rule=piece.rule, seen=piece.seen, setting=piece.setting, answered=said.event.answer)


def _seen(**seen: object) -> tuple[tuple[str, str], ...]:
    return tuple((name, str(value)) for name, value in seen.items())


# -- the five rules for a good session --------------------------------------------------------------------------------


def people(state: SessionState) -> tuple[str, ...]:
    """Return who counts: who was present, or before any attendance was recorded, who was invited."""
    active = state.preparation.active
    present = state.meeting.present
    return tuple(key for key in active if key in present) if present else active


def _facilitator(state: SessionState) -> Iterator[Advice]:
    if state.meeting.ended is None and not state.preparation.facilitators and state.preparation.form == "together":
        yield Advice(rule="facilitator")


def _size(state: SessionState) -> Iterator[Advice]:
    settings, count = state.preparation.settings, len(people(state))
    if state.preparation.form != "together":
        return
    if count < settings.minimum_people:
        yield Advice(rule="too-few", seen=_seen(count=count), setting=("minimum_people", settings.minimum_people))
    if count > settings.maximum_people:
        yield Advice(rule="too-many", seen=_seen(count=count), setting=("maximum_people", settings.maximum_people))


def _secrecy(state: SessionState) -> Iterator[Advice]:
    """Say what secrecy asks and what it cannot give: when it is declared, before anybody relies on it."""
    if not disclosure.is_secret(state):
        return
    least, count = disclosure.least_judges(state), len(state.preparation.active)
    if count < least:
        yield Advice(rule="secrecy-needs-judges", seen=_seen(count=count), setting=("minimum_judges", least))
    if not state.judged:
        yield Advice(rule="secrecy-has-limits")


def _guests(state: SessionState) -> list[Participant]:
    return [state.preparation.participants[key] for key in people(state)]


def _diversity(state: SessionState) -> Iterator[Advice]:
    if state.preparation.form != "together":
        return
    guests, settings = _guests(state), state.preparation.settings
    organisations = Counter(guest.organisation for guest in guests if isinstance(guest.organisation, str))
    for organisation, count in sorted(organisations.items()):
        if count * 100 > len(guests) * settings.largest_share_percent:
            yield Advice(
                rule="one-organisation",
                seen=_seen(organisation=organisation, count=count, people=len(guests)),
                setting=("largest_share_percent", settings.largest_share_percent),
            )
        functions = {guest.function for guest in guests if guest.organisation == organisation}
        if count > 1 and len(functions) == 1 and isinstance(next(iter(functions)), str):
            function = next(iter(functions))
            yield Advice(rule="one-function", seen=_seen(organisation=organisation, function=function))


def _parties(state: SessionState) -> Iterator[Advice]:
    frame, settings = state.preparation, state.preparation.settings
    if frame.form != "together":
        return
    guests = _guests(state)
    residents = [guest for guest in guests if _is_resident(guest)]
    organisations = {guest.organisation for guest in guests if isinstance(guest.organisation, str)}
    parties = len(organisations) + bool(residents)
    if parties < settings.minimum_parties:
        setting = ("minimum_parties", settings.minimum_parties)
        yield Advice(rule="few-parties", seen=_seen(count=parties), setting=setting)
    internal = frame.purpose is not None and frame.purpose.event.purpose == "internal priorities"
    if len(residents) < settings.minimum_residents and not internal:
        setting = ("minimum_residents", settings.minimum_residents)
        yield Advice(rule="no-residents", seen=_seen(count=len(residents)), setting=setting)
    deciding = frame.purpose is not None and frame.purpose.event.decisions_in_session
    if deciding and not any(guest.can_act is True for guest in guests):
        yield Advice(rule="nobody-can-act")


def _is_resident(guest: Participant) -> bool:
    ties = guest.ties if isinstance(guest.ties, tuple) else ()
    return "lives" in ties or (guest.organisation is None and guest.perspective in {"resident", "bewoner"})


def _occasion(state: SessionState) -> Iterator[Advice]:
    occasion = state.preparation.occasion
    if occasion is None:
        yield Advice(rule="no-occasion")
        return
    if occasion.event.concrete is not True:
        yield Advice(rule="vague-occasion")
    if occasion.event.evidence is None:
        yield Advice(rule="no-evidence")
    if occasion.event.entry == "intervention proposed" and not len(state.inventory.parked):
        yield Advice(rule="park-the-proposal")


# -- the three questions ----------------------------------------------------------------------------------------------


def _questions(state: SessionState) -> Iterator[Advice]:
    asked_deeper = any(isinstance(said.event, DeeperProblemExamined) for said in state.sharpening.examinations.values())
    if not (state.sharpening.adopted and asked_deeper):
        yield Advice(rule="what-is-the-real-problem", seen=_seen(adopted=len(state.sharpening.adopted)))
    settings, solutions = state.preparation.settings, state.solutions.standing
    if len(solutions) < settings.minimum_solutions:
        setting = ("minimum_solutions", settings.minimum_solutions)
        yield Advice(rule="which-alternatives-are-there", seen=_seen(count=len(solutions)), setting=setting)
    if state.baseline.adopted_at is None or not len(state.choice.considerations):
        yield Advice(rule="what-if-we-do-nothing-extra")


# -- points of attention on the way -----------------------------------------------------------------------------------


def _reached(state: SessionState, step: Step) -> bool:
    return state.step.position >= step.position


def _owners(state: SessionState) -> Iterator[Advice]:
    if not _reached(state, Step.SHARPENING):
        return
    cores = [state.sharpening.cores[key] for key in state.sharpening.adopted]
    count = Counter(owner for core in cores for owner in core.owners)
    for owner, number in sorted(count.items()):
        if number > 1:
            yield Advice(rule="several-core-problems", seen=_seen(owner=owner, count=number))
    for owner in state.inventory.owners:
        if not _has_a_voice(state, owner):
            yield Advice(rule="owner-without-voice", seen=_seen(owner=owner))


def _has_a_voice(state: SessionState, owner: str) -> bool:
    named = state.inventory.parties.get(owner)
    if named is not None and any(state.knows(person) for person in named.event.represented_by):
        return True
    organisations = {guest.organisation for guest in state.preparation.participants.values() if guest.active}
    residents = any(_is_resident(guest) for guest in state.preparation.participants.values() if guest.active)
    return owner in organisations or (owner in {"residents", "bewoners"} and residents)


def _baseline(state: SessionState) -> Iterator[Advice]:
    if not _reached(state, Step.BASELINE) or state.baseline.draft is None:
        return
    checked = {said.event.check for said in state.baseline.checks.values()}
    for check in ATTENTION:
        if check in state.baseline.failed_checks:
            yield Advice(rule="baseline-check-failed", seen=_seen(check=check))
        elif check not in checked:
            yield Advice(rule="baseline-unchecked", seen=_seen(check=check))


def _effects(state: SessionState) -> Iterator[Advice]:
    if not _reached(state, Step.EFFECTS):
        return
    settings = state.preparation.settings
    for solution in state.solutions.standing:
        effects = [state.effects.effects[key].event for key in state.effects.of(solution)]
        negative = sum(effect.direction == "negative" for effect in effects)
        if not settings.minimum_effects <= len(effects) <= settings.maximum_effects:
            yield Advice(
                rule="number-of-effects",
                seen=_seen(solution=solution, count=len(effects), most=settings.maximum_effects),
                setting=("minimum_effects", settings.minimum_effects),
            )
        if effects and negative * 100 < len(effects) * settings.negative_share_percent:
            yield Advice(
                rule="negative-effects",
                seen=_seen(solution=solution, negative=negative, count=len(effects)),
                setting=("negative_share_percent", settings.negative_share_percent),
            )
    yield from _angles(state)
    core = sum(said.status == "standing" for said in state.effects.core_effects.values())
    if core > settings.maximum_core_effects:
        setting = ("maximum_core_effects", settings.maximum_core_effects)
        yield Advice(rule="many-core-effects", seen=_seen(count=core), setting=setting)


def _angles(state: SessionState) -> Iterator[Advice]:
    """Name the angles at the table from which no effect was recorded."""
    recorded = {said.event.angle for said in state.effects.effects.values()}
    for angle in sorted({guest.perspective for guest in _guests(state) if isinstance(guest.perspective, str)}):
        if len(state.effects.effects) and angle not in recorded:
            yield Advice(rule="missing-angle", seen=_seen(angle=angle))


def _shortlist(state: SessionState) -> Iterator[Advice]:
    settings, picked = state.preparation.settings, state.preselection.shortlisted
    if picked and not settings.shortlist_low <= len(picked) <= settings.shortlist_high:
        yield Advice(
            rule="length-of-shortlist",
            seen=_seen(count=len(picked), most=settings.shortlist_high),
            setting=("shortlist_low", settings.shortlist_low),
        )


def _choice(state: SessionState) -> Iterator[Advice]:
    chosen, picked = state.choice.chosen, state.preselection.shortlisted
    explained = {said.event.departs_from for said in state.choice.departures.values()}
    outside = [
        name for name in chosen if name not in picked and name != "baseline" and not _parts_of(state, name, picked)
    ]
    if picked and outside and not {"the shortlist", "the group"} & explained:
        yield Advice(rule="departs-from-the-shortlist", seen=_seen(chosen=", ".join(outside)))
    for result in _departed_from(state, chosen):
        if "a model" not in explained:
            yield Advice(rule="departs-from-a-model", seen=_seen(result=result))


def _parts_of(state: SessionState, name: str, picked: tuple[str, ...]) -> bool:
    solution = state.solutions.solutions.get(name)
    return solution is not None and bool(solution.parts) and set(solution.parts) <= {*picked, "baseline"}


def _departed_from(state: SessionState, chosen: tuple[str, ...]) -> Iterator[str]:
    """Yield the recorded results whose first place holds none of what was chosen, alone or in a combination."""
    within = {part for name in chosen for part in _within(state, name)}
    for key, said in sorted(state.meeting.results.items()):
        first: Any = said.event.tiers[0] if said.event.tiers else ()
        if within and first and within.isdisjoint(first):
            yield key


def _within(state: SessionState, name: str) -> Iterator[str]:
    """Yield an alternative and, where it is a combination, whatever it is made of."""
    yield name
    solution = state.solutions.solutions.get(name)
    for part in solution.parts if solution is not None else ():
        yield from _within(state, part)


def _closing(state: SessionState) -> Iterator[Advice]:
    meetings = [meeting for meeting in state.meeting.meetings.values() if meeting.closed_at is not None]
    if meetings and not len(state.meeting.insights):
        yield Advice(rule="no-insights")
    if meetings and not len(state.meeting.appointments):
        yield Advice(rule="no-appointments")
    held = [meeting.present for meeting in state.meeting.meetings.values() if meeting.present]
    if len(held) > 1:
        once = frozenset.union(*held) - frozenset.intersection(*held)
        there = sorted(person for person in once if Role.PARTICIPANT in acting.held_roles(state, person))
        if there:
            yield Advice(rule="at-one-meeting-only", seen=_seen(count=len(there)))
