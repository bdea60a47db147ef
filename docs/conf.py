"""How the documentation is built; warnings are errors."""

import sys
from importlib.metadata import version as version_of
from pathlib import Path

# What the build itself makes and shows.
sys.path.insert(0, str(Path(__file__).parent / "extensions"))

project = "afwegen"
author = "The afwegen maintainers"
project_copyright = author
release = version = version_of("afwegen")

extensions = [
    "demonstration",
    "drawings",
    "myst_parser",
    "sphinx.ext.autodoc",
    "sphinx.ext.mathjax",
    "sphinx.ext.napoleon",
]
exclude_patterns = ["_build"]
html_theme = "furo"
html_title = f"afwegen {version}"

myst_enable_extensions = ["colon_fence", "deflist", "dollarmath"]
myst_heading_anchors = 3

autodoc_default_options = {"members": True, "show-inheritance": True}
autodoc_member_order = "bysource"
autodoc_typehints = "signature"
autodoc_typehints_format = "short"
autodoc_preserve_defaults = True
# The attributes of a frozen value are described once, in its docstring.
napoleon_use_ivar = True
napoleon_google_docstring = True
napoleon_numpy_docstring = False
