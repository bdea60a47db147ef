"""The first meeting, steps 1 to 4: from "the flats are old" to what is really going on (13 September 2016)."""

from datetime import date

from afwegen.demo.clock import Clock
from afwegen.events import (
    Adoption,
    AppointmentMade,
    AssumptionAdded,
    AttendanceRecorded,
    BaselineAdopted,
    BaselineChecked,
    BaselineDrafted,
    CoreProblemAdopted,
    CoreProblemFormulated,
    CoreProblemPresented,
    DeeperProblemExamined,
    EntriesMerged,
    EntryHidden,
    EntryObjected,
    EntryReworded,
    EntryWithdrawn,
    InsightNoted,
    JointProblemAdopted,
    MeetingClosed,
    MeetingOpened,
    MeetingReviewed,
    NoteTaken,
    Objection,
    OpeningPitched,
    OwnerSetAside,
    ParkedSolutionTakenUp,
    PartyNamed,
    ProblemOwnerAdded,
    ProblemPitched,
    ProblemPrioritised,
    ProblemReported,
    ProblemsAssigned,
    ProblemSetAside,
    ProblemSized,
    ProblemSplit,
    QuestionAsked,
    RoundClosed,
    RoundOpened,
    SelfResolutionExamined,
    SiteVisited,
    SolutionParked,
    SolutionProposed,
    SolutionSetAside,
    StepCompleted,
    StepOverridden,
    StepStarted,
    SubgroupFormed,
)
from afwegen.events.meeting import Answer
from afwegen.session import Session

__all__ = ["play"]

