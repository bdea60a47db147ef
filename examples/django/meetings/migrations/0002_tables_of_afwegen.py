"""Make the tables of afwegen where Django makes its own: opening a store in a transaction does it."""

from typing import ClassVar

from django.db import migrations

from afwegen import open_store


def make_tables(_apps: object, schema_editor: object) -> None:
    """Open the store once, in the transaction of the migration."""
    open_store(schema_editor.connection.connection)


class Migration(migrations.Migration):
    """There is no way back: a log is not thrown away by a migration."""

    dependencies: ClassVar = [("meetings", "0001_initial")]
    operations: ClassVar = [migrations.RunPython(make_tables)]
