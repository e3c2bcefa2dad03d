"""From an expectation found in a clause to a mention with its level, source and type."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from forvent.identify.level_cues import may_state_level
from forvent.identify.levels_tied import Pair, levels_of
from forvent.identify.sources import sources_of
from forvent.identify.stated import is_stated
from forvent.language import Span
from forvent.records import Expectation, Mention, Voice

_NO_LEVELS: Pair = (None, None)


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
    voice: Voice,
    language: str,
    spoken: Sequence[Spoken],
    *,
    rivals: Collection[str] = (),
    pairs: Mapping[str, Pair] | None = None,
    hints: int | None = None,
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
    pairs
        By id of a general expectation its levels, expected and experienced, where they are known already.
    hints
        What :func:`forvent.identify.sources.source_hints` says of the voice, if it was asked already.

    Returns
    -------
    list of Mention
        One for each of ``spoken``.

    Source
    ------
    Our own definition, ``docs/formulas/identify.md#mention``.
    """
    text = voice.text
    levels = _levels(text, language, spoken) if pairs is None else _wished(pairs, spoken)
    clauses = [one.clause for one in spoken]
    asked = hints != 0 or bool(rivals)
    named = (
        sources_of(text, clauses, language, rivals=rivals, hints=hints) if asked else (None,) * len(clauses)
    )
    said: dict[Span, bool] = {}
    found = []
    for one, source in zip(spoken, named, strict=True):
        record, quote = one.record, one.quote
        level, experienced = levels.get(record.parent or record.id, _NO_LEVELS)
        stated = level is not None or one.polarity == "wished"
        if not stated:
            if one.clause not in said:
                said[one.clause] = is_stated(one.clause.of(text), language)
            stated = said[one.clause]
        found.append(
            Mention(
                voice.voice_id,
                record.id,
                one.polarity,
                stated,
                quote.of(text),
                quote.start,
                quote.end,
                one.confidence,
                language,
                voice.touchpoint or record.stage,
                record.stage,
                level,
                experienced,
                "explicit" if stated else record.usual_type,
                source,
                one.doubtful,
            )
        )
    return found


def _levels(text: str, language: str, spoken: Sequence[Spoken]) -> Mapping[str, Pair]:
    if not may_state_level(text, language):
        return {}
    clauses = {one.record.parent or one.record.id: one.clause for one in spoken}
    wished = [one.record.parent or one.record.id for one in spoken if one.polarity == "wished"]
    return levels_of(text, language, clauses, wished=wished)


def _wished(pairs: Mapping[str, Pair], spoken: Sequence[Spoken]) -> Mapping[str, Pair]:
    """Of what is only wished for, the level that is told is what is expected."""
    if not pairs:
        return pairs
    wishes = {one.record.parent or one.record.id for one in spoken if one.polarity == "wished"}
    return {
        name: (got, None) if name in wishes and expected is None else (expected, got)
        for name, (expected, got) in pairs.items()
    }
