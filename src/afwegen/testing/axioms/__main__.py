"""Print the page of the documentation that says which axioms hold: ``> docs/reference/axioms.md``."""

import sys

from afwegen.testing.axioms.page import page

sys.stdout.write(page())
