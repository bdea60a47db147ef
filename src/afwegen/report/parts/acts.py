"""What each type of event is called in the logbook."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from afwegen.report.language import Language

__all__ = ["acts"]


def acts(language: Language) -> dict[str, str]:
    """Return by type of event what happened, in a few plain words."""
    return _before(language) | _any_step(language) | _first_steps(language) | _later_steps(language)


def _before(language: Language) -> dict[str, str]:
    say = language.text
    return {
        "session-started/1": say("Session begun"),
        "occasion-stated/1": say("Occasion told"),
        "purpose-stated/1": say("Said what the session is for"),
        "participant-invited/1": say("Somebody invited to take part"),
        "participant-replaced/1": say("Somebody came in the place of somebody else"),
        "participant-withdrew/1": say("Somebody stopped taking part"),
        "facilitator-appointed/1": say("Facilitator appointed"),
        "facilitator-released/1": say("Facilitator stopped"),
        "recorder-appointed/1": say("Note-taker appointed"),
        "meeting-planned/1": say("Meeting planned"),
        "option-declared/1": say("Agreed on something that is not part of the method"),
        "setting-changed/1": say("Number of the method set differently"),
        "disclosure-declared/1": say("Agreed on who may see what"),
    }


def _any_step(language: Language) -> dict[str, str]:
    say = language.text
    return {
        "meeting-opened/1": say("Meeting begun"),
        "meeting-closed/1": say("Meeting closed"),
        "attendance-recorded/1": say("Noted who was there"),
        "site-visited/1": say("Went to look on site"),
        "photos-shown/1": say("Photos shown"),
        "subgroup-formed/1": say("Subgroup formed"),
        "subgroup-changed/1": say("Subgroup changed"),
        "round-opened/1": say("Everybody asked the same thing (round)"),
        "round-closed/1": say("Round closed"),
        "step-started/1": say("Step begun"),
        "step-completed/1": say("Step completed"),
        "step-overridden/1": say("Went on all the same (override)"),
        "step-reopened/1": say("Step taken up again"),
        "reaffirmed/1": say("Looked at again: it still holds"),
        "entry-reworded/1": say("Worded differently"),
        "entry-withdrawn/1": say("Taken back"),
        "entry-hidden/1": say("Kept out of the account"),
        "entries-merged/1": say("Put together"),
        "entry-objected/1": say("Objected to"),
        "note-taken/1": say("Note"),
        "advice-answered/1": say("Said why advice was not followed"),
        "insight-noted/1": say("Insight"),
        "meeting-reviewed/1": say("Closing words"),
        "appointment-made/1": say("Appointment made"),
        "model-evaluated/1": say("Calculation aid (model) used"),
        "report-exported/1": say("A file was made of the session"),
        "subject-erased/1": say("A person's data erased on request"),
        "text-redacted/1": say("A text erased"),
        "session-ended/1": say("Weighing closed"),
        "session-archived/1": say("Session archived"),
    }


def _first_steps(language: Language) -> dict[str, str]:
    say = language.text
    return {
        "opening-pitched/1": say("The initiator told why we are here"),
        "problem-reported/1": say("Problem told"),
        "problem-owner-added/1": say("It is a problem for somebody else too"),
        "party-named/1": say("Party named, and who speaks for it"),
        "problem-prioritised/1": say("Marked the problem that matters most"),
        "problem-pitched/1": say("Problem told aloud"),
        "question-asked/1": say("Question asked"),
        "solution-parked/1": say("Solution parked for step 4"),
        "problems-assigned/1": say("Problems divided"),
        "deeper-problem-examined/1": say("Asked what is behind a problem"),
        "self-resolution-examined/1": say("Asked whether a problem solves itself"),
        "problem-sized/1": say("Said how large a problem is"),
        "problem-split/1": say("Problem split"),
        "problem-set-aside/1": say("Problem set aside"),
        "owner-set-aside/1": say("Owner set aside"),
        "core-problem-formulated/1": say("Core problem worded"),
        "core-problem-presented/1": say("Core problem shown to everybody"),
        "core-problem-adopted/1": say("Core problem agreed on"),
        "joint-problem-adopted/1": say("The real problem agreed on, together"),
        "baseline-drafted/1": say("Doing nothing extra described (baseline)"),
        "assumption-added/1": say("Something taken for granted"),
        "baseline-checked/1": say("Point of attention looked at"),
        "baseline-adopted/1": say("Doing nothing extra agreed on (baseline)"),
        "solution-proposed/1": say("Solution proposed"),
        "card-completed/1": say("Solution card filled in"),
        "parked-solution-taken-up/1": say("Parked solution taken up again"),
        "variant-added/1": say("Variant of a solution"),
        "solutions-combined/1": say("Solutions combined"),
        "solution-set-aside/1": say("Solution set aside"),
        "no-solution-found/1": say("No solution found"),
    }


def _later_steps(language: Language) -> dict[str, str]:
    say = language.text
    return {
        "reconfirmation-asked/1": say("Asked whether everything still holds"),
        "reconfirmation-answered/1": say("Answered whether everything still holds"),
        "reconfirmation-settled/1": say("Settled what was objected to"),
        "effect-recorded/1": say("Effect noted"),
        "reach-recorded/1": say("Said how far an effect reaches"),
        "cost-estimated/1": say("Additional cost estimated"),
        "income-estimated/1": say("Additional income estimated"),
        "uncertainty-noted/1": say("Something nobody knows for sure"),
        "research-task-noted/1": say("Something to look into"),
        "research-task-answered/1": say("Looked into"),
        "core-effect-chosen/1": say("Core effect named"),
        "criterion-set/1": say("Criterion set"),
        "solving-power-estimated/1": say("Estimated how much of a problem a solution takes away"),
        "solution-nominated/1": say("Wrote down the one solution most wanted"),
        "ranking-submitted/1": say("Order handed in"),
        "ranking-presented/1": say("Order shown to the others"),
        "criteria-weighed/1": say("Said how much each criterion matters"),
        "solution-scored/1": say("Scores handed in"),
        "pair-compared/1": say("Comparisons two by two handed in"),
        "outlier-discussed/1": say("Talked about an outlier"),
        "dropout-discussed/1": say("Talked about a drop-out"),
        "shortlist-adopted/1": say("Shortlist agreed on"),
        "shortlist-amended/1": say("Shortlist changed"),
        "solution-assigned/1": say("Solution given to a subgroup"),
        "effect-card-opened/1": say("Effect card begun"),
        "main-effect-stated/1": say("Main effect stated"),
        "effect-size-estimated/1": say("Size of an effect estimated"),
        "pathway-stated/1": say("Said how it works"),
        "indicator-set/1": say("Said by what it is measured"),
        "arena-link-drawn/1": say("Said who invests and who gains"),
        "effect-card-adopted/1": say("Effect card agreed on"),
        "procedure-stated/1": say("Said how it is decided, and by whom"),
        "department-advised/1": say("Advice given"),
        "support-sounded/1": say("Asked how much support there is"),
        "other-aspect-weighed/1": say("Something else weighed"),
        "baseline-considered/1": say("Doing nothing extra weighed as a possible best"),
        "choice-made/1": say("Chosen"),
        "choice-deferred/1": say("Not chosen yet (deferred)"),
        "dissent-voiced/1": say("Did not agree (dissent)"),
        "departure-explained/1": say("Said why the choice departs"),
        "choice-reported-back/1": say("Choice told to those it touches"),
        "action-agreed/1": say("Action agreed on"),
        "evaluation-planned/1": say("Planned how to see whether it worked"),
        "situation-measured/1": say("Measured how it stood before"),
        "implementation-started/1": say("Begun to do it"),
        "cost-realised/1": say("Said what it really cost"),
        "result-recorded/1": say("Said what was done"),
        "effect-measured/1": say("Effect measured"),
        "attribution-judged/1": say("Judged whether it came of what was done"),
        "reality-check-done/1": say("Asked those involved what they say of it"),
        "group-not-reached/1": say("A group that was not reached"),
        "lesson-drawn/1": say("Lesson drawn"),
    }
