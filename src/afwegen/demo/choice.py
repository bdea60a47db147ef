"""Step 8: the board decides, with everything on the table, and says why (October and November 2016)."""

from datetime import date, datetime

from afwegen.demo.clock import Clock
from afwegen.events import (
    ActionAgreed,
    BaselineConsidered,
    ChoiceDeferred,
    ChoiceMade,
    ChoiceReportedBack,
    CostEstimated,
    DepartmentAdvised,
    DepartureExplained,
    DissentVoiced,
    EffectRecorded,
    EvaluationPlanned,
    OtherAspectWeighed,
    ProcedureStated,
    ResearchTaskAnswered,
    SessionEnded,
    SituationMeasured,
    SolutionsCombined,
    StepCompleted,
    StepStarted,
    SupportSounded,
)
from afwegen.session import Session

__all__ = ["play"]


def play(session: Session, clock: Clock) -> None:
    """Play the choice."""
    acts = (
        how_it_is_decided,
        advice_and_support,
        not_yet,
        what_was_found_out,
        made_on_the_spot,
        the_choice,
        who_does_not_agree,
        told_and_agreed,
    )
    for act in acts:
        act(session, clock)


def how_it_is_decided(session: Session, clock: Clock) -> None:
    """Who decides was not in the room."""
    clock.turn_to("2016-10-11T09:30+02:00")
    session.record(
        StepStarted(step="choice"),
        ProcedureStated(
            procedure="De directeur van de corporatie besluit, na advies van financiën en een gesprek met de gemeente",
            deciders=("hanneke",),
            group="advises",
        ),
        by="els",
    )
    session.export(format="summary", by="els", viewer="jochum")


def advice_and_support(session: Session, clock: Clock) -> None:
    """A department advises; the residents ask their neighbours."""
    clock.turn_to("2016-10-18T15:00+02:00")
    session.record(
        DepartmentAdvised(
            department="housing",
            advice=(
                "Financiën: renoveren past in de begroting van 2018. Een huismeester is een vaste last; spreek daarom "
                "een termijn van vijf jaar af, met een weegmoment na twee jaar."
            ),
        ),
        by="jochum",
    )
    session.record(
        SupportSounded(
            among="residents",
            finding="Anna en Karim gingen langs 52 deuren. De meesten willen een huismeester; velen ook een droge woning.",
            asked=52,
            in_favour=41,
        ),
        by="anna",
    )
    session.record(
        SupportSounded(among="shops", finding="De bakker en de kapper zien het pleintje zitten", asked=2, in_favour=2),
        by="erik",
    )


def not_yet(session: Session, clock: Clock) -> None:
    """One thing must be known first."""
    clock.turn_to("2016-10-25T11:00+02:00")
    session.record(
        BaselineConsidered(
            finding=(
                "Niets extra's doen kost over vijf jaar naar schatting 900.000 euro aan huur en herstel, en de buren "
                "vertrekken. De nieuwe lampen helpen, maar niet genoeg."
            )
        ),
        ChoiceDeferred(
            reason="Ik besluit niet over slopen voordat ik weet waar de mensen heen kunnen",
            research=("relocation",),
            until=date(2016, 11, 22),
        ),
        by="hanneke",
    )


def what_was_found_out(session: Session, clock: Clock) -> None:
    """The question is answered."""
    clock.turn_to("2016-11-14T10:20+01:00")
    session.record(
        ResearchTaskAnswered(
            task="relocation",
            answer=(
                "Voor de hele sloop moeten 21 huishoudens weg, voor de kleine drie. Alle drie kunnen in het complex "
                "zelf verhuizen; twee willen dat graag, één liever niet."
            ),
            source="Huisbezoeken in oktober en november",
        ),
        by="sandra",
    )


def made_on_the_spot(session: Session, clock: Clock) -> None:
    """Neither the one nor the other: a combination that nobody had on a card."""
    clock.turn_to("2016-11-22T10:10+01:00")
    session.record(
        SolutionsCombined(
            solution="caretaker-and-open-square",
            parts=("caretaker", "small-demolition"),
            title="Een huismeester, en een open pleintje in plaats van de doorgang",
            description="Eerst de huismeester, vijf jaar lang; in het voorjaar de acht woningen boven de doorgang weg",
            targets=("safe-entrance", "people-leave"),
        ),
        by="els",
    )
    session.record(
        EffectRecorded(
            effect="combination-seen-and-known",
            solution="caretaker-and-open-square",
            statement="Wie bij de deur staat, wordt eerder gezien én gekend",
            direction="positive",
            recipient="residents",
            angle="veiligheid",
        ),
        EffectRecorded(
            effect="combination-less-for-homes",
            solution="caretaker-and-open-square",
            statement="Er is de eerste jaren minder geld voor vocht en kou",
            direction="negative",
            recipient="residents",
            angle="bewoner",
        ),
        EffectRecorded(
            effect="combination-social-and-technical",
            solution="caretaker-and-open-square",
            statement="Bouwen en omgaan met bewoners lopen meer door elkaar; dat vraagt van de bouwer iets nieuws",
            direction="negative",
            recipient="builder",
            angle="techniek",
        ),
        EffectRecorded(
            effect="combination-more-stay",
            solution="caretaker-and-open-square",
            statement="Meer huurders blijven, ook in blok C",
            direction="positive",
            recipient="housing",
            angle="verhuur",
        ),
        by="els",
        role="plenary",
    )
    session.record(
        CostEstimated(
            cost="combination-works",
            solution="caretaker-and-open-square",
            amount=260_000,
            bearer="housing",
            source="Kleine sloop, drie verhuizingen binnen het complex",
        ),
        CostEstimated(
            cost="combination-wages",
            solution="caretaker-and-open-square",
            amount=60_000,
            bearer="housing",
            period="per year",
            years=5,
        ),
        by="els",
    )


