"""A page on paper: tagged, whole, the same every time, and with the bundle in it."""

import os
import re
import sys
import zipfile
from html import unescape
from io import BytesIO

import pytest
from click.testing import CliRunner

from afwegen import Session, open_store
from afwegen.audit import write_bundle
from afwegen.cli.commands import afwegen
from afwegen.demo import complex_a
from afwegen.errors import AfwegenError, MissingExtra
from afwegen.report import account
from afwegen.report.pdf import pdf

pytestmark = pytest.mark.pango

PAGE = """<!doctype html><html lang="nl"><head><meta charset="utf-8"><title>Verslag: Complex A</title>
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'"></head><body>
<h1>Complex A</h1><p>Er komt een huismeester 😀, zie <a href="#kosten">wie betaalt</a>.</p>
<svg xmlns="http://www.w3.org/2000/svg" role="img" width="100" height="50"><title>Drie volgordes</title>
<rect width="50" height="20"/></svg><img src="http://127.0.0.1:9/x.png" alt="van elders">
<h2 id="kosten">Wie betaalt</h2><table><thead><tr><th scope="col">wie</th><th scope="col">hoeveel</th></tr></thead>
<tbody><tr><th scope="row">de corporatie</th><td>€ 60.000</td></tr></tbody></table></body></html>"""


@pytest.fixture(scope="session")
def pypdf():
    """A reader of PDF files, where they can be made; where WeasyPrint or Pango is missing, in CI that fails."""
    try:
        import pypdf

        pdf("<p>")
    except (AfwegenError, ImportError) as missing:
        (pytest.fail if os.environ.get("CI") else pytest.skip)(str(missing))
    return pypdf


@pytest.fixture(scope="session")
def bundle():
    """Octets that are packed as a bundle is."""
    packed = BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr(zipfile.ZipInfo("bundle.json"), "{}")
    return packed.getvalue()


def read(pypdf, octets):
    return pypdf.PdfReader(BytesIO(octets))


def elements(reader):
    """Yield the elements of the structure, in the order in which they are read out."""
    waiting = [reader.trailer["/Root"]["/StructTreeRoot"]["/K"]]
    while waiting:
        this = waiting.pop(0)
        this = this.get_object() if hasattr(this, "get_object") else this
        if isinstance(this, list):
            waiting = [*this, *waiting]
        elif isinstance(this, dict) and "/S" in this:
            yield this
            waiting = [this.get("/K", []), *waiting]


def test_it_can_be_listened_to(pypdf):
    """It says it is PDF/UA, in which language, what it is called; headings, tables, links and pictures are told."""
    reader = read(pypdf, pdf(PAGE))
    root = reader.trailer["/Root"]
    found = list(elements(reader))
    kinds = [each["/S"] for each in found]

    assert 'pdfuaid:part="1"' in root["/Metadata"].get_data().decode()
    assert root["/MarkInfo"]["/Marked"].value is True
    assert root["/ViewerPreferences"]["/DisplayDocTitle"].value is True
    assert root["/Lang"] == "nl"
    assert reader.metadata.title == "Verslag: Complex A"
    assert [kind for kind in kinds if kind in {"/H1", "/H2", "/P", "/Table"}] == ["/H1", "/P", "/H2", "/Table"]
    assert {"/Link", "/THead", "/TH", "/TD"} <= set(kinds)
    assert [each["/Alt"] for each in found if each["/S"] == "/Figure"] == ["Drie volgordes", "van elders"]
    assert [entry.title for entry in reader.outline if not isinstance(entry, list)] == ["Complex A"]


def test_what_it_says_can_be_searched(pypdf):
    """The words are text and not a picture, with the number of the page."""
    text = " ".join(read(pypdf, pdf(PAGE)).pages[0].extract_text().split())

    for said in ("Er komt een huismeester 😀, zie wie betaalt.", "de corporatie € 60.000", "1 / 1"):
        assert said in text


def test_every_font_travels_with_it(pypdf):
    """It looks the same where these fonts are not installed."""
    fonts = read(pypdf, pdf(PAGE)).pages[0]["/Resources"]["/Font"]

    for font in fonts.values():
        inner = font.get_object()
        described = inner["/DescendantFonts"][0].get_object()["/FontDescriptor"]
        assert {"/FontFile", "/FontFile2", "/FontFile3"} & set(described)


def test_nothing_is_fetched(pypdf, monkeypatch, tmp_path):
    """A picture from elsewhere, or from this machine, is left out."""
    asked = []
    monkeypatch.setattr("socket.socket.connect", lambda *_: asked.append(1))
    (tmp_path / "x.svg").write_text(f'<svg xmlns="http://www.w3.org/2000/svg"><text>{tmp_path}</text></svg>')
    local = PAGE.replace("http://127.0.0.1:9/x.png", (tmp_path / "x.svg").as_uri())

    assert pdf(local) == pdf(PAGE)
    assert asked == []


