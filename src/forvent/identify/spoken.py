"""From an expectation found in a clause to a mention with its level, source and type."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from forvent.identify.levels_tied import levels_of
from forvent.identify.sources import source_of
from forvent.identify.stated import is_stated
from forvent.language import Span
from forvent.records import Expectation, Mention, Voice


@dataclass(frozen=True, slots=True)
class Spoken:
    """An expectation that a voice speaks of: where, how, and how surely."""

    record: Expectation
    clause: Span
    quote: Span
    polarity: str
    confidence: float
    doubtful: bool


def details(
    voice: Voice, language: str, spoken: Sequence[Spoken], *, rivals: Collection[str] = ()
) -> list[Mention]:
    """Mentions of one voice with their levels, sources and types, in the order given.

    Parameters
    ----------
    voice
        What was said.
    language
        Its language.
    spoken
        The expectations found in it.
    rivals
        Names of other companies, as the business knows them.

    Returns
    -------
    list of Mention
        One for each of ``spoken``.

    Source
    ------
    Our own definition, ``docs/formulas/identify.md#mention``.
    """
    clauses = {one.record.parent or one.record.id: one.clause for one in spoken}
    wished = [one.record.parent or one.record.id for one in spoken if one.polarity == "wished"]
    levels = levels_of(voice.text, language, clauses, wished=wished)
    found = []
    for one in spoken:
        level, experienced = levels.get(one.record.parent or one.record.id, (None, None))
        source = source_of(voice.text, one.clause, language, rivals=rivals)
        stated = (
            level is not None or one.polarity == "wished" or is_stated(one.clause.of(voice.text), language)
        )
        found.append(
            Mention(
                voice_id=voice.voice_id,
                expectation=one.record.id,
                polarity=one.polarity,
                stated=stated,
                quote=one.quote.of(voice.text),
                start=one.quote.start,
                end=one.quote.end,
                confidence=one.confidence,
                language=language,
                touchpoint=voice.touchpoint or one.record.stage,
                stage=one.record.stage,
                level=level,
                experienced=experienced,
                type="explicit" if stated else one.record.usual_type,
                source=source,
                doubtful=one.doubtful,
            )
        )
    return found
