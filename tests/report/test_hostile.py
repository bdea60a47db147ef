"""Texts that would be something else than text: scripts, marks that turn the line, words without an end."""

import pytest

from afwegen import events as e
from afwegen.report import account
from afwegen.testing.sessions import act, given

TEXTS = (
    "<script>alert(1)</script>",
    "</style><script>alert(2)</script>",
    "<img src=x onerror=alert(3)>",
    '" onmouseover="alert(4)',
    "{{ 7 * 7 }} {% raw %}",
    "{words} {n} {0.__class__}",
    "\u202eevil\u202c \u2067turned",
    "a" * 5_000,
    "👩‍🦽 ✊🏿 🇳🇱",
    "line one\nline two",
    "&amp; &lt;b&gt; ]]>",
)


@pytest.mark.parametrize("text", TEXTS)
def test_what_people_write_is_shown_as_they_wrote_it(text, reader):
    """As text, isolated from ours, everywhere it stands."""
    session = given(
        act(
            "jochum",
            e.OccasionStated(occasion=text, kind="problem", evidence=text),
            e.ParticipantInvited(participant="anna", name=text, perspective=text, organisation="o"),
            e.PartyNamed(party="o", name=text),
            e.NoteTaken(text=text),
            e.StepStarted(step="inventory"),
        ),
        act("anna", e.ProblemReported(problem="p", statement=text, why=text, owner="o")),
        title=text,
    )
    page = account(session)
    read = reader(page)

    assert " ".join(text.split()) in read.words
    assert read.open == []
    assert not read.all("script")
    assert not read.all("img")
    assert not [attrs for _, attrs in read.elements if any(name.startswith("on") for name in attrs)]
    assert "49" not in read.all("title")
