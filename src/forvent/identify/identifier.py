"""Voices → language, polarity, what they do, and mentions."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import islice

import numpy as np
from numpy.typing import NDArray

from forvent.identify.catalogue import catalogue
from forvent.identify.clauses import Clauses, clauses_of
from forvent.identify.corrections import apply_corrections, text_hash
from forvent.identify.heads import Judged, Numbers
from forvent.identify.in_context import in_context
from forvent.identify.judges import Judge, judged_parts
from forvent.identify.late import SOONER, is_late, is_worse
from forvent.identify.level_cues import may_state_levels
from forvent.identify.levels_brought import LevelTies
from forvent.identify.levels_tied import Tie
from forvent.identify.narrowed import parts_of, smallest
from forvent.identify.packs import Pack, catalogue_with
from forvent.identify.prepared import get_judge, joined
from forvent.identify.sources import source_hints
from forvent.identify.spoken import Spoken, details
from forvent.identify.told_again import ToldAgain
from forvent.identify.valence import valences_of
from forvent.identify.verdicts import CLEAR, said_beside, spoken_acts, voice_polarities
from forvent.language import Encoder, LanguageDetector, Span
from forvent.language.words import Words, words_of
from forvent.records import Correction, IdentifiedVoice, Mention, Voice

#: Expectations that one clause can speak of.
MOST = 4


class Identifier:
    """Finds expectations in voices, batch by batch.

    Each clause and each whole text is judged; an expectation is mentioned if its calibrated
    probability in a clause reaches the threshold chosen on held-out text; its words are the smallest
    part of the clause that carries it. The same voice gets the same answer in any batch.

    Parameters
    ----------
    tier
        ``exact``, ``fast`` or ``auto``, an encoder, or a judge; see :func:`forvent.identify.get_judge`.
    packs
        Trade packs, shipped or one's own: their expectations are found too, each in the place of its parent.
    corrections
        What people said of mentions: laid over what is found, and used for what is like it.
    rivals
        Names of other companies, as the business knows them.
    detector
        What tells the language where the voice does not say it.
    """

    def __init__(
        self,
        tier: Judge | Encoder | str = "exact",
        *,
        packs: Sequence[Pack] = (),
        corrections: Sequence[Correction] = (),
        rivals: Collection[str] = (),
        detector: LanguageDetector | None = None,
    ) -> None:
        self._judge = _judge_of(tier, packs=packs, corrections=corrections)
        self._detector = detector or LanguageDetector()
        #: Every expectation it can find, by id.
        self.records = catalogue_with(packs)
        self._expectations = tuple(self.records[identifier] for identifier in self._judge.expectations)
        self._ties = LevelTies(self._expectations)
        self._corrections = tuple(corrections)
        self._corrected = frozenset(correction.text_hash for correction in corrections)
        self._rivals = tuple(rivals)
        self._told = ToldAgain(self._understood)
        self.name = self._judge.name

    def identify(self, voices: Sequence[Voice]) -> tuple[IdentifiedVoice, ...]:
        """What each voice of one batch says, in the order of the batch."""
        return self._told.of(voices)

    def _understood(self, voices: Sequence[Voice]) -> tuple[IdentifiedVoice, ...]:
        """The same for distinct voices."""
        languages = self._languages(voices)
        words = words_of([voice.text for voice in voices])
        parts = clauses_of(voices, languages, words)
        if not parts.clauses.any():
            return tuple(_silent(voice, language) for voice, language in zip(voices, languages, strict=True))
        beside = partial(
            said_beside,
            first=parts.first,
            clauses=parts.clauses,
            sentences=parts.sentences,
            valences=valences_of(words, languages),
        )
        alone = judged_parts(self._judge, parts.texts, parts.voice_rows, beside=beside)
        seen = in_context(alone.mention, parts.voice_rows, general=len(catalogue()))
        judged = replace(alone, mention=seen)
        mentions = self._mentions(voices, languages, parts, judged, alone=alone, words=words)
        thresholds = self._judge.thresholds
        whole = judged.rows(parts.whole)
        polarities = voice_polarities(
            parts.first,
            parts.clauses,
            beside=beside(judged),
            judged=judged,
            whole=whole,
            thresholds=thresholds,
        )
        acts = spoken_acts(whole, thresholds=thresholds)
        ironic = (whole.irony >= thresholds.irony).tolist()
        return tuple(
            IdentifiedVoice(
                voice.voice_id, language, polarity[0], polarity[1], False, tuple(found), act, doubt
            )
            if clauses
            else _silent(voice, language)
            for voice, language, polarity, found, act, doubt, clauses in zip(
                voices, languages, polarities, mentions, acts, ironic, parts.clauses.tolist(), strict=True
            )
        )

    def _languages(self, voices: Sequence[Voice]) -> list[str]:
        """Of each voice the language it says it has, else the likeliest."""
        given = [_given(voice) for voice in voices]
        detected = self._detector.languages(
            [voice.text for voice, language in zip(voices, given, strict=True) if not language]
        )
        unsaid = iter(detected)
        return [language or next(unsaid) for language in given]

    def _mentions(
        self,
        voices: Sequence[Voice],
        languages: Sequence[str],
        parts: Clauses,
        judged: Judged,
        *,
        alone: Judged,
        words: Words,
    ) -> list[list[Mention]]:
        """Mentions of each voice, in the order of the catalogue; ``alone`` is without its context."""
        found = self._spoken(parts, judged)
        texts = [voice.text for voice in voices]
        levels = may_state_levels(texts, languages, words)
        ties = self._tied(voices, languages, parts, alone, levels)
        found = self._with_levels(found, ties, parts, alone)
        quotes = self._quotes(parts, alone, found)
        rows, columns = (
            np.array([getattr(one, name) for one in found], dtype=np.int64) for name in ("row", "column")
        )
        sure = np.maximum(judged.mention[rows, columns], [one.by_level for one in found]).tolist()
        doubtful = (judged.irony[rows] >= self._judge.thresholds.irony).tolist()
        polarities = self._polarities(judged, found, rows=rows, columns=columns)
        self._correct_late(polarities, found, voices, languages, parts, ties=ties, levels=levels)
        mentions: list[list[Mention]] = [[] for _ in voices]
        by_voice: dict[int, list[Spoken]] = {}
        for one, *how in zip(found, quotes, polarities, sure, doubtful, strict=True):
            spoken = Spoken(self._expectations[one.column], parts.spans[one.row], *how)
            by_voice.setdefault(one.voice, []).append(spoken)
        hints = source_hints(texts, languages, words, among=list(by_voice)).tolist()
        for place, of_voice in by_voice.items():
            pairs = {name: tie.pair for name, tie in ties.get(place, {}).items()}
            mentions[place] = details(
                voices[place],
                languages[place],
                of_voice,
                rivals=self._rivals,
                pairs=pairs,
                hints=hints[place],
            )
        if self._corrected:
            for place, voice in enumerate(voices):
                if text_hash(voice.text) in self._corrected:
                    mentions[place] = self._with_corrections(voice, mentions[place], languages[place])
        return mentions

    def _with_corrections(self, voice: Voice, mentions: list[Mention], language: str) -> list[Mention]:
        return list(
            apply_corrections(
                voice,
                mentions,
                corrections=self._corrections,
                language=language,
                expectations=self.records,
            )
        )

    def _spoken(self, parts: Clauses, judged: Judged) -> list[_Found]:
        """Each expectation that clauses of a voice speak of, with its best clause."""
        likely = most_likely(judged.mention)
        several = parts.clauses > 1
        # Whole texts of several clauses only decide the polarity.
        likely[parts.whole[several]] = 0.0
        rows, columns = np.nonzero(likely >= self._judge.mention_from)
        owners = np.searchsorted(parts.first, rows, side="right") - 1
        found: dict[tuple[int, int], _Found] = {}
        for voice, row, column in zip(owners.tolist(), rows.tolist(), columns.tolist(), strict=True):
            known = found.get((voice, column))
            if known is None:
                found[voice, column] = _Found(voice, column, row, [row])
                continue
            known.rows.append(row)
            if likely[row, column] > likely[known.row, column]:
                known.row = row
        return [found[key] for key in sorted(found)]

    def _tied(
        self,
        voices: Sequence[Voice],
        languages: Sequence[str],
        parts: Clauses,
        judged: Judged,
        levels: NDArray[np.bool_],
    ) -> dict[int, Mapping[str, Tie]]:
        """The levels of each voice that has any; ``levels`` tells which can have some."""
        found: dict[int, Mapping[str, Tie]] = {}
        for place in np.flatnonzero(levels).tolist():
            first, clauses = int(parts.first[place]), int(parts.clauses[place])
            rows = judged.mention[first : first + clauses + (clauses > 1)]
            spans = parts.spans[first : first + clauses]
            ties = self._ties.of(voices[place].text, languages[place], spans, rows)
            if ties:
                found[place] = ties
        return found

    def _with_levels(
        self, found: list[_Found], ties: Mapping[int, Mapping[str, Tie]], parts: Clauses, judged: Judged
    ) -> list[_Found]:
        """What was found, and what levels bring up beside it, in the order of voices and columns."""
        by_voice: dict[int, list[_Found]] = {place: [] for place in ties}
        for one in found:
            if one.voice in by_voice:
                by_voice[one.voice].append(one)
        brought = list(found)
        for place, known in by_voice.items():
            first = int(parts.first[place])
            records = [self._expectations[one.column] for one in known]
            for column, tie in self._ties.missing(ties[place], records, judged.mention[first:]):
                row = first + tie.row
                brought.append(_Found(place, column, row, [row], tie.probability))
        return sorted(brought, key=lambda one: (one.voice, one.column))

    def _quotes(self, parts: Clauses, judged: Judged, found: Sequence[_Found]) -> list[Span]:
        """The smallest part of the clause that still carries the expectation."""
        quotes = [parts.spans[one.row] for one in found]
        # Where a level brings an expectation up, the level stands somewhere in the clause.
        asked = dict.fromkeys(one.row for one in found if not one.by_level)
        cuts = {row: cut for row in asked if (cut := parts_of(parts.texts[row]))}
        if not cuts:
            return quotes
        narrower = self._judge.narrower
        distinct: dict[str, int] = {}
        numbers = {
            row: [distinct.setdefault(part.of(parts.texts[row]), len(distinct)) for part in cut]
            for row, cut in cuts.items()
        }
        # Parts are held against the whole clause as the same judge sees it.
        own = narrower is self._judge
        wholes = {} if own else {row: distinct.setdefault(parts.texts[row], len(distinct)) for row in cuts}
        likely = judged_parts(narrower, list(distinct), np.full(len(distinct), -1)).mention
        least = narrower.mention_from.tolist()
        for place, one in enumerate(found):
            if one.by_level or one.row not in cuts:
                continue
            row, column = one.row, one.column
            offers = list(zip(cuts[row], likely[numbers[row], column].tolist(), strict=True))
            whole = float(judged.mention[row, column] if own else likely[wholes[row], column])
            quotes[place] = smallest(parts.spans[row], offers, whole=whole, least=least[column])
        return quotes

    def _polarities(
        self,
        judged: Judged,
        found: Sequence[_Found],
        *,
        rows: NDArray[np.int64],
        columns: NDArray[np.int64],
    ) -> list[str]:
        """Met or unmet by the best clause; mixed where other clauses that speak of it clearly disagree."""
        met = (judged.met[rows, columns] >= 0.5).tolist()
        wished = (judged.wish[rows] >= self._judge.thresholds.wish).tolist()
        polarities = [
            "wished" if wish else "met" if good else "unmet" for wish, good in zip(wished, met, strict=True)
        ]
        for place, one in enumerate(found):
            if len(one.rows) > 1 and not wished[place]:
                good = judged.met[one.rows, one.column]
                if (good >= CLEAR).any() and (good <= 1 - CLEAR).any():
                    polarities[place] = "mixed"
        return polarities

    def _correct_late(
        self,
        polarities: list[str],
        found: Sequence[_Found],
        voices: Sequence[Voice],
        languages: Sequence[str],
        parts: Clauses,
        *,
        ties: Mapping[int, Mapping[str, Tie]],
        levels: NDArray[np.bool_],
    ) -> None:
        """What came later than promised is not met, however kindly it is told."""
        for place, one in enumerate(found):
            if polarities[place] != "met" or not levels[one.voice]:
                continue
            record = self._expectations[one.column]
            name = record.parent or record.id
            tie = ties.get(one.voice, {}).get(name)
            text, language = voices[one.voice].text, languages[one.voice]
            if (name in SOONER and is_late(text, parts.spans[one.row], language)) or (
                tie is not None and is_worse(name, tie.pair)
            ):
                polarities[place] = "unmet"


@dataclass(slots=True)
class _Found:
    """An expectation in a voice: the clause that says it best, and all that say it."""

    voice: int
    column: int
    row: int
    rows: list[int]
    #: How surely a level brings it up, where the clause alone says too little; else 0.
    by_level: float = 0.0


def identify(
    voices: Iterable[Voice], *, encoder: Encoder | str = "exact", batch: int = 256
) -> Iterator[IdentifiedVoice]:
    """What each voice says: language, polarity and mentions, one by one in their order.

    Parameters
    ----------
    voices
        Records with text; a voice without words comes back content-free.
    encoder
        A tier (``exact``, ``fast``, ``auto``), an encoder or its name.
    batch
        Voices understood at once; changes speed, never the answer.

    Returns
    -------
    Iterator of IdentifiedVoice
        Lazy; confidence lies in 0–1.

    Raises
    ------
    EncoderUnavailable
        If the encoder is unknown or cannot be loaded.

    Source
    ------
    Our own definition, ``docs/formulas/identify.md#mention``.

    Examples
    --------
    >>> voice = Voice(voice_id="1", text="The waiter was rude to us.", row=2)
    >>> found = next(identify([voice]))
    >>> found.language, found.polarity, [(m.expectation, m.polarity) for m in found.mentions]
    ('en', 'negative', [('friendly_staff', 'unmet')])
    """
    identifier = Identifier(encoder)
    waiting = iter(voices)
    while chunk := list(islice(waiting, batch)):
        yield from identifier.identify(chunk)


def most_likely(mention: Numbers, *, most: int = MOST) -> Numbers:
    """Probabilities of the likeliest expectations of each clause, 0 for all others.

    Parameters
    ----------
    mention
        Probability of each expectation in each clause, shape (clauses, expectations).
    most
        How many expectations one clause can speak of.

    Returns
    -------
    array
        Same shape; ties at the border all stay.

    Source
    ------
    Our own definition, ``docs/formulas/identify.md#mention``.

    Examples
    --------
    >>> most_likely(np.array([[0.5, 0.2, 0.9]]), most=2).tolist()
    [[0.5, 0.0, 0.9]]
    """
    border = np.partition(mention, -most, axis=1)[:, [-most]]
    return np.where(mention >= border, mention, 0.0)


def _judge_of(
    tier: Judge | Encoder | str, *, packs: Sequence[Pack], corrections: Sequence[Correction]
) -> Judge:
    if isinstance(tier, str):
        return get_judge(tier, packs=packs, corrections=corrections)
    if isinstance(tier, Encoder):
        return joined(tier, packs=packs, corrections=corrections)
    return tier


def _silent(voice: Voice, language: str) -> IdentifiedVoice:
    return IdentifiedVoice(voice.voice_id, language, "neutral", 1.0, True, (), "none")


def _given(voice: Voice) -> str | None:
    return voice.language.split("-")[0].lower() if voice.language else None
