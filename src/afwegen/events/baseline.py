"""Step 3, the baseline: what happens if we do nothing extra (*basisalternatief*)."""

from typing import Annotated, Literal

from afwegen.events.words import AUTHORS, LEAD, Adoption, New, Objection, Personal, Positive, Public, Text, event
from afwegen.method import Step

__all__ = ["AssumptionAdded", "BaselineAdopted", "BaselineChecked", "BaselineDrafted"]


@event("baseline-drafted/1", step=Step.BASELINE, by=(*AUTHORS, *LEAD), thing="baseline")
class BaselineDrafted:
    """
    The most likely development without a new intervention (*basisalternatief*, *nulalternatief*).

    Not "nothing": current policy, decided measures and norms met in the cheapest way belong to it. Drafted again, it
    replaces what stood and must be adopted anew.
    """

    description: Personal[Text]
    horizon_years: Public[Positive | None] = None
    probably_solves_it: Public[bool | None] = None


@event("assumption-added/1", step=Step.BASELINE, also=(Step.EFFECTS,), by=(*AUTHORS, *LEAD))
class AssumptionAdded:
    """Something the baseline takes for granted (*aanname*), with its source."""

    assumption: Public[Annotated[str, New("assumption")]]
    text: Personal[Text]
    about: Public[Literal["policy", "decided measures", "norms", "behaviour", "autonomous change", "other"]] = "other"
    source: Personal[Text | None] = None


@event("baseline-checked/1", step=Step.BASELINE, by=(*AUTHORS, *LEAD), thing="check")
class BaselineChecked:
    """A point of attention was gone through (*aandachtspunt*): not meant to solve the problem, sober, and so on."""

    check: Public[
        Literal[
            "not meant to solve the problem",
            "includes what is decided",
            "sober",
            "norms at least cost",
            "includes behaviour",
            "includes autonomous change",
        ]
    ]
    satisfied: Public[bool]
    remark: Personal[Text | None] = None


@event("baseline-adopted/1", step=Step.BASELINE, by=LEAD, decides=True)
class BaselineAdopted:
    """
    The group took the drafted baseline as its reference (*basisalternatief vastgesteld*).

    From here on effects and costs are differences from it: its own score is zero.
    """

    adoption: Public[Adoption] = Adoption()
    objections: Personal[tuple[Objection, ...]] = ()