def test_the_same_page_gives_the_same_octets(pypdf, bundle):
    """Whoever made it can show that this is what was made: no clock, no chance."""
    assert pdf(PAGE) == pdf(PAGE)
    assert pdf(PAGE, bundle=bundle) == pdf(PAGE, bundle=bundle)


def test_the_bundle_travels_in_it(pypdf, bundle):
    """Octet for octet, in a file to be kept for good (PDF/A-3) that can be listened to all the same."""
    reader = read(pypdf, pdf(PAGE, bundle=bundle))
    root = reader.trailer["/Root"]
    described = root["/Metadata"].get_data().decode()
    [associated] = [each.get_object() for each in root["/AF"]]

    assert reader.attachments["bundle.zip"] == [bundle]
    assert associated["/AFRelationship"] == "/Source"
    for said in ('pdfaid:part="3"', 'pdfaid:conformance="A"', 'pdfuaid:part="1"'):
        assert said in described
    assert described.count("<rdf:RDF") == described.count("</rdf:RDF>") == 1
    assert root["/OutputIntents"]
    assert root["/StructTreeRoot"]


@pytest.mark.parametrize("octets", [b"", b"{}", b"PK\x05\x06" + bytes(18)])
def test_what_is_no_bundle_is_refused(pypdf, octets):
    """Nor is an empty archive one."""
    with pytest.raises(AfwegenError, match="this is no bundle"):
        pdf(PAGE, bundle=octets)


def test_without_weasyprint_it_says_what_to_install(monkeypatch):
    """The extra."""
    monkeypatch.setitem(sys.modules, "weasyprint", None)

    with pytest.raises(MissingExtra, match=r"afwegen\[pdf\]"):
        pdf(PAGE)


def test_without_pango_it_says_what_to_install(monkeypatch):
    """The package of the system: WeasyPrint is there, and cannot load it."""

    class Without:
        def find_spec(self, name, *_):
            if name == "weasyprint":
                raise OSError("cannot load library 'libpango-1.0-0'")

    monkeypatch.delitem(sys.modules, "weasyprint", raising=False)
    monkeypatch.setattr(sys, "meta_path", [Without(), *sys.meta_path])

    with pytest.raises(AfwegenError, match=r"Pango.*apt-get install libpango"):
        pdf(PAGE)


@pytest.fixture
def wijk(tmp_path):
    """A store with one session."""
    with open_store(f"sqlite:///{tmp_path / 'wijk.db'}") as store:
        Session.start(store, title="Complex A", area="Buurt X", by="jochum")
    return tmp_path / "wijk.db"


def told(*words):
    """Run the command; return how it ended, and what it said of trouble."""
    ran = CliRunner().invoke(afwegen, [str(word) for word in words])
    return ran.exit_code, ran.stderr


def test_the_command_writes_it_with_the_bundle_that_proves_it(pypdf, wijk):
    """In the language of the session; and the log knows that it was made."""
    packed, made = wijk.with_name("wijk.zip"), wijk.with_name("account.pdf")
    with open_store(f"sqlite:///{wijk}") as store:
        write_bundle(store, packed)

    assert told("report", wijk, "--pdf", "--bundle", packed, "--output", made) == (0, "")

    reader = read(pypdf, made.read_bytes())
    assert reader.trailer["/Root"]["/Lang"] == "nl"
    assert "Complex A" in reader.metadata.title
    assert reader.attachments["bundle.zip"] == [packed.read_bytes()]
    with open_store(f"sqlite:///{wijk}") as store:
        [head] = store.sessions()
        assert Session.load(store, head.id).history()[-1].event.format == "account-pdf"


def test_the_command_says_what_cannot_be(pypdf, wijk):
    """No file is left, and nothing recorded."""
    made = wijk.with_name("account.pdf")

    assert "give --pdf" in told("report", wijk, "--bundle", wijk, "--output", made)[1]
    assert "this is no bundle" in told("report", wijk, "--pdf", "--bundle", wijk, "--output", made)[1]
    assert not made.exists()
    with open_store(f"sqlite:///{wijk}") as store:
        assert [head.length for head in store.sessions()] == [1]


def test_what_is_folded_on_the_screen_is_open_on_paper(pypdf):
    """A page of paper has nothing to press."""
    page = PAGE.replace("</body>", "<details><summary>Meer</summary><p>Verstopt op het scherm</p></details></body>")

    assert "Verstopt op het scherm" in read(pypdf, pdf(page)).pages[0].extract_text()


@pytest.mark.slow
def test_the_whole_account_is_on_paper(pypdf):
    """Every quote of the demonstration half-way is in the text, and every picture says what it shows."""
    html = account(complex_a(), at=250)
    reader = read(pypdf, pdf(html))

    text = "".join("".join(page.extract_text().split()) for page in reader.pages)
    for said in re.findall(r"<blockquote><p><bdi[^>]*>(.*?)</bdi>", html):
        assert "".join(unescape(said).split()) in text
    figures = [each for each in elements(reader) if each["/S"] == "/Figure"]
    assert len(figures) == html.count("<svg ")
    assert all(each.get("/Alt") for each in figures)
    assert len(reader.outline) > 1