def the_choice(session: Session, clock: Clock) -> None:
    """The decider weighs the baseline too, departs from one model, and says why."""
    clock.turn_to("2016-11-22T10:40+01:00")
    session.record(
        OtherAspectWeighed(
            aspect="Vertrouwen",
            finding="Bewoners hebben drie plannen zien stranden. Iets wat in januari begint, weegt daarom zwaar.",
        ),
        BaselineConsidered(
            finding="Opnieuw bekeken: met nieuwe lampen alleen staan er over vijf jaar 26 woningen leeg. Dat wil ik niet."
        ),
        ChoiceMade(
            chosen=("caretaker-and-open-square",),
            motivation=(
                "Het echte probleem staat bij de deur, niet in de keukens. De huismeester is er in januari, het pleintje "
                "neemt de donkere hoek weg, en samen kosten ze minder dan de helft van de renovatie."
            ),
            does_not_solve="Het vocht in de woningen, en dat jongeren geen eigen plek hebben",
            negative_effects="Drie huishoudens verhuizen; de jongens gaan misschien bij het speelplein staan",
        ),
        DepartureExplained(
            departs_from="a model",
            reason=(
                "De consensusgraaf zet de renovatie bovenaan: zeven van de dertien zetten haar net boven de huismeester. "
                "Die zeven zagen weinig verschil tussen die twee; de andere zes een heel groot verschil. Bovendien pakt "
                "de renovatie het kernprobleem van de bewoners niet aan."
            ),
        ),
        DepartureExplained(
            departs_from="advice",
            reason="Financiën noemt de renovatie als eerste. Ik neem wel hun weegmoment na twee jaar over.",
        ),
        by="hanneke",
    )


def who_does_not_agree(session: Session, clock: Clock) -> None:
    """Dissent stands beside the choice, in people's own words."""
    clock.turn_to("2016-11-23T19:10+01:00")
    session.record(
        DissentVoiced(
            words="Ik snap het, maar drie gezinnen boven de doorgang zijn mijn buren. Voor hen is dit geen oplossing."
        ),
        by="anna",
        channel="async",
    )
    clock.turn_to("2016-11-25T09:00+01:00")
    session.record(
        DissentVoiced(words="Mijn woning is nog steeds koud. Dat staat nu in het besluit als 'lost het niet op'."),
        by="daan",
        on_behalf_of="willem",
        channel="paper",
        happened_at=datetime.fromisoformat("2016-11-22T11:00+01:00"),
    )


def told_and_agreed(session: Session, clock: Clock) -> None:
    """The choice is told to whom it touches, and turned into who does what; the weighing ends."""
    clock.turn_to("2016-12-01T20:00+01:00")
    session.record(
        ChoiceReportedBack(
            to="residents",
            how="Avond in het buurthuis, met koffie; 38 bewoners. De drie gezinnen kregen eerst bezoek thuis.",
            day=date(2016, 11, 30),
        ),
        by="jochum",
    )
    session.record(
        ChoiceReportedBack(to="youth", how="Fatima vertelde het aan de jongens bij de deur", day=date(2016, 12, 1)),
        by="fatima",
    )
    session.record(
        ActionAgreed(
            action="find-a-caretaker",
            what="Een huismeester zoeken, met Anna en Tineke in het gesprek",
            who=("rob", "anna", "tineke"),
            party="housing",
            due=date(2017, 1, 15),
        ),
        ActionAgreed(
            action="talk-about-the-place",
            what="De plek voor jongeren bij de wethouder op tafel leggen",
            who=("mirjam", "fatima"),
            party="municipality",
            due=date(2017, 3, 1),
        ),
        EvaluationPlanned(
            plan="Na een half jaar en na anderhalf jaar meten, met dezelfde vragen aan dezelfde deuren",
            day=date(2018, 6, 30),
        ),
        by="els",
    )
    session.record(
        SituationMeasured(
            indicator="evening-reports", finding="Derde kwartaal van 2016", number=46, day=date(2016, 9, 30)
        ),
        by="nadia",
    )
    session.record(
        SituationMeasured(
            indicator="empty-homes", finding="Twintig woningen staan leeg, één meer dan in augustus", number=20
        ),
        by="sandra",
    )
    session.record(StepCompleted(step="choice"), StepStarted(step="follow_up"), by="els")
    session.record(
        SessionEnded(outcome="chosen", reason="Er is gekozen, met redenen, en het is verteld aan wie het aangaat"),
        by="els",
    )
