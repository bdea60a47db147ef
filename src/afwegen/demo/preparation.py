"""Before the first meeting: why the organiser begins, whom he asks, and how they will work (June to September 2016)."""

from datetime import datetime

from afwegen.demo.clock import Clock
from afwegen.events import (
    AdviceAnswered,
    AgendaItem,
    DisclosureDeclared,
    FacilitatorAppointed,
    MeetingPlanned,
    NoteTaken,
    OccasionStated,
    ParticipantInvited,
    PartyNamed,
    PurposeStated,
    RecorderAppointed,
    SettingChanged,
    SolutionParked,
)
from afwegen.session import Session

__all__ = ["play"]


def play(session: Session, clock: Clock) -> None:
    """Play the preparation."""
    for act in (vague_occasion, first_guests, sharp_occasion, more_guests, facilitator_and_recorder, how_we_work):
        act(session, clock)


def vague_occasion(session: Session, clock: Clock) -> None:
    """The corporation has a plan on the shelf, and that is where it begins: with an answer."""
    clock.turn_to("2016-06-20T14:05+02:00")
    session.record(
        OccasionStated(
            occasion="In Complex A staan steeds meer woningen leeg",
            kind="problem",
            concrete=False,
            entry="intervention proposed",
        ),
        PurposeStated(
            purpose="decisions that touch residents",
            motivation="Wat we kiezen, merken de bewoners elke dag. Daarom zitten zij vanaf het begin aan tafel.",
        ),
        by="jochum",
    )
    session.record(
        SolutionParked(
            parked="plan-on-the-shelf",
            title="Het renovatieplan dat al klaarligt",
            origin="proposed beforehand",
        ),
        by="jochum",
    )


def first_guests(session: Session, clock: Clock) -> None:
    """Nine people are asked first; the method advises at least ten."""
    clock.turn_to("2016-06-27T10:30+02:00")
    session.record(
        ParticipantInvited(
            participant="jochum",
            name="Jochum",
            perspective="ontwikkeling",
            organisation="housing",
            function="projectleider",
            ties=("responsible",),
            can_act=True,
        ),
        ParticipantInvited(
            participant="sandra",
            name="Sandra",
            perspective="verhuur",
            organisation="housing",
            function="medewerker verhuur",
            ties=("works",),
        ),
        ParticipantInvited(
            participant="rob",
            name="Rob",
            perspective="beheer",
            organisation="housing",
            function="wijkbeheerder",
            ties=("works",),
        ),
        ParticipantInvited(
            participant="mirjam",
            name="Mirjam",
            perspective="woonbeleid",
            organisation="municipality",
            function="adviseur wonen",
            ties=("responsible",),
            can_act=True,
        ),
        ParticipantInvited(
            participant="erik",
            name="Erik",
            perspective="wijk",
            organisation="municipality",
            function="wijkmanager",
            ties=("works",),
        ),
        ParticipantInvited(
            participant="fatima",
            name="Fatima",
            perspective="jongeren",
            organisation="welfare",
            function="jongerenwerker",
            ties=("works",),
        ),
        ParticipantInvited(
            participant="bram",
            name="Bram",
            perspective="veiligheid",
            organisation="police",
            function="wijkagent",
            ties=("works",),
        ),
        ParticipantInvited(participant="anna", name="Anna", perspective="bewoner", ties=("lives",)),
        ParticipantInvited(participant="karim", name="Karim", perspective="bewoner", ties=("lives", "works")),
        by="jochum",
    )
    session.record(
        AdviceAnswered(
            rule="too-few",
            answer="We beginnen met negen. Anna en Karim vragen zelf buren mee, dat werkt beter dan een brief van ons.",
        ),
        by="jochum",
    )


def sharp_occasion(session: Session, clock: Clock) -> None:
    """Figures turn a feeling into an occasion."""
    clock.turn_to("2016-08-22T09:15+02:00")
    session.record(
        OccasionStated(
            occasion="In Complex A (96 woningen) staan 19 woningen leeg; een jaar geleden waren dat er 7",
            kind="problem",
            evidence="Verhuurcijfers van augustus 2015 en augustus 2016; vertrekgesprekken met 11 huurders",
            concrete=True,
            entry="intervention proposed",
        ),
        by="jochum",
    )
    session.record(
        NoteTaken(text="Bij ons op kantoor denkt bijna iedereen dat de woningen gewoon te oud zijn."),
        by="jochum",
        role="organiser",
    )


def more_guests(session: Session, clock: Clock) -> None:
    """The residents bring neighbours; welfare and the builder join: thirteen people, five organisations."""
    clock.turn_to("2016-08-29T16:40+02:00")
    session.record(
        ParticipantInvited(participant="tineke", name="Tineke", perspective="bewoner", ties=("lives",)),
        ParticipantInvited(participant="willem", name="Willem", perspective="bewoner", ties=("lives",)),
        ParticipantInvited(
            participant="joost",
            name="Joost",
            perspective="buurtopbouw",
            organisation="welfare",
            function="opbouwwerker",
            ties=("works",),
        ),
        ParticipantInvited(
            participant="ruud",
            name="Ruud",
            perspective="techniek",
            organisation="builder",
            function="uitvoerder",
            ties=("works",),
        ),
        by="jochum",
    )
    session.record(
        PartyNamed(party="housing", name="De woningcorporatie", represented_by=("jochum", "sandra", "rob")),
        PartyNamed(party="municipality", name="De gemeente", represented_by=("mirjam", "erik")),
        PartyNamed(party="welfare", name="De welzijnsorganisatie", represented_by=("fatima", "joost")),
        PartyNamed(party="police", name="De politie", represented_by=("bram",)),
        PartyNamed(party="builder", name="Het onderhoudsbedrijf", represented_by=("ruud",)),
        PartyNamed(party="residents", name="De bewoners", represented_by=("anna", "karim", "tineke", "willem")),
        by="jochum",
        role="organiser",
    )


def facilitator_and_recorder(session: Session, clock: Clock) -> None:
    """From now on somebody from outside leads."""
    clock.turn_to("2016-08-31T11:00+02:00")
    session.record(
        RecorderAppointed(recorder="daan", name="Daan"),
        FacilitatorAppointed(facilitator="els", name="Els", neutral=True),
        by="jochum",
    )


def how_we_work(session: Session, clock: Clock) -> None:
    """Two half days, and what may be seen by whom."""
    clock.turn_to("2016-09-05T15:20+02:00")
    session.record(
        MeetingPlanned(
            meeting="first",
            begins_at=datetime.fromisoformat("2016-09-13T09:00+02:00"),
            place="Buurthuis naast Complex A, na een ronde door het complex",
            agenda=(
                AgendaItem(step="inventory", minutes=45),
                AgendaItem(step="sharpening", minutes=45),
                AgendaItem(step="baseline", minutes=40),
                AgendaItem(step="solutions", minutes=40),
            ),
        ),
        MeetingPlanned(
            meeting="second",
            begins_at=datetime.fromisoformat("2016-09-29T13:00+02:00"),
            place="Buurthuis naast Complex A",
            agenda=(
                AgendaItem(step="effects", minutes=45),
                AgendaItem(step="preselection", minutes=60),
                AgendaItem(step="analysis", minutes=60),
            ),
        ),
        DisclosureDeclared(
            disclosure="group",
            explanation="Wat een groepje vindt, ziet iedereen. Wat één mens invult, ziet alleen die mens zelf.",
        ),
        SettingChanged(
            setting="shortlist_high",
            number=4,
            reason="We hebben in de tweede bijeenkomst tijd voor hooguit vier Effectenkaarten.",
        ),
        by="els",
    )
