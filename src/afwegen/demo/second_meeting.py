"""The second meeting, steps 5 and 6: does it still hold, what would change, and what deserves a closer look."""

from typing import Literal

from afwegen.demo import judgements
from afwegen.demo.clock import Clock
from afwegen.events import (
    Adoption,
    AssumptionAdded,
    AttendanceRecorded,
    BaselineAdopted,
    BaselineChecked,
    BaselineDrafted,
    CoreEffectChosen,
    CoreProblemAdopted,
    CoreProblemFormulated,
    CostEstimated,
    CriterionSet,
    DropoutDiscussed,
    EffectRecorded,
    EntryWithdrawn,
    IncomeEstimated,
    MeetingOpened,
    Objection,
    OptionDeclared,
    OutlierDiscussed,
    PhotosShown,
    RankingPresented,
    RankingSubmitted,
    ReachRecorded,
    Reaffirmed,
    ReconfirmationAnswered,
    ReconfirmationAsked,
    ReconfirmationSettled,
    ResearchTaskAnswered,
    ResearchTaskNoted,
    RoundClosed,
    RoundOpened,
    ShortlistAdopted,
    SolutionNominated,
    SolvingPowerEstimated,
    StepCompleted,
    StepReopened,
    StepStarted,
    SubgroupChanged,
    SubgroupFormed,
    UncertaintyNoted,
)
from afwegen.models import AHP, ConsensusGraph, WeightedSum
from afwegen.session import Session

__all__ = ["play"]

STAYED = (
    "anna",
    "erik",
    "fatima",
    "jochum",
    "joost",
    "karim",
    "mirjam",
    "rob",
    "ruud",
    "sandra",
    "tineke",
    "willem",
)
"""Who was at the first meeting too."""
PRESENT = (*STAYED, "nadia")


def play(session: Session, clock: Clock) -> None:
    """Play the second meeting up to the shortlist."""
    acts = (
        welcome_back,
        does_it_still_hold,
        back_to_the_core,
        back_to_the_baseline,
        what_stays,
        what_would_change,
        how_far_it_reaches,
        what_nobody_knows,
        the_one_effect,
        everyone_names_one,
        criteria,
        cards_in_order,
        far_apart,
        everyone_judges,
        what_the_models_say,
        the_shortlist,
    )
    for act in acts:
        act(session, clock)


def welcome_back(session: Session, clock: Clock) -> None:
    """Twelve of the thirteen are back; a newcomer is shown photos and asked separately."""
    clock.turn_to("2016-09-29T13:03+02:00")
    session.record(MeetingOpened(meeting="second"), by="els")
    session.record(AttendanceRecorded(meeting="second", present=PRESENT, absent=("bram",)), by="daan")
    session.record(
        PhotosShown(observations="Foto's van de ingang om vier uur 's middags en om elf uur 's avonds, voor Nadia"),
        by="daan",
    )
    session.record(StepCompleted(step="solutions"), StepStarted(step="effects"), by="els")
    session.record(ReconfirmationAsked(reconfirmation="newcomer", asked=("nadia",)), by="els")
    session.record(ReconfirmationAnswered(reconfirmation="newcomer", agrees=True), by="nadia")
    session.record(ReconfirmationSettled(reconfirmation="newcomer", answer="nobody refused"), by="els")


def does_it_still_hold(session: Session, clock: Clock) -> None:
    """Ten say yes, two say no, and both have a point."""
    clock.turn_to("2016-09-29T13:10+02:00")
    session.record(ReconfirmationAsked(reconfirmation="everyone", asked=STAYED), by="els")
    refusals = {
        "erik": "De bakker en de kapper hebben hetzelfde probleem als de bewoners. Zij staan nergens.",
        "mirjam": "De raad besloot vorige week over de verlichting. Dat gaat hoe dan ook door en hoort erbij.",
    }
    for person in STAYED:
        objection = refusals.get(person)
        session.record(
            ReconfirmationAnswered(reconfirmation="everyone", agrees=objection is None, objection=objection),
            by=person,
        )
    session.record(
        ReconfirmationSettled(
            reconfirmation="everyone",
            answer="reopened",
            reason="Beide bezwaren veranderen waar we van uitgaan. We gaan even terug.",
        ),
        by="els",
    )


