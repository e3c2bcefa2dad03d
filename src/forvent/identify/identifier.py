"""Voices → language, polarity, what they do, and mentions."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

import numpy as np
from numpy.typing import NDArray

from forvent.identify.content import is_content_free
from forvent.identify.corrections import apply_corrections, text_hash
from forvent.identify.heads import SPOKEN_ACTS, Judged, Numbers, Thresholds
from forvent.identify.judges import Judge
from forvent.identify.narrowed import parts_of, smallest
from forvent.identify.packs import Pack, catalogue_with
from forvent.identify.prepared import get_judge, joined
from forvent.identify.spoken import Spoken, details
from forvent.language import Encoder, LanguageDetector, Span, split_clauses
from forvent.records import Correction, IdentifiedVoice, Mention, Voice

#: Expectations that one clause can speak of.
MOST = 4

#: A whole text between these probabilities of positive may be mixed.
MIDDLE = (0.35, 0.65)

#: A clause counts as clearly positive or negative from this probability on.
CLEAR = 0.8


@dataclass(frozen=True, slots=True)
class _Parts:
    """The parts of the texts of a batch: their clauses, and each whole text that has several."""

    texts: list[str]
    spans: list[Span]
    #: First row and number of clauses of each voice; the row of the whole is that behind its clauses.
    first: NDArray[np.int64]
    clauses: NDArray[np.int64]

    @property
    def whole(self) -> NDArray[np.int64]:
        """Row of the whole text of each voice; that of its only clause where there is one."""
        return self.first + np.where(self.clauses > 1, self.clauses, 0)


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
        self._corrections = tuple(corrections)
        self._corrected = frozenset(correction.text_hash for correction in corrections)
        self._rivals = tuple(rivals)
        self.name = self._judge.name

    def identify(self, voices: Sequence[Voice]) -> tuple[IdentifiedVoice, ...]:
        """What each voice of one batch says, in the order of the batch."""
        languages = [_given(voice) or self._detector.detect(voice.text).language for voice in voices]
        parts = _parts(voices, languages)
        if not parts.clauses.any():
            return tuple(_silent(voice, language) for voice, language in zip(voices, languages, strict=True))
        judged = self._judge.judge(parts.texts)
        mentions = self._mentions(voices, languages, parts, judged)
        thresholds = self._judge.thresholds
        whole = judged.rows(parts.whole)
        polarities = voice_polarities(
            parts.first, parts.clauses, judged=judged, whole=whole, thresholds=thresholds
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

    def _mentions(
        self, voices: Sequence[Voice], languages: Sequence[str], parts: _Parts, judged: Judged
    ) -> list[list[Mention]]:
        """Mentions of each voice, in the order of the catalogue."""
        found = self._spoken(parts, judged)
        quotes = self._quotes(parts, judged, found)
        mentions: list[list[Mention]] = [[] for _ in voices]
        by_voice: dict[int, list[Spoken]] = {}
        for one, quote in zip(found, quotes, strict=True):
            spoken = Spoken(
                record=self._expectations[one.column],
                clause=parts.spans[one.row],
                quote=quote,
                polarity=self._polarity(judged, one),
                confidence=float(judged.mention[one.row, one.column]),
                doubtful=bool(judged.irony[one.row] >= self._judge.thresholds.irony),
            )
            by_voice.setdefault(one.voice, []).append(spoken)
        for place, of_voice in by_voice.items():
            mentions[place] = details(voices[place], languages[place], of_voice, rivals=self._rivals)
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

    def _spoken(self, parts: _Parts, judged: Judged) -> list[_Found]:
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

    def _quotes(self, parts: _Parts, judged: Judged, found: Sequence[_Found]) -> list[Span]:
        """The smallest part of the clause that still carries the expectation."""
        tried = [(place, part) for place, one in enumerate(found) for part in parts_of(parts.texts[one.row])]
        quotes = [parts.spans[one.row] for one in found]
        if not tried:
            return quotes
        distinct = {part.of(parts.texts[found[place].row]): 0 for place, part in tried}
        for index, text in enumerate(distinct):
            distinct[text] = index
        likely = self._judge.judge(list(distinct)).mention
        offered: dict[int, list[tuple[Span, float]]] = {}
        for place, part in tried:
            one = found[place]
            row = distinct[part.of(parts.texts[one.row])]
            offered.setdefault(place, []).append((part, float(likely[row, one.column])))
        for place, offers in offered.items():
            one = found[place]
            clause = parts.spans[one.row]
            quotes[place] = smallest(
                clause,
                offers,
                whole=float(judged.mention[one.row, one.column]),
                least=float(self._judge.mention_from[one.column]),
            )
        return quotes

    def _polarity(self, judged: Judged, one: _Found) -> str:
        """Met or unmet by the best clause; mixed where other clauses that speak of it clearly disagree."""
        if judged.wish[one.row] >= self._judge.thresholds.wish:
            return "wished"
        good = judged.met[one.rows, one.column]
        if (good >= CLEAR).any() and (good <= 1 - CLEAR).any():
            return "mixed"
        return "met" if judged.met[one.row, one.column] >= 0.5 else "unmet"


@dataclass(slots=True)
class _Found:
    """An expectation in a voice: the clause that says it best, and all that say it."""

    voice: int
    column: int
    row: int
    rows: list[int]


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


def voice_polarities(
    first: NDArray[np.int64],
    clauses: NDArray[np.int64],
    *,
    judged: Judged,
    whole: Judged,
    thresholds: Thresholds,
) -> list[tuple[str, float]]:
    """Polarity of each voice from its parts, and the calibrated probability of it.

    Parameters
    ----------
    first, clauses
        First row of each voice in ``judged`` and its number of clauses, shape (voices,).
    judged
        Of all parts.
    whole
        Of the whole texts, one row a voice.
    thresholds
        For that of neutral.

    Returns
    -------
    list of tuple of str and float
        ``neutral`` if the whole does not judge, ``mixed`` if clauses clearly disagree and the whole
        is undecided, else ``positive`` or ``negative``.

    Source
    ------
    Our own definition, ``docs/formulas/identify.md#polarity``.
    """
    likely = whole.positive
    middle = (likely >= MIDDLE[0]) & (likely <= MIDDLE[1]) & (clauses > 1)
    found: list[tuple[str, float]] = []
    for place, (positive, neutral, torn) in enumerate(
        zip(likely.tolist(), whole.neutral.tolist(), middle.tolist(), strict=True)
    ):
        if neutral >= thresholds.neutral:
            found.append(("neutral", neutral))
            continue
        if torn:
            part = judged.positive[first[place] : first[place] + clauses[place]]
            if (part >= CLEAR).any() and (part <= 1 - CLEAR).any():
                found.append(("mixed", 1.0 - abs(2.0 * positive - 1.0)))
                continue
        found.append(("positive", positive) if positive >= 0.5 else ("negative", 1.0 - positive))
    return found


def spoken_acts(whole: Judged, *, thresholds: Thresholds) -> list[str]:
    """What each voice chiefly does.

    Parameters
    ----------
    whole
        Of the whole texts, one row a voice.
    thresholds
        ``act`` is the probability below which nothing is said of it: a remark.

    Returns
    -------
    list of str
        Of :data:`SPOKEN_ACTS`.

    Source
    ------
    Our own definition, ``docs/formulas/identify.md#act``.
    """
    best = whole.act.argmax(axis=1)
    sure = whole.act[np.arange(len(best)), best] >= thresholds.act
    return [SPOKEN_ACTS[place] if enough else "remark" for place, enough in zip(best, sure, strict=True)]


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


def _parts(voices: Sequence[Voice], languages: Sequence[str]) -> _Parts:
    texts: list[str] = []
    spans: list[Span] = []
    first, clauses = [], []
    for voice, language in zip(voices, languages, strict=True):
        first.append(len(texts))
        cut = () if is_content_free(voice.text) else split_clauses(voice.text, language)
        clauses.append(len(cut))
        for span in cut:
            texts.append(voice.text[span.start : span.end])
            spans.append(span)
        if len(cut) > 1:
            texts.append(voice.text.strip())
            spans.append(Span(0, len(voice.text)))
        elif not cut:
            # A row that nothing is read from, so that every voice has one.
            texts.append(" ")
            spans.append(Span(0, 0))
    return _Parts(texts, spans, np.array(first, dtype=np.int64), np.array(clauses, dtype=np.int64))


def _given(voice: Voice) -> str | None:
    return voice.language.split("-")[0].lower() if voice.language else None
