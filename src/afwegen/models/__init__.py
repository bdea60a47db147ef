"""
Decision models: one profile in, one outcome out, and what the models agree on.

Names are loaded when they are first used, so that ``import afwegen`` stays light.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from afwegen.models.ahp import AHP
    from afwegen.models.comparing import Comparison, compare
    from afwegen.models.consensus_graph import ConsensusGraph
    from afwegen.models.contract import Model
    from afwegen.models.outcome import Consensus, Outcome, Provenance
    from afwegen.models.profile import OVERALL, Profile, Scale
    from afwegen.models.weighted_sum import WeightedSum

__all__ = [
    "AHP",
    "OVERALL",
    "Comparison",
    "Consensus",
    "ConsensusGraph",
    "Model",
    "Outcome",
    "Profile",
    "Provenance",
    "Scale",
    "WeightedSum",
    "compare",
]

_ROOMS: Final = {
    "AHP": "ahp",
    "Comparison": "comparing",
    "Consensus": "outcome",
    "ConsensusGraph": "consensus_graph",
    "Model": "contract",
    "OVERALL": "profile",
    "Outcome": "outcome",
    "Profile": "profile",
    "Provenance": "outcome",
    "Scale": "profile",
    "WeightedSum": "weighted_sum",
    "compare": "comparing",
}


def __getattr__(name: str) -> object:
    if name not in _ROOMS:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value: object = getattr(import_module(f"{__name__}.{_ROOMS[name]}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