def back_to_the_core(session: Session, clock: Clock) -> None:
    """Sharpening is open again beside step 5: the shops share the residents' core problem."""
    clock.turn_to("2016-09-29T13:18+02:00")
    session.record(StepReopened(step="sharpening", reason="De winkels hadden nog geen kernprobleem"), by="els")
    session.record(
        CoreProblemFormulated(
            core="safe-entrance",
            statement=(
                "Bewoners en hun bezoek voelen zich bij de ingang en de winkels niet veilig; wie kan, vertrekt, en "
                "klanten blijven weg"
            ),
            owners=("residents", "shops"),
            problems=("loitering", "hall-meeting-place", "strangers"),
        ),
        by="els",
        role="plenary",
    )
    session.record(
        CoreProblemAdopted(core="safe-entrance", adoption=Adoption(how="show of hands", in_favour=13, against=0)),
        StepCompleted(step="sharpening"),
        by="els",
    )


def back_to_the_baseline(session: Session, clock: Clock) -> None:
    """The lighting is decided now, so it happens anyway: the baseline is drafted anew."""
    clock.turn_to("2016-09-29T13:24+02:00")
    session.record(
        StepReopened(step="baseline", reason="De raad heeft de nieuwe verlichting besloten en betaald"), by="els"
    )
    session.record(
        BaselineDrafted(
            description=(
                "Het gewone onderhoud gaat door en de gemeente vernieuwt in 2017 de verlichting rond de blokken. De "
                "jongerenwerker komt één avond per week. De politie komt op meldingen. De leegstand groeit verder, "
                "naar ongeveer zesentwintig woningen, en blok C raakt het eerst leeg."
            ),
            horizon_years=5,
            probably_solves_it=False,
        ),
        by="els",
        role="plenary",
    )
    session.record(
        AssumptionAdded(
            assumption="lights",
            text="Nieuwe verlichting rond de blokken in het voorjaar van 2017",
            about="decided measures",
            source="Raadsbesluit van 22 september 2016",
        ),
        by="mirjam",
    )
    session.record(BaselineChecked(check="includes what is decided", satisfied=True), by="els")
    session.record(BaselineAdopted(), StepCompleted(step="baseline"), by="els")


def what_stays(session: Session, clock: Clock) -> None:
    """What rested on the old baseline is stale: it is looked at again, reaffirmed, or done anew."""
    clock.turn_to("2016-09-29T13:29+02:00")
    still_holds = {
        "cost/caretaker-wages": "Een huismeester kost evenveel, met of zonder nieuwe verlichting",
        "cost/demolition-works": "Het licht staat op de grond van de gemeente en blijft bij sloop staan",
        "income/better-rents": "De huur na renovatie hangt niet van het licht af",
        "effect/caretaker-known-face": "Licht kent niemand bij naam",
    }
    for thing, reason in still_holds.items():
        session.record(Reaffirmed(thing=thing, reason=reason), by="els", role="plenary")
    works = session.state.effects.costs["renovation-works"].seq
    session.record(
        EntryWithdrawn(entry=works, reason="Hierin zat 80.000 euro voor lampen die de gemeente nu betaalt"),
        CostEstimated(
            cost="renovation-works-without-lights",
            solution="renovation",
            amount=1_200_000,
            bearer="housing",
            source="Begroting van het renovatieplan zonder de verlichting",
        ),
        by="ruud",
    )
    session.record(ReconfirmationAsked(reconfirmation="everyone-again", asked=PRESENT), by="els")
    for person in PRESENT:
        session.record(ReconfirmationAnswered(reconfirmation="everyone-again", agrees=True), by=person)
    session.record(ReconfirmationSettled(reconfirmation="everyone-again", answer="nobody refused"), by="els")


