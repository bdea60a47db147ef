"""
The account of a session: what happened, what was chosen and by whom, in plain words (*verslag*).

>>> from afwegen.report import language
>>> language("nl").of(8, 10)
'8 van de 10'
"""

from afwegen.report.account import account
from afwegen.report.difference import difference
from afwegen.report.language import Language, language

__all__ = ["Language", "account", "difference", "language"]
