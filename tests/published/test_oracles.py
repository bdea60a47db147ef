"""Every published example is tested somewhere, or said to be out of scope; none is forgotten."""

import runpy
from pathlib import Path

HERE = Path(__file__).parent
LISTED = runpy.run_path(str(HERE / "oracles.py"))
TESTED, OUT_OF_SCOPE = LISTED["TESTED"], LISTED["OUT_OF_SCOPE"]


def test_every_example_is_listed_once(shared):
    """In the list are the files of the folder, all of them and no others."""
    listed = sorted([name for names in TESTED.values() for name in names] + list(OUT_OF_SCOPE))
    assert listed == sorted(file.stem for file in (shared / "oracles").glob("*.json"))


def test_every_example_is_read_where_the_list_says():
    """The test file names it."""
    for file, names in TESTED.items():
        text = (HERE / f"{file}.py").read_text(encoding="utf-8")
        assert [name for name in names if f'"{name}"' not in text] == []
