"""What makes texts findable by any part of a word, in every language."""

from __future__ import annotations

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

# The index holds pieces of three characters, so that it needs no words and no language.
SQLITE = (
    "CREATE VIRTUAL TABLE voice_search USING fts5(text, content='store_voice', content_rowid='id', tokenize='trigram')",
    "INSERT INTO voice_search(voice_search) VALUES ('rebuild')",
    """CREATE TRIGGER voice_search_new AFTER INSERT ON store_voice BEGIN
        INSERT INTO voice_search(rowid, text) VALUES (new.id, new.text);
    END""",
    """CREATE TRIGGER voice_search_gone AFTER DELETE ON store_voice BEGIN
        INSERT INTO voice_search(voice_search, rowid, text) VALUES ('delete', old.id, old.text);
    END""",
    """CREATE TRIGGER voice_search_changed AFTER UPDATE OF text ON store_voice BEGIN
        INSERT INTO voice_search(voice_search, rowid, text) VALUES ('delete', old.id, old.text);
        INSERT INTO voice_search(rowid, text) VALUES (new.id, new.text);
    END""",
)
SQLITE_BACK = (
    "DROP TRIGGER voice_search_new",
    "DROP TRIGGER voice_search_gone",
    "DROP TRIGGER voice_search_changed",
    "DROP TABLE voice_search",
)


def make(_: object, editor: BaseDatabaseSchemaEditor) -> None:
    """The index, as the database at hand can keep it."""
    if editor.connection.vendor == "sqlite":
        for line in SQLITE:
            editor.execute(line)
        return
    with editor.connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_available_extensions WHERE name = 'pg_trgm'")
        if cursor.fetchone() is None:
            return
    # Where the extension is not there, searching works all the same, only slower.
    editor.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")
    editor.execute("CREATE INDEX voice_search ON store_voice USING gin (upper(text) gin_trgm_ops)")


def take_back(_: object, editor: BaseDatabaseSchemaEditor) -> None:
    """Without the index."""
    if editor.connection.vendor == "sqlite":
        for line in SQLITE_BACK:
            editor.execute(line)
    else:
        editor.execute("DROP INDEX IF EXISTS voice_search")


class Migration(migrations.Migration):
    """The search of voices."""

    dependencies = [("store", "0001_store")]
    operations = [migrations.RunPython(make, take_back)]