def what_would_change(session: Session, clock: Clock) -> None:
    """Card by card, half of the attention for what gets worse."""
    clock.turn_to("2016-09-29T13:36+02:00")
    _caretaker_effects(session)
    _renovation_effects(session)
    _demolition_effects(session)
    _camera_effects(session)
    _meeting_place_effects(session)


def _caretaker_effects(session: Session) -> None:
    session.record(
        EffectRecorded(
            effect="caretaker-quiet-evenings",
            solution="caretaker",
            statement="Het is 's avonds rustiger en veiliger bij de ingang",
            direction="positive",
            recipient="residents",
            angle="bewoner",
        ),
        by="anna",
    )
    session.record(
        EffectRecorded(
            effect="caretaker-stays-away",
            solution="caretaker",
            statement="Op zijn vrije dagen is het onrustiger dan ervoor, want iedereen wacht tot hij er weer is",
            direction="negative",
            recipient="residents",
            angle="beheer",
        ),
        by="rob",
    )
    session.record(
        EffectRecorded(
            effect="caretaker-moves-on",
            solution="caretaker",
            statement="De jongens gaan vaker bij het speelplein staan",
            direction="negative",
            recipient="youth",
            angle="jongeren",
        ),
        by="fatima",
    )


def _renovation_effects(session: Session) -> None:
    session.record(
        EffectRecorded(
            effect="renovation-warm-homes",
            solution="renovation",
            statement="De woningen zijn warmer en droger en de stookkosten lager",
            direction="positive",
            recipient="residents",
            angle="bewoner",
        ),
        by="willem",
    )
    session.record(
        EffectRecorded(
            effect="renovation-easier-to-let",
            solution="renovation",
            statement="Meer kijkers zeggen ja, zolang de avonden bij de ingang niet erger worden",
            direction="positive",
            recipient="housing",
            angle="verhuur",
        ),
        by="sandra",
    )
    session.record(
        EffectRecorded(
            effect="renovation-months-of-noise",
            solution="renovation",
            statement="Bewoners zitten langer in stof en lawaai: drie weken per woning, een jaar voor het complex",
            direction="negative",
            recipient="residents",
            angle="techniek",
        ),
        by="ruud",
    )
    session.record(
        EffectRecorded(
            effect="renovation-wrong-problem",
            solution="renovation",
            statement="Er blijft minder geld over voor wat er bij de deur gebeurt",
            direction="negative",
            recipient="housing",
            angle="ontwikkeling",
        ),
        by="jochum",
    )


def _demolition_effects(session: Session) -> None:
    session.record(
        EffectRecorded(
            effect="demolition-dark-corner",
            solution="demolition",
            statement="De donkere hoek waar het begint, is er niet meer",
            direction="positive",
            recipient="residents",
            angle="veiligheid",
        ),
        by="nadia",
    )
    session.record(
        EffectRecorded(
            effect="demolition-mixed",
            solution="demolition",
            statement="Er komt een gemengder aanbod, met meer woningen voor gezinnen",
            direction="positive",
            recipient="municipality",
            angle="woonbeleid",
        ),
        by="mirjam",
    )
    session.record(
        EffectRecorded(
            effect="demolition-people-must-go",
            solution="demolition",
            statement="Minder buren blijven bij elkaar: wie in blok C woont, moet weg",
            direction="negative",
            recipient="residents",
            angle="bewoner",
        ),
        by="anna",
    )
    session.record(
        EffectRecorded(
            effect="demolition-empty-years",
            solution="demolition",
            statement="Twee jaar lang is het rond de bouwplaats stiller en onveiliger",
            direction="negative",
            recipient="shops",
            angle="wijk",
        ),
        by="erik",
    )


