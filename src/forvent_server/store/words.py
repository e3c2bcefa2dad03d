"""Words that are looked for in texts: any part of any word, in any language, however capitalised."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.db import connection
from django.db.models import F, Q

from forvent_server.store.models import Voice

#: The index holds pieces of so many characters; what is shorter is looked for as the beginning of one.
PIECE = 3
#: More words than this are not looked for.
MOST_WORDS = 8
#: As the index of PostgreSQL knows them.
IDEOGRAPH = r"[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af]"
IDEOGRAPHS = re.compile(IDEOGRAPH + "{1,2}")
#: Behind every character that a text may hold.
BEHIND_ALL = "\U0010ffff"


@dataclass(frozen=True, slots=True)
class Words:
    """The words that must all stand in a text, each in the forms in which it may be written there.

    An accented letter may be one character or two; both are the same to who reads it.
    """

    forms: tuple[tuple[str, ...], ...]

    def stand_in(self, text: str) -> bool:
        """Whether all of them stand in the text."""
        there = folded(text)
        return all(any(form in there for form in forms) for forms in self.forms)

    @property
    def long(self) -> tuple[tuple[str, ...], ...]:
        """Those that the index of pieces can find."""
        return tuple(forms for forms in self.forms if all(len(form) >= PIECE for form in forms))

    @property
    def ideographs(self) -> tuple[str, ...]:
        """Those of one or two characters that are each a syllable or a word."""
        return tuple(forms[0] for forms in self.forms if IDEOGRAPHS.fullmatch(forms[0]))

    @property
    def stepwise(self) -> bool:
        """Whether the index names the newest without reading all that it knows of them."""
        return bool(self.long) and connection.vendor == "sqlite"

    @property
    def indexed(self) -> bool:
        """Whether an index can name the voices in which they may stand."""
        return bool(self.forms if connection.vendor == "sqlite" else self.long or self.ideographs)

    def newest(self, before: int | None, most: int) -> list[int]:
        """The next voices in which they may all stand, the newest first, where ``indexed``.

        None is left out in which they stand; some may be there that have to be looked at.
        """
        if connection.vendor == "sqlite":
            return _in_pieces(self, before, most)
        return _in_postgresql(self, before, most)


def words_of(text: str) -> Words:
    """The words of what somebody looks for."""
    return Words(tuple(_forms(word) for word in text.replace("\x00", "").split()[:MOST_WORDS]))


def _forms(word: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(folded(unicodedata.normalize(form, word)) for form in ("NFC", "NFD")))


def folded(text: str) -> str:
    """A text without the difference of capitals, character by character, as the index folds it too."""
    whole = text.casefold()
    # Some characters would become several; they stay what they are, and places stay where they are.
    return whole if len(whole) == len(text) else "".join(map(_folded, text))


@lru_cache(maxsize=4096)
def _folded(character: str) -> str:
    for one in (character.casefold(), character.lower()):
        if len(one) == 1:
            return one
    return character


# ---------------------------------------------------------------------------------- SQLite


def _in_pieces(words: Words, before: int | None, most: int) -> list[int]:
    if words.long:
        return _matching(words.long, before, most)
    # The longest is the rarest, more often than not.
    return _beginning(max(words.forms, key=lambda forms: len(forms[0])), before, most)


def _matching(wanted: Sequence[Sequence[str]], before: int | None, most: int) -> list[int]:
    # Quoted, so that nothing in a word is taken for an operator.
    query = " AND ".join(
        "(" + " OR ".join('"' + form.replace('"', '""') + '"' for form in forms) + ")" for forms in wanted
    )
    below, limit = ("AND rowid < %s ", [before]) if before is not None else ("", [])
    statement = (
        f"SELECT rowid FROM voice_search WHERE voice_search MATCH %s {below}"  # noqa: S608 - no word of anybody's
        "ORDER BY rowid DESC LIMIT %s"
    )
    return _first_column(statement, [query, *limit, most])


def _beginning(forms: Sequence[str], before: int | None, most: int) -> list[int]:
    """Voices with a piece that begins so; all of them are read, which are few where this is asked."""
    found: set[int] = set()
    for form in forms:
        statement = "SELECT DISTINCT doc FROM voice_search_piece WHERE term >= %s AND term < %s"
        if len(form) >= PIECE:
            found.update(_matching([[form]], before, most))
        else:
            found.update(_first_column(statement, [form, form + BEHIND_ALL]))
    return sorted((pk for pk in found if before is None or pk < before), reverse=True)[:most]


def _first_column(statement: str, values: Sequence[Any]) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return [row[0] for row in cursor.fetchall()]


# ------------------------------------------------------------------------------ PostgreSQL


def _in_postgresql(words: Words, before: int | None, most: int) -> list[int]:
    if not words.long:
        return _in_pairs(words.ideographs, before, most)
    rows = Voice.objects.all() if before is None else Voice.objects.filter(pk__lt=before)
    for forms in words.long:
        either = Q()
        for form in forms:
            either |= Q(text__icontains=form)
        rows = rows.filter(either)
    # A sum, so that the newest of what the index finds are taken, instead of looking through the newest.
    return list(rows.order_by((F("pk") + 0).desc()).values_list("pk", flat=True)[:most])


def _in_pairs(wanted: Sequence[str], before: int | None, most: int) -> list[int]:
    below, limit = ("AND id < %s ", [before]) if before is not None else ("", [])
    statement = (
        f"SELECT id FROM store_voice WHERE text ~ '{IDEOGRAPH}' "  # noqa: S608 - no word of anybody's
        f"AND voice_search_pairs(text) @> %s::text[] {below}ORDER BY id + 0 DESC LIMIT %s"
    )
    return _first_column(statement, [list(wanted), *limit, most])
