"""A store is opened by its URL."""

import os

import pytest

from afwegen.errors import StoreError
from afwegen.stores import open_store
from afwegen.stores.memory import MemoryStore
from afwegen.stores.sqlite import SQLiteStore


def test_memory():
    """Gone with the process."""
    with open_store("memory:") as store:
        assert isinstance(store, MemoryStore)


def test_a_relative_path(tmp_path, monkeypatch):
    """Three slashes: in the working directory."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "map").mkdir()
    for url, file in (("sqlite:///wijk.db", "wijk.db"), ("sqlite:///map/wijk 2%20.db", "map/wijk 2%20.db")):
        with open_store(url) as store:
            assert isinstance(store, SQLiteStore)
            assert (tmp_path / file).is_file()


def test_an_absolute_path(tmp_path):
    """Four slashes: the fourth begins the path."""
    with open_store(f"sqlite:///{tmp_path}/wijk.db") as store:
        assert repr(store) == f"SQLiteStore({os.fspath(tmp_path / 'wijk.db')!r})"


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("", "names no store"),
        ("wijk.db", "names no store"),
        ("mysql://host/db", "names no store"),
        ("memory", "names no store"),
        ("memory:x", "names no store"),
        ("SQLITE:///wijk.db", "names no store"),
        ("sqlite:", "has no path"),
        ("sqlite://", "has no path"),
        ("sqlite:///", "has no path"),
        ("sqlite:wijk.db", "has no path"),
        ("sqlite://wijk.db", "has no path"),
        ("sqlite:///:memory:", "a file of its own"),
        ("sqlite:///file:wijk.db?mode=ro", "a file of its own"),
    ],
)
def test_a_url_that_names_no_store_is_refused(url, said, tmp_path, monkeypatch):
    """The error shows the URL and those that work, and no file is made."""
    monkeypatch.chdir(tmp_path)
    with pytest.raises(StoreError, match=said) as refused:
        open_store(url)

    assert refused.value.got == url
    assert "'memory:' or 'sqlite:///path'" in refused.value.do
    assert list(tmp_path.iterdir()) == []