def _camera_effects(session: Session) -> None:
    session.record(
        EffectRecorded(
            effect="cameras-fewer-broken-doors",
            solution="cameras",
            statement="Er gaat minder stuk bij de ingang",
            direction="positive",
            recipient="housing",
            angle="beheer",
        ),
        by="rob",
    )
    session.record(
        EffectRecorded(
            effect="cameras-evidence",
            solution="cameras",
            statement="Aangiften leiden vaker tot iets",
            direction="positive",
            recipient="police",
            angle="veiligheid",
        ),
        by="nadia",
    )
    # Tineke prefers to say it; the recorder enters it for her.
    session.record(
        EffectRecorded(
            effect="cameras-watched",
            solution="cameras",
            statement="Ik voel me meer bekeken, en niet minder bang",
            direction="negative",
            recipient="residents",
            angle="bewoner",
        ),
        by="daan",
        on_behalf_of="tineke",
        channel="oral",
    )
    session.record(
        EffectRecorded(
            effect="cameras-around-the-corner",
            solution="cameras",
            statement="Ze staan vaker om de hoek, buiten beeld",
            direction="negative",
            recipient="shops",
            angle="jongeren",
        ),
        by="fatima",
    )
    session.record(
        CostEstimated(cost="cameras-system", solution="cameras", amount=45_000, bearer="housing", source="Offerte"),
        by="jochum",
    )


def _meeting_place_effects(session: Session) -> None:
    session.record(
        EffectRecorded(
            effect="meeting-place-own",
            solution="meeting-place",
            statement="De jongens hebben vaker een plek waar iemand hen kent",
            direction="positive",
            recipient="youth",
            angle="jongeren",
        ),
        by="fatima",
    )
    session.record(
        EffectRecorded(
            effect="meeting-place-fewer-nights",
            solution="meeting-place",
            statement="Drie avonden per week is het rustiger bij de deur",
            direction="positive",
            recipient="residents",
            angle="buurtopbouw",
        ),
        by="joost",
    )
    session.record(
        EffectRecorded(
            effect="meeting-place-magnet",
            solution="meeting-place",
            statement="Er komen meer jongens uit andere wijken op af",
            direction="negative",
            recipient="residents",
            angle="bewoner",
        ),
        by="karim",
    )
    session.record(
        EffectRecorded(
            effect="meeting-place-shops",
            solution="meeting-place",
            statement="Het wordt drukker voor de winkels, en dat trekt niet de klanten die zij zoeken",
            direction="negative",
            recipient="shops",
            angle="wijk",
        ),
        by="erik",
    )
    session.record(
        CostEstimated(
            cost="meeting-place-staff",
            solution="meeting-place",
            amount=35_000,
            bearer="municipality",
            period="per year",
            years=5,
        ),
        by="joost",
    )


def how_far_it_reaches(session: Session, clock: Clock) -> None:
    """Some effects stay in the complex, some reach the whole neighbourhood."""
    clock.turn_to("2016-09-29T14:02+02:00")
    reaches: tuple[tuple[str, Literal["complex", "buurt", "wijk", "city"], Literal["some", "all"]], ...] = (
        ("caretaker-quiet-evenings", "complex", "all"),
        ("caretaker-moves-on", "buurt", "some"),
        ("renovation-warm-homes", "complex", "all"),
        ("renovation-easier-to-let", "complex", "some"),
        ("demolition-dark-corner", "buurt", "all"),
        ("demolition-mixed", "wijk", "some"),
        ("demolition-people-must-go", "complex", "some"),
        ("meeting-place-own", "wijk", "some"),
    )
    for effect, reach, whom in reaches:
        session.record(ReachRecorded(effect=effect, reach=reach, whom=whom), by="els", role="plenary")
    session.record(
        IncomeEstimated(
            income="fewer-empty-homes",
            solution="caretaker",
            amount=40_000,
            collector="housing",
            period="per year",
            years=5,
            source="Zes woningen minder leeg dan in het basisalternatief",
        ),
        by="sandra",
    )


