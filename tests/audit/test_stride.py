"""The root before a result is right wherever in the log the result stands."""

from afwegen.audit import verify_session
from afwegen.demo import complex_a
from afwegen.events import NoteTaken
from afwegen.models import WeightedSum


def test_a_result_at_the_end_of_a_stride_is_recomputed():
    """Leaves are gathered by 256; a result that is the last of them rests on what came before it."""
    session = complex_a()
    notes = [NoteTaken(text="Nog iets")] * (511 - session.state.length)
    session.record(*notes, by="jochum", role="organiser")
    session.evaluate(WeightedSum(), by="jochum")

    assert session.state.length == 512
    assert verify_session(session.store, session.id, require=(2, 6)).passed
