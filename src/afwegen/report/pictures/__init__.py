"""
Pictures of a session: SVG that needs no script, what each shows in words, and a table of everything in it.

>>> from afwegen.demo import complex_a
>>> from afwegen.report.pictures import pictures
>>> pictures(complex_a(), language="en")[0].title
'The steps in time'
"""

from afwegen.report.pictures.choosing import drawn, pictures
from afwegen.report.pictures.picture import Picture

__all__ = ["Picture", "drawn", "pictures"]
