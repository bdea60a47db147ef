"""The account is total: whatever stands in a log, it can be told."""

from hypothesis import HealthCheck, given, settings

from afwegen.report.account import gathered
from afwegen.report.language import language
from afwegen.report.page import rendered
from afwegen.report.source import source_of
from afwegen.steps.state import replay
from afwegen.testing.sessions import histories


@settings(max_examples=25, suppress_health_check=(HealthCheck.too_slow, HealthCheck.data_too_large))
@given(histories(most=12))
def test_any_history_can_be_told(records):
    """Also one that no rule would have admitted, with words erased, hidden and missing: nothing is a hole."""
    state = replay(records)
    source = source_of(records, state, now=state, viewer=None, root="", language=language("nl"))

    page = rendered(gathered(source))

    assert "Traceback" not in page
    assert page.count("<section") == page.count("</section>")
