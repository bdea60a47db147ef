"""The application's own tests are run by Django, from ``tests/``."""

collect_ignore = ["meetings"]
