"""
The account on paper: a page of ours as PDF/UA, with the bundle in it for whoever wants to check (*afdruk*).

WeasyPrint lays it out, on Pango. Nothing is fetched, and no clock is looked at: the same page gives the same octets.
"""

from __future__ import annotations

import os
import warnings
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from io import BytesIO
from typing import Any, Final

from afwegen.errors import AfwegenError, MissingExtra

__all__ = ["ATTACHED", "pdf"]

ATTACHED: Final = "bundle.zip"
"""What the bundle is called among the attachments."""

EPOCH: Final = "SOURCE_DATE_EPOCH"

PANGO: Final = (
    "on Debian: apt-get install libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0; on macOS: brew install pango"
)

# Pages are numbered only here: a browser prints its own numbers. WeasyPrint knows no clamp(); no columns either,
# for it lays them out over and over to balance them, for a minute; and it cuts off what is taller than a page.
PAPER: Final = """
@page {
  size: A4; margin: 20mm 18mm 22mm;
  @bottom-right { content: counter(page) " / " counter(pages); font-size: 9pt }
}
h1 { font-size: 26pt !important }
h2 { font-size: 18pt !important }
.answer h2 { font-size: 9.5pt !important }
.answer.loud p:first-of-type { font-size: 14pt !important; font-weight: 600 !important }
.cards, .log { columns: auto !important }
figure svg { max-height: 215mm !important; max-width: 120mm !important }
"""

# PDF/A knows the names of PDF/UA only when they are described to it (ISO 19005-3, 6.6.2.3).
BOTH: Final = b"""
<rdf:Description xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/" rdf:about="" pdfuaid:part="1"/>
<rdf:Description xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/"
    xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#" xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#"
    rdf:about="">
  <pdfaExtension:schemas><rdf:Bag><rdf:li rdf:parseType="Resource">
    <pdfaSchema:schema>PDF/UA Universal Accessibility Schema</pdfaSchema:schema>
    <pdfaSchema:namespaceURI>http://www.aiim.org/pdfua/ns/id/</pdfaSchema:namespaceURI>
    <pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix>
    <pdfaSchema:property><rdf:Seq><rdf:li rdf:parseType="Resource">
      <pdfaProperty:name>part</pdfaProperty:name>
      <pdfaProperty:valueType>Integer</pdfaProperty:valueType>
      <pdfaProperty:category>internal</pdfaProperty:category>
      <pdfaProperty:description>Part of ISO 14289 the file keeps to</pdfaProperty:description>
    </rdf:li></rdf:Seq></pdfaSchema:property>
  </rdf:li></rdf:Bag></pdfaExtension:schemas>
</rdf:Description>
</rdf:RDF>"""


def pdf(html: str, *, bundle: bytes | None = None) -> bytes:
    """
    Return a page as PDF, tagged for those who listen to it (PDF/UA-1).

    With a bundle it is PDF/A-3a as well, to be kept for good: one file that can be read, and checked.

    Args:
        html: The page, as ``account`` returns it: whole, with its own styles and pictures. What it would fetch from
            elsewhere is left out.
        bundle: The octets of a bundle, as ``afwegen.audit.write_bundle`` writes it.

    Returns:
        The octets of the file; the same for the same page, bundle, fonts and version of WeasyPrint.

    Raises:
        MissingExtra: WeasyPrint is not installed.
        AfwegenError: Pango is not on this machine, or the bundle is no zip file.

    References:
        ISO 14289-1 (PDF/UA), ISO 19005-3 (PDF/A-3).
    """
    weasyprint = _weasyprint()
    nothing = weasyprint.urls.URLFetcher(allowed_protocols=())
    page = weasyprint.HTML(string=html, url_fetcher=nothing)
    paper = weasyprint.CSS(string=PAPER, url_fetcher=nothing)
    options: dict[str, Any] = {"stylesheets": [paper], "pdf_variant": "pdf/ua-1"}
    if bundle is not None:
        options |= {"pdf_variant": "pdf/a-3a", "attachments": [_attached(weasyprint, bundle)], "finisher": _both}
    with warnings.catch_warnings(), _timeless():
        # WeasyPrint leaves the file of its colour profile to the garbage collector.
        warnings.simplefilter("ignore", ResourceWarning)
        made: bytes = page.write_pdf(**options)
    return made


@contextmanager
def _timeless() -> Iterator[None]:
    """Let a font that was cut down to what is used not say when: it is told another time by this variable."""
    given = os.environ.get(EPOCH)
    os.environ[EPOCH] = "0"
    try:
        yield
    finally:
        if given is None:
            del os.environ[EPOCH]
        else:
            os.environ[EPOCH] = given


def _weasyprint() -> Any:
    try:
        import weasyprint
    except ImportError as error:
        raise MissingExtra("weasyprint", "pdf") from error
    except OSError as error:
        # That is how a library that cannot be loaded is told.
        raise AfwegenError("Pango, which lays out the pages, is not on this machine", PANGO) from error
    return weasyprint


def _attached(weasyprint: Any, bundle: bytes) -> Any:
    """Return the bundle as an attachment, as old as the newest file in it."""
    try:
        with zipfile.ZipFile(BytesIO(bundle)) as archive:
            moment = max(datetime(*member.date_time) for member in archive.infolist())  # noqa: DTZ001 - zip has no zone
    except (zipfile.BadZipFile, ValueError):
        raise AfwegenError("this is no bundle", "give the octets that write_bundle wrote", bundle[:20]) from None
    return weasyprint.Attachment(
        file_obj=BytesIO(bundle), name=ATTACHED, created=moment, modified=moment, relationship="Source"
    )


def _both(_document: Any, file: Any) -> None:
    """Say in the description of a PDF/A that it is PDF/UA too: WeasyPrint says one of them."""
    described = file.objects[int(file.catalog["Metadata"].split()[0])]
    described.stream = [part.replace(b"</rdf:RDF>", BOTH) for part in described.stream]
    # It lists what is attached twice.
    file.catalog["AF"][:] = dict.fromkeys(file.catalog["AF"])
