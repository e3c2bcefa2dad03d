"""Every clause with where it went, as rows of a table; and the clauses of one candidate, to learn from."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

import pyarrow as pa

from forvent.identify.discovery.described import CANDIDATE, OTHER, went_to
from forvent.identify.discovery.discover import Discovered
from forvent.identify.discovery.heard import UNCOVERED
from forvent.tables import TEXT, Column, arrow_schema

CLAUSES: tuple[Column, ...] = (
    Column("voice_id", TEXT, "the voice it stands in; of voices with the same text, the smallest id"),
    Column("start", pa.int64(), "first character in the text"),
    Column("end", pa.int64(), "character after the last in the text"),
    Column("language", TEXT, "language of the voice"),
    Column("went", TEXT, "covered (by the catalogue), candidate, other, general or content_free"),
    Column("candidate", TEXT, "id of the candidate; null unless it went to one"),
    Column("polarity", TEXT, "positive, negative, neutral or mixed"),
    Column("words", TEXT, "the clause itself where no expectation covers it, else null"),
    Column("key", TEXT, "fingerprint of the clause, as in discovered.json"),
)


def clause_rows(found: Discovered, *, mask: Callable[[str], str] | None = None) -> Iterator[dict[str, Any]]:
    """Rows of the table of clauses, in the order of the fingerprints of voices.

    Parameters
    ----------
    found
        What :func:`forvent.identify.discovery.discover` returned.
    mask
        Hides personal data in the words.

    Returns
    -------
    Iterator of dict
        One for each clause of each different voice, with the columns of ``CLAUSES``.

    Source
    ------
    Our own definition, ``docs/discovered.md``.
    """
    words = dict(zip(found.heard.keys, found.heard.words, strict=True))
    for voice in found.heard.voices:
        for said in voice.clauses:
            group = found.went.get(said.key, OTHER)
            went = went_to(said.outcome, group)
            text = words[said.key] if said.outcome == UNCOVERED else None
            yield {
                "voice_id": voice.voice_id,
                "start": said.start,
                "end": said.end,
                "language": voice.language,
                "went": went,
                "candidate": group if went == CANDIDATE else None,
                "polarity": said.polarity,
                "words": mask(text) if mask and text is not None else text,
                "key": said.key,
            }


def clauses_schema() -> pa.Schema:
    """Schema of the table of clauses."""
    return arrow_schema(CLAUSES)


def polarity_of(row: Mapping[str, Any], *, otherwise: str) -> str:
    """Met or unmet; ``otherwise`` where the clause does not judge."""
    return {"positive": "met", "negative": "unmet"}.get(str(row["polarity"]), otherwise)
