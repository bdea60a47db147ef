"""The second meeting, step 7: an effect card for each solution on the shortlist, and what that brings to light."""

from datetime import date

from afwegen.demo.clock import Clock
from afwegen.events import (
    Adoption,
    AppointmentMade,
    ArenaLinkDrawn,
    CostEstimated,
    EffectCardAdopted,
    EffectCardOpened,
    EffectRecorded,
    EffectSizeEstimated,
    IndicatorSet,
    InsightNoted,
    MainEffectStated,
    MeetingClosed,
    MeetingReviewed,
    PathwayStated,
    RoundClosed,
    RoundOpened,
    ShortlistAmended,
    SolutionAssigned,
    StepCompleted,
    StepStarted,
    SubgroupFormed,
    VariantAdded,
)
from afwegen.events.meeting import Answer
from afwegen.session import Session

__all__ = ["play"]


def play(session: Session, clock: Clock) -> None:
    """Play the rest of the second meeting."""
    acts = (
        who_takes_which,
        card_of_the_caretaker,
        card_of_the_renovation,
        card_of_the_demolition,
        a_smaller_demolition,
        agreed,
        closing_words,
    )
    for act in acts:
        act(session, clock)


def who_takes_which(session: Session, clock: Clock) -> None:
    """Three small groups, each with one card, chosen by what people know."""
    clock.turn_to("2016-09-29T16:02+02:00")
    session.record(
        StepStarted(step="analysis"),
        SubgroupFormed(subgroup="door", members=("anna", "karim", "rob", "nadia", "fatima")),
        SubgroupFormed(subgroup="house", members=("willem", "ruud", "jochum", "tineke")),
        SubgroupFormed(subgroup="block", members=("sandra", "mirjam", "erik", "joost")),
        SolutionAssigned(solution="caretaker", subgroup="door"),
        SolutionAssigned(solution="renovation", subgroup="house"),
        SolutionAssigned(solution="demolition", subgroup="block"),
        by="els",
    )


def card_of_the_caretaker(session: Session, clock: Clock) -> None:
    """What a caretaker does for each owner, how large that is, and how it comes about."""
    clock.turn_to("2016-09-29T16:12+02:00")
    session.record(
        EffectCardOpened(solution="caretaker"),
        MainEffectStated(
            solution="caretaker",
            owner="residents",
            statement="Bewoners komen 's avonds vaker zonder zorgen thuis",
            effect="caretaker-quiet-evenings",
        ),
        MainEffectStated(solution="caretaker", owner="housing", statement="Minder huurders zeggen op om de ingang"),
        MainEffectStated(
            solution="caretaker", owner="youth", statement="De jongens worden vaker aangesproken en minder weggestuurd"
        ),
        EffectSizeEstimated(
            solution="caretaker",
            owner="residents",
            size="rather large",
            estimated_by=("rob", "nadia"),
            source="Meldingen in twee complexen met een huismeester",
        ),
        EffectSizeEstimated(solution="caretaker", owner="housing", size="medium", estimated_by=("rob",)),
        EffectSizeEstimated(
            solution="caretaker",
            owner="youth",
            size="small",
            estimated_by=("fatima",),
            source="Een huismeester is geen jongerenwerker",
        ),
        PathwayStated(
            solution="caretaker",
            pathway=(
                "Hij is er elke avond, dus kent hij de namen. Wie bij naam gekend wordt, luistert eerder. Bewoners zien "
                "dat en groeten weer. Wie gegroet wordt, verhuist minder snel."
            ),
        ),
        by="karim",
        on_behalf_of="door",
    )
    session.record(
        IndicatorSet(
            indicator="evening-reports",
            solution="caretaker",
            title="Meldingen van overlast na 18 uur, per kwartaal",
            target="Van 46 naar hooguit 20",
            due=date(2018, 6, 30),
        ),
        IndicatorSet(
            indicator="empty-homes",
            solution="caretaker",
            title="Aantal lege woningen",
            target="Van 19 naar hooguit 12, de gesloopte niet meegeteld",
            due=date(2018, 6, 30),
        ),
        ArenaLinkDrawn(
            solution="caretaker",
            investor="housing",
            activity="De huismeester betalen en begeleiden",
            effect="Minder meldingen op dezelfde plek",
            collector="police",
        ),
        ArenaLinkDrawn(
            solution="caretaker",
            investor="housing",
            activity="Elke avond iemand bij de ingang",
            effect="Klanten komen ook na vijf uur",
            collector="shops",
        ),
        by="rob",
        on_behalf_of="door",
    )