PRESENT = (
    "anna",
    "bram",
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


def play(session: Session, clock: Clock) -> None:
    """Play the first meeting."""
    acts = (
        a_walk_around,
        everyone_writes,
        everyone_tells,
        what_matters_most,
        in_small_groups,
        what_lies_behind,
        tangled_problems,
        to_the_core,
        time_is_up,
        if_we_do_nothing_extra,
        what_could_be_done,
        closing_words,
    )
    for act in acts:
        act(session, clock)


def a_walk_around(session: Session, clock: Clock) -> None:
    """The meeting begins outside, at the entrance."""
    clock.turn_to("2016-09-13T09:02+02:00")
    session.record(MeetingOpened(meeting="first"), by="els")
    session.record(AttendanceRecorded(meeting="first", present=PRESENT), by="daan")
    clock.turn_to("2016-09-13T09:24+02:00")
    session.record(
        SiteVisited(
            observations=(
                "De woningen zien er van buiten netter uit dan verwacht. Bij de ingang van blok C staat een groep "
                "jongens op scooters. Twee lampen zijn stuk. Wie naar binnen wil, moet ertussendoor."
            )
        ),
        by="daan",
    )


def everyone_writes(session: Session, clock: Clock) -> None:
    """After the pitch of who took the initiative, everyone writes in private what is wrong, and for whom."""
    clock.turn_to("2016-09-13T09:31+02:00")
    session.record(StepStarted(step="inventory"), by="els")
    session.record(
        OpeningPitched(
            pitch=(
                "Een jaar geleden stonden er zeven woningen leeg, nu negentien. Elke lege woning kost ons huur en "
                "maakt de buren onrustig. Wij dachten: de woningen zijn verouderd. Maar klopt dat? Dat wil ik van "
                "jullie horen."
            ),
            minutes=4,
        ),
        by="jochum",
    )
    session.record(RoundOpened(round="what-is-wrong", asks="problems", blind=True), by="els")
    clock.turn_to("2016-09-13T09:38+02:00")
    session.record(
        ProblemReported(
            problem="loitering",
            statement="Jongeren hangen elke avond bij de ingang",
            why="Buren voelen zich niet veilig en gaan verhuizen",
            owner="residents",
            keywords=("ingang", "avond", "onveilig"),
        ),
        by="anna",
    )
    session.record(
        ProblemReported(
            problem="outdated",
            statement="De woningen zijn verouderd",
            why="Daardoor verhuren ze slecht",
            owner="housing",
            keywords=("keukens", "badkamers"),
        ),
        by="jochum",
    )
    session.record(
        ProblemReported(
            problem="vacancy",
            statement="Wie komt kijken, haakt af bij de voordeur van het complex",
            why="Negentien lege woningen brengen geen huur op",
            owner="housing",
            keywords=("leegstand", "eerste indruk"),
        ),
        by="sandra",
    )
    session.record(
        ProblemReported(
            problem="hall-noise",
            statement="Er is 's nachts lawaai in het trappenhius",
            why="Ik sta om vijf uur op en kom niet aan slapen toe",
            owner="residents",
        ),
        by="karim",
    )
    session.record(
        ProblemReported(
            problem="damp",
            statement="Mijn woning is koud en vochtig",
            why="De stookkosten zijn hoog en de kleinkinderen hoesten",
            owner="residents",
        ),
        by="willem",
    )
    session.record(
        ProblemReported(
            problem="vandalism",
            statement="Deuren, lampen en brievenbussen gaan steeds stuk",
            why="We geven het onderhoudsgeld uit aan herstel in plaats van aan verbetering",
            owner="housing",
        ),
        by="rob",
    )
    session.record(
        ProblemReported(
            problem="repairs",
            statement="Mijn mensen gaan na vier uur alleen nog met z'n tweeën naar binnen",
            why="Elke reparatie kost daardoor dubbel",
            owner="housing",
        ),
        by="ruud",
    )
    session.record(
        ProblemReported(
            problem="decline",
            statement="De buurt glijdt af: wie kan kiezen, kiest voor een andere buurt",
            why="Wat we in scholen en straten steken, levert dan minder op",
            owner="municipality",
        ),
        by="mirjam",
    )
    session.record(
        ProblemReported(
            problem="litter",
            statement="Er staat grofvuil naast de containers",
            why="Opruimen kost elke week een ochtend",
            owner="municipality",
        ),
        by="erik",
    )
    session.record(
        ProblemReported(
            problem="nowhere-to-go",
            statement="De jongens hebben sinds de sluiting van het jongerencentrum geen eigen plek",
            why="Ze worden overal weggestuurd en voelen zich nergens welkom",
            owner="youth",
        ),
        by="fatima",
    )
    session.record(
        ProblemReported(
            problem="strangers",
            statement="Bewoners kennen elkaar niet meer",
            why="Niemand durft iets te zeggen, want je weet niet wie er achter je staat",
            owner="residents",
        ),
        by="joost",
    )
    session.record(
        ProblemReported(
            problem="call-backs",
            statement="Wij komen twee keer per week voor dezelfde meldingen",
            why="Als wij weg zijn, begint het opnieuw",
            owner="police",
        ),
        by="bram",
    )
    clock.turn_to("2016-09-13T09:42+02:00")
    session.record(RoundClosed(round="what-is-wrong"), by="els")


def everyone_tells(session: Session, clock: Clock) -> None:
    """Pitches and clarifying questions, without discussion; a solution that slips out is parked."""
    clock.turn_to("2016-09-13T09:44+02:00")
    session.record(
        ProblemPitched(problem="vacancy", pitch="Ik laat de woning zien en zie ze al naar buiten kijken.", minutes=2),
        by="sandra",
    )
    session.record(
        QuestionAsked(
            question="Wat zeggen mensen als ze afhaken?",
            problem="vacancy",
            answer="Acht van de elf noemden de ingang. Eén noemde de keuken.",
        ),
        by="joost",
    )
    session.record(
        ProblemPitched(
            problem="loitering",
            pitch="Het is niet dat ze iets doen. Het is dat je er elke avond tussendoor moet.",
            minutes=2,
        ),
        by="anna",
    )
    session.record(
        SolutionParked(parked="somebody-at-the-door", title="Een huismeester, zoals vroeger", origin="mentioned"),
        by="karim",
    )
    session.record(
        ProblemPitched(problem="nowhere-to-go", pitch="Vraag het ze eens: ze staan er zelf ook niet graag.", minutes=2),
        by="fatima",
    )
    session.record(ProblemPitched(problem="decline", minutes=2), by="mirjam")
    session.record(ProblemPitched(problem="call-backs", minutes=1), by="bram")
    # Willem asks aloud; the recorder writes it down for him.
    session.record(
        QuestionAsked(question="Waarom zijn de lampen na drie maanden nog stuk?", problem="vandalism"),
        by="daan",
        on_behalf_of="willem",
        channel="oral",
    )
    session.record(
        ProblemOwnerAdded(
            problem="loitering",
            owner="shops",
            why="De bakker en de kapper zeggen dat klanten na vijf uur wegblijven",
        ),
        by="erik",
    )
    session.record(
        PartyNamed(party="shops", name="De winkels in de plint"),
        PartyNamed(party="youth", name="De jongeren uit de buurt", represented_by=("fatima",)),
        by="els",
    )
    (remark,) = session.record(
        NoteTaken(text="De familie op nummer 43 zorgt ook voor overlast, dat weet iedereen."), by="rob"
    )
    session.record(
        EntryHidden(entry=remark.seq, reason="Gaat over een herkenbaar gezin dat er niet bij zit"),
        by="els",
    )


def what_matters_most(session: Session, clock: Clock) -> None:
    """Everyone marks the most important problem; one card was forgotten and is entered from paper."""
    clock.turn_to("2016-09-13T10:04+02:00")
    session.record(RoundOpened(round="what-matters", asks="priorities", blind=True), by="els")
    marks = {
        "anna": "loitering",
        "bram": "loitering",
        "erik": "vacancy",
        "fatima": "nowhere-to-go",
        "jochum": "vacancy",
        "joost": "strangers",
        "karim": "loitering",
        "mirjam": "decline",
        "rob": "vandalism",
        "ruud": "repairs",
        "sandra": "loitering",
        "tineke": "loitering",
        "willem": "damp",
    }
    for person, problem in marks.items():
        session.record(ProblemPrioritised(problem=problem, round="what-matters"), by=person)
    # Jochum hears his colleague of letting and changes his mind while he still may.
    session.record(ProblemPrioritised(problem="loitering", round="what-matters"), by="jochum")
    clock.turn_to("2016-09-13T10:12+02:00")
    session.record(RoundClosed(round="what-matters"), by="els")
    session.record(
        ProblemReported(
            problem="afraid",
            statement="Ik durf 's avonds de deur niet meer uit",
            why="Mijn zus komt nu bij mij in plaats van ik bij haar",
            owner="residents",
        ),
        by="daan",
        on_behalf_of="tineke",
        channel="paper",
        happened_at=session.state.meeting.rounds["what-is-wrong"].opened_at,
    )
    noise = session.state.inventory.problems["hall-noise"].seq
    session.record(
        EntryReworded(
            entry=noise,
            field="statement",
            text="Er is 's nachts lawaai in het trappenhuis",
            meaning_changed=False,
            reason="Spelling",
        ),
        by="karim",
    )
    session.record(StepCompleted(step="inventory"), by="els")


def in_small_groups(session: Session, clock: Clock) -> None:
    """Four small groups take the problems apart."""
    clock.turn_to("2016-09-13T10:20+02:00")
    session.record(
        StepStarted(step="sharpening"),
        SubgroupFormed(subgroup="entrance", members=("anna", "bram", "tineke"), task="De ingang en de avonden"),
        SubgroupFormed(subgroup="homes", members=("jochum", "sandra", "ruud", "willem"), task="De woningen"),
        SubgroupFormed(subgroup="street", members=("erik", "mirjam", "joost"), task="De straat en de buurt"),
        SubgroupFormed(subgroup="young", members=("fatima", "karim", "rob"), task="De jongeren en het trappenhuis"),
        by="els",
    )
    session.record(
        ProblemsAssigned(subgroup="entrance", problems=("loitering", "afraid", "call-backs")),
        ProblemsAssigned(subgroup="homes", problems=("vacancy", "outdated", "damp", "repairs")),
        ProblemsAssigned(subgroup="street", problems=("decline", "litter", "strangers")),
        ProblemsAssigned(subgroup="young", problems=("nowhere-to-go", "hall-noise", "vandalism")),
        by="els",
    )


def what_lies_behind(session: Session, clock: Clock) -> None:
    """The question that turns the session: is another problem behind it?"""
    clock.turn_to("2016-09-13T10:31+02:00")
    session.record(
        DeeperProblemExamined(
            problem="outdated",
            finding=(
                "Even oude woningen in de straat hierachter zijn allemaal verhuurd. Van de elf vertrekkers noemden er "
                "acht de ingang en één de woning. Niet de ouderdom jaagt mensen weg, maar de avonden bij de deur."
            ),
            behind=("loitering",),
        ),
        by="sandra",
        on_behalf_of="homes",
    )
    session.record(
        DeeperProblemExamined(
            problem="vacancy",
            finding="Leegstand is het gevolg. Wie kan kiezen, vertrekt; wie blijft, sluit zich op.",
            behind=("loitering", "strangers"),
        ),
        by="jochum",
        on_behalf_of="homes",
    )
    session.record(
        DeeperProblemExamined(
            problem="loitering",
            finding="Achter het hangen zit dat de jongens geen plek hebben. En dat niemand hen aanspreekt.",
            behind=("nowhere-to-go", "strangers"),
        ),
        by="anna",
        on_behalf_of="entrance",
    )
    session.record(
        SelfResolutionExamined(
            problem="litter",
            finding="De ondergrondse containers komen in november. Dan lost dit zichzelf op.",
            may_solve_itself=True,
        ),
        by="erik",
        on_behalf_of="street",
    )
    session.record(
        SelfResolutionExamined(
            problem="loitering",
            finding="Een nieuwe groep neemt de plek over zodra de oude eruit groeit. Dat gebeurde al twee keer.",
            may_solve_itself=False,
        ),
        by="bram",
        on_behalf_of="entrance",
    )
    session.record(
        ProblemSized(
            problem="loitering",
            owner="residents",
            nature="Zes tot twaalf jongens, elke avond van zeven tot middernacht, bij de ingang van blok C",
            size="In de zomer meer dan in de winter",
            affected=64,
            if_it_stays="Over twee jaar staat een derde leeg en blijft alleen wie niet weg kan",
        ),
        by="tineke",
        on_behalf_of="entrance",
    )
    session.record(
        ProblemSized(
            problem="vacancy",
            owner="housing",
            nature="Negentien lege woningen, vooral in blok C",
            size="Ongeveer 135.000 euro huur per jaar",
            affected=19,
            if_it_stays="De verhuurafdeling verwacht over een jaar dertig lege woningen",
        ),
        by="jochum",
        on_behalf_of="homes",
    )


def tangled_problems(session: Session, clock: Clock) -> None:
    """A problem turns out to be two; another is solved already; two entries say nearly the same."""
    clock.turn_to("2016-09-13T10:44+02:00")
    session.record(
        ProblemReported(
            problem="hall-meeting-place",
            statement="Jongeren schuilen in het trappenhuis als het regent",
            why="Bewoners horen hen tot diep in de nacht",
            owner="residents",
        ),
        ProblemReported(
            problem="one-household",
            statement="Eén huishouden maakt 's nachts vaak ruzie",
            why="De buren eromheen slapen slecht",
            owner="residents",
        ),
        ProblemSplit(
            problem="hall-noise",
            into=("hall-meeting-place", "one-household"),
            reason="Het lawaai heeft twee oorzaken die niets met elkaar te maken hebben",
        ),
        by="fatima",
        on_behalf_of="young",
    )
    session.record(
        SelfResolutionExamined(
            problem="one-household",
            finding=(
                "Dit gezin krijgt sinds juni goede hulp en het gaat vooruit. Iemand extra aan de deur zou dat eerder "
                "verstoren dan helpen."
            ),
            may_solve_itself=True,
        ),
        by="rob",
        on_behalf_of="young",
    )
    session.record(
        ProblemSetAside(problem="one-household", reason="De hulp loopt al en werkt; wij blijven eraf"), by="els"
    )
    session.record(
        ProblemSetAside(problem="litter", reason="De nieuwe containers zijn besloten en betaald"),
        by="erik",
        on_behalf_of="street",
    )
    problems = session.state.inventory.problems
    (merging,) = session.record(
        EntriesMerged(
            entries=(problems["afraid"].seq,),
            into=problems["loitering"].seq,
            reason="Beide gaan over de avonden bij de ingang",
        ),
        by="els",
    )
    session.record(
        EntryObjected(
            entry=merging.seq,
            objection="Last hebben is iets anders dan bang zijn. Ik wil dat er 'bang' blijft staan.",
        ),
        by="tineke",
    )
    (hasty,) = session.record(NoteTaken(text="Volgens mij zijn de jongens allemaal van buiten de wijk."), by="willem")
    session.record(
        EntryWithdrawn(entry=hasty.seq, reason="Fatima kent ze: negen van de twaalf wonen hier"), by="willem"
    )


def to_the_core(session: Session, clock: Clock) -> None:
    """One core problem for each owner, and one that all recognise: sharper, and broader."""
    clock.turn_to("2016-09-13T10:58+02:00")
    session.record(
        CoreProblemFormulated(
            core="safe-entrance",
            statement="Bewoners voelen zich bij hun eigen ingang niet veilig, en wie kan, vertrekt",
            owners=("residents",),
            problems=("loitering", "hall-meeting-place", "strangers"),
        ),
        CoreProblemPresented(core="safe-entrance"),
        by="anna",
        on_behalf_of="entrance",
    )
    session.record(
        CoreProblemFormulated(
            core="people-leave",
            statement=(
                "Huurders vertrekken en nieuwe haken af om wat zij bij de ingang meemaken; de leegstand die volgt, "
                "trekt de buurt mee omlaag"
            ),
            owners=("housing", "municipality"),
            problems=("vacancy", "vandalism", "repairs", "decline"),
        ),
        CoreProblemPresented(core="people-leave"),
        by="sandra",
        on_behalf_of="homes",
    )
    session.record(
        CoreProblemFormulated(
            core="no-place",
            statement="Jongeren hebben geen plek waar zij mogen zijn en iemand hen kent",
            owners=("youth",),
            problems=("nowhere-to-go",),
        ),
        CoreProblemPresented(core="no-place"),
        by="fatima",
        on_behalf_of="young",
    )
    session.record(
        OwnerSetAside(
            owner="police",
            reason="Als het rustig is bij de ingang, zijn onze meldingen weg. Wij hebben geen eigen kernprobleem.",
        ),
        by="bram",
    )
    session.record(CoreProblemAdopted(core="safe-entrance"), by="els")
    session.record(
        CoreProblemAdopted(
            core="people-leave",
            adoption=Adoption(how="show of hands", in_favour=12, against=1),
            objections=(Objection(person="willem", words="Het vocht staat er niet in, en daar ga ik van weg."),),
        ),
        CoreProblemAdopted(core="no-place"),
        by="els",
    )
    session.record(
        JointProblemAdopted(
            statement=(
                "Complex A loopt leeg doordat de avonden bij de ingang van niemand zijn: jongeren hebben geen plek, "
                "bewoners trekken zich terug en wie kan kiezen, kiest voor een andere buurt"
            ),
            adoption=Adoption(how="show of hands", in_favour=13, against=0),
        ),
        by="els",
    )
    session.record(
        InsightNoted(
            insight="Wij hadden een renovatieplan klaar voor een probleem dat niet het probleem is.",
            about="the problem",
            acknowledged_by=("jochum", "sandra", "rob"),
        ),
        by="jochum",
    )


def time_is_up(session: Session, clock: Clock) -> None:
    """Nobody spoke for the shops: the group goes on all the same, and says so."""
    clock.turn_to("2016-09-13T11:12+02:00")
    session.record(
        StepOverridden(
            step="sharpening",
            missing=("shops",),
            reason="De tijd is op en niemand sprak voor de winkels. Erik gaat deze week bij hen langs.",
        ),
        by="els",
    )


def if_we_do_nothing_extra(session: Session, clock: Clock) -> None:
    """The baseline is not "nothing": what is decided goes on."""
    clock.turn_to("2016-09-13T11:25+02:00")
    session.record(StepStarted(step="baseline"), by="els")
    session.record(
        BaselineDrafted(
            description=(
                "Het gewone onderhoud gaat door. De jongerenwerker komt één avond per week. De politie komt op "
                "meldingen. De leegstand groeit verder, naar ongeveer dertig woningen, en blok C raakt het eerst leeg."
            ),
            horizon_years=5,
            probably_solves_it=False,
        ),
        by="els",
        role="plenary",
    )
    session.record(
        AssumptionAdded(
            assumption="rents",
            text="De huren stijgen alleen met de inflatie",
            about="policy",
            source="Huurbeleid 2016 van de corporatie",
        ),
        by="sandra",
    )
    session.record(
        AssumptionAdded(
            assumption="containers",
            text="De ondergrondse containers komen in november",
            about="decided measures",
            source="Besluit van het college, mei 2016",
        ),
        by="erik",
    )
    session.record(
        AssumptionAdded(
            assumption="new-groups",
            text="Als de oudste jongens wegblijven, neemt een jongere groep de plek over",
            about="behaviour",
        ),
        by="fatima",
    )
    session.record(
        AssumptionAdded(
            assumption="families",
            text="Het aantal gezinnen dat in de regio een huurwoning zoekt, blijft gelijk",
            about="autonomous change",
        ),
        by="mirjam",
    )
    session.record(
        BaselineChecked(check="not meant to solve the problem", satisfied=True, remark="Pappen en nathouden"),
        BaselineChecked(
            check="includes what is decided",
            satisfied=False,
            remark="Mirjam denkt dat er een besluit over de verlichting aankomt; zij zoekt het uit",
        ),
        BaselineChecked(check="sober", satisfied=True),
        BaselineChecked(
            check="norms at least cost",
            satisfied=True,
            remark="Kapotte lampen in de vluchtweg moeten gemaakt worden; meer eist de norm niet",
        ),
        BaselineChecked(check="includes behaviour", satisfied=True),
        BaselineChecked(check="includes autonomous change", satisfied=True),
        by="els",
    )
    clock.turn_to("2016-09-13T11:54+02:00")
    session.record(BaselineAdopted(), StepCompleted(step="baseline"), by="els")


def what_could_be_done(session: Session, clock: Clock) -> None:
    """Now with enthusiasm: parked solutions return, new ones join them."""
    clock.turn_to("2016-09-13T11:58+02:00")
    session.record(StepStarted(step="solutions"), by="els")
    session.record(
        ParkedSolutionTakenUp(
            parked="plan-on-the-shelf",
            solution="renovation",
            title="Renovatie van alle woningen",
            description="Nieuwe keukens en badkamers, betere isolatie en een nieuwe gevel bij de ingang",
            targets=("people-leave",),
        ),
        by="jochum",
    )
    session.record(
        ParkedSolutionTakenUp(
            parked="somebody-at-the-door",
            solution="caretaker",
            title="Een huismeester in het complex",
            description=(
                "Iemand die vijf middagen en avonden per week in het complex is, bewoners en jongeren kent en kleine "
                "dingen meteen herstelt"
            ),
            targets=("safe-entrance", "people-leave"),
        ),
        by="karim",
    )
    session.record(
        SolutionProposed(
            solution="demolition",
            title="Sloop van blok C en nieuwbouw",
            description="Het slechtst verhuurde blok gaat weg; er komen 24 nieuwe woningen met eigen voordeur",
            targets=("people-leave",),
        ),
        by="sandra",
    )
    session.record(
        SolutionProposed(
            solution="cameras",
            title="Camera's bij de ingang",
            description="Twee camera's met meekijken op afstand",
            targets=("safe-entrance",),
        ),
        by="bram",
    )
    session.record(
        SolutionProposed(
            solution="meeting-place",
            title="Een plek voor jongeren in de lege winkel",
            description="Drie avonden per week open, met begeleiding",
            targets=("no-place", "safe-entrance"),
        ),
        by="fatima",
    )
    session.record(
        SolutionProposed(solution="fence", title="Een hek om het complex", targets=("safe-entrance",)), by="willem"
    )
    session.record(
        SolutionSetAside(
            solution="fence",
            reason="De brandweer staat het niet toe: de weg langs blok C is een vluchtweg",
        ),
        by="els",
    )


def closing_words(session: Session, clock: Clock) -> None:
    """Before they go: what do we see differently, who goes on talking, and did everyone feel heard?"""
    clock.turn_to("2016-09-13T12:27+02:00")
    session.record(
        InsightNoted(
            insight="Wij praten al een jaar over de jongens, en vandaag voor het eerst over waar ze heen kunnen.",
            about="the neighbourhood",
            acknowledged_by=("bram", "anna"),
        ),
        by="fatima",
    )
    session.record(
        AppointmentMade(
            appointment="talk-with-the-boys",
            people=("fatima", "anna", "karim"),
            topic="Samen met de jongens praten over de avonden bij de ingang",
            day=date(2016, 9, 20),
        ),
        by="fatima",
    )
    session.record(
        AppointmentMade(
            appointment="visit-the-shops",
            people=("erik",),
            topic="Bij de bakker en de kapper vragen wat zij merken",
            day=date(2016, 9, 16),
        ),
        by="erik",
    )
    session.record(RoundOpened(round="first-closing", asks="closing words", blind=True), by="els")
    words: dict[str, tuple[Answer, Answer, Answer, str | None]] = {
        "anna": ("yes", "yes", "partly", "Jochum zei hardop dat hij ernaast zat. Dat had ik niet verwacht."),
        "bram": ("yes", "yes", "yes", None),
        "erik": ("yes", "partly", "yes", None),
        "fatima": ("yes", "yes", "partly", "Fijn dat de jongens meetellen als eigenaar van een probleem."),
        "jochum": ("yes", "yes", "yes", None),
        "karim": ("yes", "no", "partly", None),
        "mirjam": ("yes", "yes", "yes", None),
        "rob": ("partly", "yes", "yes", None),
        "sandra": ("yes", "yes", "yes", None),
        "tineke": ("partly", "yes", "partly", "Mijn kaartje is bij een ander kaartje gelegd."),
        "willem": ("no", "partly", "no", "Over het vocht is niet gepraat."),
    }
    for person, (heard, new, trust, said) in words.items():
        session.record(
            MeetingReviewed(
                round="first-closing",
                felt_heard=heard,
                heard_something_new=new,
                trusts_what_follows=trust,
                words=said,
            ),
            by=person,
        )
    session.record(RoundClosed(round="first-closing"), by="els")
    session.record(MeetingClosed(meeting="first"), by="els")
