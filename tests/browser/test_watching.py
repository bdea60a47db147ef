"""The watch itself: each instrument finds what it is there to find, or its silence would say nothing."""

BAD = """<!doctype html><html><head><meta charset="utf-8"></head><body><img src="http://127.0.0.1:9/picture.png">
<script>console.log("I ran"); alert("hello")</script><p style="width: 3000px">wide</p></body></html>"""


def test_a_page_that_misbehaves_is_seen(visit, axe, tmp_path):
    """A request, a script, a dialog, a page too wide and a barrier."""
    (tmp_path / "bad.html").write_text(BAD, encoding="utf-8")

    seen = visit(tmp_path / "bad.html")

    assert "http://127.0.0.1:9/picture.png" in seen.asked
    assert {"I ran", "dialog: hello"} <= set(seen.said)
    assert seen.overflow > 1000
    assert {"document-title", "html-has-lang", "image-alt"} <= {rule for rule, *_ in axe(seen)}


def test_a_page_against_the_standard_is_seen(vnu, tmp_path):
    """With its file and line."""
    (tmp_path / "bad.html").write_text(BAD, encoding="utf-8")

    assert any(said.startswith("bad.html:1:") and "title" in said for said in vnu(tmp_path / "bad.html"))