def card_of_the_renovation(session: Session, clock: Clock) -> None:
    """A good solution, for another problem."""
    clock.turn_to("2016-09-29T16:20+02:00")
    session.record(
        EffectCardOpened(solution="renovation"),
        MainEffectStated(
            solution="renovation",
            owner="residents",
            statement="Bewoners wonen warmer en droger",
            effect="renovation-warm-homes",
        ),
        MainEffectStated(
            solution="renovation",
            owner="housing",
            statement="Een deel van de kijkers die nu afhaken, zegt ja",
            effect="renovation-easier-to-let",
        ),
        EffectSizeEstimated(
            solution="renovation",
            owner="residents",
            size="medium",
            estimated_by=("ruud", "willem"),
            source="Warmtemeting in vier woningen",
        ),
        EffectSizeEstimated(solution="renovation", owner="housing", size="rather small", estimated_by=("jochum",)),
        PathwayStated(
            solution="renovation",
            pathway="Betere woningen trekken kijkers die hogere eisen stellen. Die moeten dan nog wel langs de deur.",
        ),
        by="ruud",
        on_behalf_of="house",
    )


def card_of_the_demolition(session: Session, clock: Clock) -> None:
    """While filling in the card the group sees that it need not be the whole block."""
    clock.turn_to("2016-09-29T16:24+02:00")
    session.record(
        EffectCardOpened(solution="demolition"),
        MainEffectStated(
            solution="demolition",
            owner="residents",
            statement="De hoek waar het begint, verdwijnt, en een deel van de bewoners ook",
            effect="demolition-dark-corner",
        ),
        EffectSizeEstimated(solution="demolition", owner="residents", size="medium", estimated_by=("mirjam", "sandra")),
        by="sandra",
        on_behalf_of="block",
    )


def a_smaller_demolition(session: Session, clock: Clock) -> None:
    """A variant takes the place of the whole on the shortlist."""
    clock.turn_to("2016-09-29T16:31+02:00")
    session.record(
        VariantAdded(
            solution="small-demolition",
            of="demolition",
            title="Alleen de acht woningen boven de doorgang slopen",
            description="De doorgang wordt een open pleintje; de andere 24 woningen van blok C blijven",
            targets=("safe-entrance", "people-leave"),
        ),
        by="mirjam",
    )
    session.record(
        EffectRecorded(
            effect="small-demolition-open-view",
            solution="small-demolition",
            statement="Je ziet eerder wie er staat, en er is minder plek om ongezien te schuilen",
            direction="positive",
            recipient="residents",
            angle="veiligheid",
        ),
        EffectRecorded(
            effect="small-demolition-three-must-go",
            solution="small-demolition",
            statement="Drie huishoudens verliezen hun buren; vijf van de acht woningen staan al leeg",
            direction="negative",
            recipient="residents",
            angle="bewoner",
        ),
        EffectRecorded(
            effect="small-demolition-less-rent",
            solution="small-demolition",
            statement="Er zijn voorgoed acht woningen minder te verhuren",
            direction="negative",
            recipient="housing",
            angle="verhuur",
        ),
        EffectRecorded(
            effect="small-demolition-shop-front",
            solution="small-demolition",
            statement="De winkels zijn vanaf de straat beter te zien",
            direction="positive",
            recipient="shops",
            angle="wijk",
        ),
        by="sandra",
        on_behalf_of="block",
    )
    session.record(
        CostEstimated(
            cost="small-demolition-works",
            solution="small-demolition",
            amount=260_000,
            bearer="housing",
            source="Kengetallen sloop, drie verhuizingen, inrichting van het pleintje",
        ),
        CostEstimated(
            cost="small-demolition-square",
            solution="small-demolition",
            amount=3_500,
            bearer="municipality",
            period="per year",
            years=5,
            source="Onderhoud van het pleintje",
        ),
        by="mirjam",
    )
    session.record(
        ShortlistAmended(
            solutions=("caretaker", "renovation", "small-demolition"),
            reason="De kleine sloop haalt dezelfde donkere hoek weg en kost nog geen vijfde. De grote valt daarmee af.",
            adoption=Adoption(how="show of hands", in_favour=11, against=2),
        ),
        by="els",
    )
    session.record(
        EffectCardOpened(solution="small-demolition"),
        MainEffectStated(
            solution="small-demolition",
            owner="residents",
            statement="Bewoners zien van verre wie er bij de deur staat",
            effect="small-demolition-open-view",
        ),
        MainEffectStated(
            solution="small-demolition",
            owner="shops",
            statement="Klanten zien de winkels weer",
            effect="small-demolition-shop-front",
        ),
        EffectSizeEstimated(solution="small-demolition", owner="residents", size="medium", estimated_by=("nadia",)),
        EffectSizeEstimated(solution="small-demolition", owner="shops", size="rather small", estimated_by=("erik",)),
        PathwayStated(
            solution="small-demolition",
            pathway="Wat open is, wordt gezien. Wat gezien wordt, voelt minder als het gebied van een ander.",
        ),
        by="mirjam",
        on_behalf_of="block",
    )


