"""What makes texts findable by any part of a word, in every language."""

from __future__ import annotations

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

# The index holds pieces of three characters, so that it needs no words and no language. Two more characters
# behind every text give its last two a piece of their own: what is shorter than a piece is found as the
# beginning of one. A migration that makes the table of voices anew takes this back before and makes it again.
TAKE_OUT = (
    "INSERT INTO voice_search(voice_search, rowid, text) "
    "VALUES ('delete', old.id, old.text || char(10) || char(10));"
)
PUT_IN = "INSERT INTO voice_search(rowid, text) VALUES (new.id, new.text || char(10) || char(10));"
SQLITE = (
    "CREATE VIEW voice_search_text AS SELECT id, text || char(10) || char(10) AS text FROM store_voice",
    "CREATE VIRTUAL TABLE voice_search USING fts5("
    "text, content='voice_search_text', content_rowid='id', tokenize='trigram', columnsize=0)",
    "INSERT INTO voice_search(voice_search) VALUES ('rebuild')",
    "CREATE VIRTUAL TABLE voice_search_piece USING fts5vocab(voice_search, 'instance')",
    f"CREATE TRIGGER voice_search_new AFTER INSERT ON store_voice BEGIN {PUT_IN} END",
    f"CREATE TRIGGER voice_search_gone AFTER DELETE ON store_voice BEGIN {TAKE_OUT} END",
    f"CREATE TRIGGER voice_search_changed AFTER UPDATE OF text ON store_voice BEGIN {TAKE_OUT} {PUT_IN} END",
)
SQLITE_BACK = (
    "DROP TRIGGER voice_search_new",
    "DROP TRIGGER voice_search_gone",
    "DROP TRIGGER voice_search_changed",
    "DROP TABLE voice_search_piece",
    "DROP TABLE voice_search",
    "DROP VIEW voice_search_text",
)


# Words of one or two characters, as Chinese has them, have no piece of three: the index of PostgreSQL keeps
# each such character with the one behind it. Texts without any are not in it.
IDEOGRAPHS = r"[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af]"
TRIGRAMS = (
    "CREATE EXTENSION IF NOT EXISTS pg_trgm",
    "CREATE INDEX voice_search ON store_voice USING gin (upper(text) gin_trgm_ops)",
    "CREATE INDEX customer_search ON store_customer USING gin (upper(name) gin_trgm_ops)",
)
POSTGRESQL = (
    "CREATE INDEX customerkey_search ON store_customerkey (upper(value) varchar_pattern_ops)",
    f"""CREATE FUNCTION voice_search_pairs(said text) RETURNS text[] LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
        SELECT array_agg(DISTINCT substr(said, place, size))
        FROM generate_series(1, length(said)) AS place, generate_series(1, 2) AS size
        WHERE substr(said, place, 1) ~ '{IDEOGRAPHS}'
    $$""",  # noqa: S608 - no word of anybody's
    "CREATE INDEX voice_search_short ON store_voice USING gin (voice_search_pairs(text)) "
    f"WHERE text ~ '{IDEOGRAPHS}'",
)
POSTGRESQL_BACK = (
    "DROP INDEX IF EXISTS voice_search, voice_search_short, customer_search, customerkey_search",
    "DROP FUNCTION IF EXISTS voice_search_pairs",
)


def make(_: object, editor: BaseDatabaseSchemaEditor) -> None:
    """The index, as the database at hand can keep it."""
    if editor.connection.vendor == "sqlite":
        for line in SQLITE:
            editor.execute(line)
        return
    with editor.connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_available_extensions WHERE name = 'pg_trgm'")
        trigrams = cursor.fetchone() is not None
    # Where the extension is not there, searching works all the same, only slower.
    for line in (*(TRIGRAMS if trigrams else ()), *POSTGRESQL):
        editor.execute(line)


def take_back(_: object, editor: BaseDatabaseSchemaEditor) -> None:
    """Without the index."""
    for line in SQLITE_BACK if editor.connection.vendor == "sqlite" else POSTGRESQL_BACK:
        editor.execute(line)


class Migration(migrations.Migration):
    """The search of voices."""

    dependencies = [("store", "0001_store")]
    operations = [migrations.RunPython(make, take_back)]
