"""What came of it: expected against measured, and what they would do differently (2017 and 2018)."""

from datetime import date

from afwegen.demo.clock import Clock
from afwegen.events import (
    AttributionJudged,
    CostRealised,
    EffectMeasured,
    FacilitatorReleased,
    GroupNotReached,
    ImplementationStarted,
    IndicatorSet,
    LessonDrawn,
    ParticipantWithdrew,
    RealityCheckDone,
    ResultRecorded,
    StepCompleted,
)
from afwegen.session import Session

__all__ = ["play"]


def play(session: Session, clock: Clock) -> None:
    """Play the follow-up."""
    for act in (it_begins, after_half_a_year, after_a_year_and_a_half, looking_back):
        act(session, clock)


def it_begins(session: Session, clock: Clock) -> None:
    """The facilitator's work is done; the organiser leads again."""
    clock.turn_to("2017-01-16T08:30+01:00")
    session.record(FacilitatorReleased(facilitator="els", reason="Het afwegen is klaar"), by="els")
    session.record(
        ImplementationStarted(
            solution="caretaker-and-open-square",
            day=date(2017, 1, 16),
            remark="De huismeester heet iedereen welkom; Tineke bracht taart",
        ),
        by="rob",
    )
    clock.turn_to("2017-04-03T08:30+02:00")
    session.record(
        ParticipantWithdrew(participant="willem", reason="Hij verhuisde naar zijn dochter, naar een droge woning"),
        by="jochum",
        role="organiser",
    )
    session.record(
        IndicatorSet(
            indicator="shop-custom",
            solution="small-demolition",
            title="Klanten na 17 uur in de twee winkels, gemiddeld per dag",
            target="Een derde meer",
            due=date(2018, 6, 30),
        ),
        by="erik",
    )


def after_half_a_year(session: Session, clock: Clock) -> None:
    """The first figures, and the first thing nobody had on a card."""
    clock.turn_to("2017-07-10T14:00+02:00")
    session.record(
        ResultRecorded(
            solution="caretaker-and-open-square",
            finding="De huismeester is er vijf avonden per week; het pleintje is in mei geopend",
        ),
        by="rob",
    )
    session.record(
        EffectMeasured(
            owner="residents",
            finding="De meldingen na zes uur zijn gedaald, maar op zondag niet",
            moment="interim",
            indicator="evening-reports",
            number=29,
            day=date(2017, 6, 30),
        ),
        by="nadia",
    )
    session.record(
        CostRealised(
            solution="caretaker-and-open-square",
            amount=287_500,
            bearer="housing",
            remark="Sloop en pleintje: 27.500 euro meer dan geschat, door een onverwachte leiding",
        ),
        by="jochum",
        role="organiser",
    )


def after_a_year_and_a_half(session: Session, clock: Clock) -> None:
    """The final measurement, beside what was expected."""
    clock.turn_to("2018-07-05T10:00+02:00")
    session.record(
        EffectMeasured(
            owner="residents",
            finding="Het doel van hooguit twintig meldingen is gehaald",
            moment="final",
            indicator="evening-reports",
            number=18,
            day=date(2018, 6, 30),
        ),
        by="nadia",
    )
    session.record(
        EffectMeasured(
            owner="housing",
            finding="Veertien woningen leeg: beter dan verwacht zonder ingreep, nog niet het doel van twaalf",
            moment="final",
            indicator="empty-homes",
            number=14,
            day=date(2018, 6, 30),
        ),
        by="sandra",
    )
    session.record(
        CostRealised(
            solution="caretaker-and-open-square",
            amount=91_000,
            bearer="housing",
            remark="Loon van de huismeester over anderhalf jaar, zoals geschat",
        ),
        by="rob",
    )
    session.record(
        AttributionJudged(
            finding="De nieuwe verlichting hielp ook mee, maar in het complex hiernaast, met dezelfde lampen, daalde niets",
            due_to_it="partly",
        ),
        by="mirjam",
    )


def looking_back(session: Session, clock: Clock) -> None:
    """Those involved say what it was like; who was not reached is named too."""
    clock.turn_to("2018-07-12T19:30+02:00")
    session.record(
        RealityCheckDone(
            involved="residents",
            finding="'Hij weet hoe ik heet.' Dat zeiden elf van de twintig bewoners, zonder dat we ernaar vroegen.",
        ),
        by="anna",
    )
    session.record(
        RealityCheckDone(
            involved="youth", finding="Zes jongens: 'Hij is oké. Maar binnen zitten mag nog steeds niet.'"
        ),
        by="fatima",
    )
    session.record(
        GroupNotReached(group="youth", finding="De meisjes uit het complex heeft niemand iets gevraagd"), by="fatima"
    )
    session.record(
        LessonDrawn(lesson="Vraag eerst waarom mensen gaan, en open daarna pas de la met plannen"),
        by="jochum",
        role="organiser",
    )
    session.record(
        LessonDrawn(
            lesson=(
                "Bouwen en praten horen bij elkaar. De aannemer nam iemand aan die elke week bij de bewoners langsging; "
                "dat haalde de kou uit de lucht."
            )
        ),
        by="ruud",
    )
    session.record(StepCompleted(step="follow_up"), by="jochum")