def what_nobody_knows(session: Session, clock: Clock) -> None:
    """Doubts are written down beside the figures, with who looks into them."""
    clock.turn_to("2016-09-29T14:07+02:00")
    session.record(
        UncertaintyNoted(
            text="Niemand weet of de rust blijft als de huismeester na vijf jaar stopt",
            about="effect/caretaker-quiet-evenings",
        ),
        by="mirjam",
    )
    session.record(
        ResearchTaskNoted(
            task="caretakers-elsewhere",
            question="Hoe ging het in de twee andere complexen, ook in het tweede jaar?",
            owners=("rob", "joost"),
        ),
        by="els",
    )
    session.record(
        ResearchTaskAnswered(
            task="caretakers-elsewhere",
            answer="In het ene complex halveerden de meldingen en bleef dat zo. In het andere liep het terug na ziekte.",
            source="Telefoontje in de pauze met beide beheerders",
        ),
        by="rob",
    )


def the_one_effect(session: Session, clock: Clock) -> None:
    """One effect for the whole session, the mirror of the core problems."""
    clock.turn_to("2016-09-29T14:12+02:00")
    session.record(
        CoreEffectChosen(
            core_effect="evenings-of-everyone",
            statement="De avonden bij de ingang zijn weer van iedereen: wie hier woont, blijft, en wie kijkt, komt",
            mirrors=("safe-entrance", "people-leave", "no-place"),
        ),
        by="els",
        role="plenary",
    )
    session.record(StepCompleted(step="effects"), StepStarted(step="preselection"), by="els")


def everyone_names_one(session: Session, clock: Clock) -> None:
    """Blind and first: the one solution whose effects you most want."""
    clock.turn_to("2016-09-29T14:16+02:00")
    session.record(RoundOpened(round="the-one", asks="nominations", blind=True), by="els")
    for person, solution in judgements.NOMINATIONS.items():
        session.record(SolutionNominated(solution=solution, round="the-one"), by=person)
    session.record(RoundClosed(round="the-one"), by="els")


def criteria(session: Session, clock: Clock) -> None:
    """What to keep in mind, with the worst and the best score anybody may give; and how far each goes to the core."""
    clock.turn_to("2016-09-29T14:22+02:00")
    session.record(
        CriterionSet(criterion="safety", title="Rust bij de ingang", kind="solving power", worst=0, best=10),
        CriterionSet(criterion="letting", title="Wie hier woont, blijft", kind="solving power", worst=0, best=10),
        CriterionSet(criterion="burden", title="Wat bewoners ervan merken", kind="other effects", worst=0, best=10),
        CriterionSet(
            criterion="costs",
            title="Meerkosten over vijf jaar, in duizenden euro's",
            kind="additional costs",
            worst=2000,
            best=0,
        ),
        by="els",
    )
    powers = (
        ("caretaker", "residents", 60),
        ("caretaker", "housing", 40),
        ("renovation", "residents", 20),
        ("renovation", "housing", 50),
        ("demolition", "residents", 35),
        ("demolition", "housing", 60),
        ("cameras", "residents", 15),
        ("meeting-place", "youth", 55),
    )
    for solution, owner, percent in powers:
        session.record(
            SolvingPowerEstimated(solution=solution, owner=owner, percent=percent, source="Schatting van de groep"),
            by="els",
            role="plenary",
        )