def agreed(session: Session, clock: Clock) -> None:
    """The group agrees that the cards tell it well."""
    clock.turn_to("2016-09-29T16:44+02:00")
    session.record(
        EffectCardAdopted(solution="caretaker"),
        EffectCardAdopted(solution="renovation"),
        EffectCardAdopted(solution="small-demolition", adoption=Adoption(how="show of hands", in_favour=12, against=1)),
        by="els",
    )
    session.record(StepCompleted(step="analysis"), by="els")


def closing_words(session: Session, clock: Clock) -> None:
    """The second closing round; what is said in it is shown in totals only."""
    clock.turn_to("2016-09-29T16:52+02:00")
    session.record(
        InsightNoted(
            insight=(
                "Wij verwachtten dat bewoners elkaar wel zouden aanspreken. Zij verwachtten niets meer van ons. Nu dat "
                "hardop gezegd is, kunnen we opnieuw beginnen."
            ),
            about="ourselves",
            acknowledged_by=("anna", "rob", "mirjam"),
        ),
        by="joost",
    )
    session.record(
        AppointmentMade(
            appointment="profile-of-the-caretaker",
            people=("anna", "tineke", "rob"),
            topic="Samen opschrijven wat voor iemand de huismeester moet zijn",
            day=date(2016, 10, 6),
        ),
        by="rob",
    )
    session.record(RoundOpened(round="second-closing", asks="closing words", blind=True), by="els")
    words: dict[str, tuple[Answer, Answer, Answer, str | None]] = {
        "anna": ("yes", "yes", "yes", None),
        "erik": ("yes", "yes", "yes", None),
        "fatima": ("partly", "yes", "partly", "De plek voor de jongens is er weer niet bij."),
        "jochum": ("yes", "yes", "yes", "Ik kom met een ander plan terug dan waarmee ik kwam."),
        "joost": ("yes", "yes", "yes", None),
        "mirjam": ("yes", "yes", "partly", None),
        "nadia": ("yes", "yes", "yes", None),
        "sandra": ("yes", "partly", "yes", None),
        "tineke": ("yes", "yes", "partly", "Er is nu wel naar mij geluisterd."),
        "willem": ("partly", "yes", "partly", None),
    }
    for person, (heard, new, trust, said) in words.items():
        session.record(
            MeetingReviewed(
                round="second-closing",
                felt_heard=heard,
                heard_something_new=new,
                trusts_what_follows=trust,
                words=said,
            ),
            by=person,
        )
    session.record(RoundClosed(round="second-closing"), by="els")
    session.record(MeetingClosed(meeting="second"), by="els")
