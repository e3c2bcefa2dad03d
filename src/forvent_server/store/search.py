"""Voices by what was said: any part of any word, in any language."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import connections
from django.db.models.expressions import RawSQL

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from forvent_server.store.models import Voice

#: The index holds pieces of so many characters; shorter words are looked for in the texts themselves.
PIECE = 3
#: More words than this are not looked for.
MOST_WORDS = 8


def saying(voices: QuerySet[Voice], words: str) -> QuerySet[Voice]:
    """The voices in which all the words stand, wherever and however capitalised."""
    wanted = words.replace("\x00", "").split()[:MOST_WORDS]
    indexed = connections[voices.db].vendor == "sqlite"
    pieces = [word for word in wanted if indexed and len(word) >= PIECE]
    if pieces:
        # Quoted, so that nothing in a word is taken for an operator.
        query = " AND ".join('"' + piece.replace('"', '""') + '"' for piece in pieces)
        found = RawSQL("SELECT rowid FROM voice_search WHERE voice_search MATCH %s", [query])
        voices = voices.filter(pk__in=found)
    for word in wanted:
        if word not in pieces:
            voices = voices.filter(text__icontains=word)
    return voices