def cards_in_order(session: Session, clock: Clock) -> None:
    """Four small groups order the cards, best on top, and lay their orders side by side."""
    clock.turn_to("2016-09-29T14:28+02:00")
    session.record(
        SubgroupFormed(subgroup="orange", members=("anna", "jochum", "joost")),
        SubgroupFormed(subgroup="blue", members=("nadia", "sandra", "tineke")),
        SubgroupFormed(subgroup="green", members=("fatima", "karim", "mirjam", "ruud")),
        SubgroupFormed(subgroup="yellow", members=("erik", "rob")),
        by="els",
    )
    session.record(
        SubgroupChanged(
            subgroup="yellow", members=("erik", "rob", "willem"), reason="Willem kwam terug van een telefoontje"
        ),
        RoundOpened(round="cards", asks="ranking", of="subgroups"),
        by="els",
    )
    clock.turn_to("2016-09-29T14:43+02:00")
    for group, (speaker, tiers) in judgements.ORDERS.items():
        session.record(RankingSubmitted(round="cards", tiers=tiers), by=speaker, on_behalf_of=group)
    session.record(RoundClosed(round="cards"), by="els")
    for group, (speaker, _) in judgements.ORDERS.items():
        order = session.state.meeting.rounds["cards"].sheets[group].seq
        session.record(RankingPresented(ranking=order), by=speaker, on_behalf_of=group)


def far_apart(session: Session, clock: Clock) -> None:
    """The cameras stand first with one group and last with two: that is talked about before anything drops out."""
    clock.turn_to("2016-09-29T14:52+02:00")
    session.record(
        OutlierDiscussed(
            solution="cameras",
            finding=(
                "Blauw zette de camera's bovenaan om de aangiften van Nadia. Tineke vertelt dat zij in dat groepje niet "
                "durfde te zeggen dat camera's haar angst niet wegnemen. De anderen vinden: kijken is niet helpen."
            ),
        ),
        by="els",
        role="plenary",
    )
    session.record(
        DropoutDiscussed(
            solution="cameras",
            finding="Kan altijd nog, als het met mensen niet lukt",
            drops_out=True,
        ),
        DropoutDiscussed(
            solution="meeting-place",
            finding="Valt niet af omdat het slecht is: de gemeente besluit er in het voorjaar apart over",
            drops_out=True,
        ),
        DropoutDiscussed(
            solution="demolition",
            finding="Staat nergens bovenaan, maar drie groepjes willen weten wat het voor blok C zou doen",
            drops_out=False,
        ),
        by="els",
        role="plenary",
    )


def everyone_judges(session: Session, clock: Clock) -> None:
    """For the decision models, and not part of the method: everyone judges the three that are left, for themselves."""
    clock.turn_to("2016-09-29T15:02+02:00")
    session.record(
        OptionDeclared(option="criteria weights", explanation="Om te zien wat zwaar weegt, en voor wie"),
        OptionDeclared(option="scores", explanation="Om onze indruk naast een som te leggen"),
        OptionDeclared(option="comparisons", explanation="Een tweede manier van vragen, als controle op de eerste"),
        by="els",
    )
    judgements.play(session, clock)


def what_the_models_say(session: Session, clock: Clock) -> None:
    """Three models compute and show; none of them chooses."""
    clock.turn_to("2016-09-29T15:40+02:00")
    for model in (WeightedSum(), AHP(), ConsensusGraph()):
        session.evaluate(model, by="els")


def the_shortlist(session: Session, clock: Clock) -> None:
    """The group picks, together."""
    clock.turn_to("2016-09-29T15:46+02:00")
    session.record(
        ShortlistAdopted(
            solutions=("caretaker", "renovation", "demolition"),
            motivation=(
                "Twee modellen zetten de huismeester bovenaan, één de renovatie. Dat past bij ons gesprek: de helft van "
                "ons denkt aan de deur, de andere helft aan de woning. Alle drie verdienen een Effectenkaart."
            ),
            adoption=Adoption(how="show of hands", in_favour=12, against=1),
            objections=(Objection(person="fatima", words="Zonder plek voor de jongens schuift het probleem op."),),
        ),
        StepCompleted(step="preselection"),
        by="els",
    )
