"""Between the meetings: step 4 stays open, cards are filled in, figures looked up, and somebody falls ill."""

from datetime import date

from afwegen.demo.clock import Clock
from afwegen.events import (
    CardCompleted,
    CostEstimated,
    EffectRecorded,
    IncomeEstimated,
    NoteTaken,
    ParticipantInvited,
    ParticipantReplaced,
    PartyNamed,
    ResearchTaskNoted,
    UncertaintyNoted,
)
from afwegen.session import Session

__all__ = ["play"]


def play(session: Session, clock: Clock) -> None:
    """Play the two weeks between the meetings."""
    for act in (solution_cards, first_figures, first_effects, a_replacement):
        act(session, clock)


def solution_cards(session: Session, clock: Clock) -> None:
    """Who proposed something fills in its card."""
    clock.turn_to("2016-09-15T10:10+02:00")
    session.record(
        CardCompleted(
            solution="caretaker",
            what="Een huismeester, 28 uur per week, vooral 's middags en 's avonds",
            effects="Rust bij de ingang; bewoners kennen weer iemand bij naam",
            additional_costs="Ongeveer 60.000 euro per jaar",
            worked_where="Tot 2008 hier in het complex, en nu in twee complexen in een andere wijk",
            different_here="Daar was geen groep die elke avond terugkwam",
        ),
        by="karim",
        channel="async",
    )
    session.record(
        CardCompleted(
            solution="renovation",
            what="Alle 96 woningen van binnen vernieuwd, met een nieuwe ingang per blok",
            effects="Comfortabele woningen, lagere stookkosten, een complex dat er goed uitziet",
            additional_costs="Ongeveer 1,2 miljoen euro boven het gewone onderhoud",
            worked_where="In de straat hierachter",
            different_here="Daar hing niemand bij de deur",
        ),
        by="ruud",
        channel="async",
    )
    session.record(
        CardCompleted(
            solution="demolition",
            what="De 32 woningen van blok C weg, 24 nieuwe ervoor terug",
            effects="De donkere hoek verdwijnt; nieuwe huurders met een eigen voordeur",
            additional_costs="Ongeveer 1,6 miljoen euro, en de verhuizing van wie er nu woont",
        ),
        by="sandra",
        channel="async",
    )
    session.record(
        CardCompleted(
            solution="meeting-place",
            what="De lege winkel in de plint, drie avonden per week",
            effects="De jongens staan binnen in plaats van bij de deur",
            worked_where="In de wijk hiernaast, zolang er begeleiding was",
        ),
        by="fatima",
        channel="async",
    )


def first_figures(session: Session, clock: Clock) -> None:
    """Additional costs and income, as differences from the baseline that stands."""
    clock.turn_to("2016-09-19T13:30+02:00")
    session.record(
        CostEstimated(
            cost="renovation-works",
            solution="renovation",
            amount=1_280_000,
            bearer="housing",
            source="Begroting van het renovatieplan, prijspeil 2016",
        ),
        by="ruud",
        channel="async",
    )
    session.record(
        CostEstimated(
            cost="caretaker-wages",
            solution="caretaker",
            amount=60_000,
            bearer="housing",
            period="per year",
            years=5,
            source="Loonkosten van twee huismeesters elders",
        ),
        by="rob",
        channel="async",
    )
    session.record(
        CostEstimated(
            cost="demolition-works",
            solution="demolition",
            amount=1_600_000,
            bearer="housing",
            source="Kengetallen sloop en nieuwbouw, min de waarde van de grond",
        ),
        IncomeEstimated(
            income="better-rents",
            solution="renovation",
            amount=48_000,
            collector="housing",
            period="per year",
            years=15,
            source="Huur na renovatie, bij gelijke leegstand",
        ),
        by="sandra",
        channel="async",
    )
    session.record(
        ResearchTaskNoted(
            task="relocation",
            question="Hoeveel huishoudens in blok C moeten verhuizen, en waarheen?",
            owners=("sandra",),
            due=date(2016, 10, 21),
        ),
        by="sandra",
        channel="async",
    )
    session.record(
        UncertaintyNoted(
            text="Of er asbest in de gevel van blok C zit, weten we pas na onderzoek", about="solution/demolition"
        ),
        by="ruud",
        channel="async",
    )


def first_effects(session: Session, clock: Clock) -> None:
    """The residents' worker asked around, and sends in what he heard."""
    clock.turn_to("2016-09-21T16:00+02:00")
    session.record(
        EffectRecorded(
            effect="caretaker-known-face",
            solution="caretaker",
            statement="Meer bewoners spreken weer iemand aan, want ze staan er niet alleen voor",
            direction="positive",
            recipient="residents",
            angle="buurtopbouw",
        ),
        by="joost",
        channel="async",
    )
    session.record(
        NoteTaken(
            text=(
                "Gesprek met zes jongens, twee avonden. Ze willen een plek die van hen is, en vinden het zelf ook "
                "vervelend dat oudere mensen schrikken."
            )
        ),
        by="fatima",
        channel="async",
    )


def a_replacement(session: Session, clock: Clock) -> None:
    """The police officer is ill; a colleague comes in his place."""
    clock.turn_to("2016-09-27T09:05+02:00")
    session.record(
        ParticipantInvited(
            participant="nadia",
            name="Nadia",
            perspective="veiligheid",
            organisation="police",
            function="wijkagent",
            ties=("works",),
        ),
        ParticipantReplaced(participant="bram", replacement="nadia", reason="Bram is ziek"),
        PartyNamed(party="police", name="De politie", represented_by=("nadia",)),
        by="els",
    )
