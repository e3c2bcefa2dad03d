"""Voices → language, polarity and mentions."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

import numpy as np

from forvent.identify.catalogue import catalogue
from forvent.identify.content import is_content_free
from forvent.identify.heads import Features, Heads, Numbers, load_heads
from forvent.identify.levels import attach
from forvent.identify.stated import is_stated
from forvent.language import Encoder, LanguageDetector, Span, get_encoder, split_clauses, split_sentences
from forvent.records import IdentifiedVoice, Level, Mention, Voice

#: Expectations whose stated level is a time; a duration beside any other is not its level.
TIMED = frozenset(
    {"fast_delivery", "on_time", "fast_response", "fast_resolution", "proactive_updates", "follow_up"}
)
PRICED = frozenset({"fair_price", "transparent_price"})

#: Expectations that one clause can speak of.
MOST = 2

#: A clause counts as clearly positive or negative from this probability on.
CLEAR = 0.8


@dataclass(frozen=True)
class _Judged:
    """What the heads say of the parts of one text; the last row is the whole text."""

    spans: tuple[Span, ...]
    mention: Numbers
    met: Numbers
    positive: Numbers
    neutral: Numbers
    wish: Numbers


class Identifier:
    """Finds expectations in voices, batch by batch.

    Each clause and each whole text gets a vector; heads say which expectations a clause
    speaks of (two at most), whether they were met, and whether it is a wish, and what
    polarity the whole has. An expectation is mentioned if its calibrated probability in
    a clause reaches the threshold chosen on held-out text; its words are the clause
    where it is highest. The same voice gets the same answer in any batch.

    Parameters
    ----------
    encoder
        What turns sentences into vectors; see :func:`forvent.language.get_encoder`.
    detector
        What tells the language where the voice does not say it.
    """

    def __init__(self, encoder: Encoder, *, detector: LanguageDetector | None = None) -> None:
        self._encoder = encoder
        self._heads = load_heads(encoder.name)
        self._detector = detector or LanguageDetector()
        self._expectations = catalogue()

    def identify(self, voices: Sequence[Voice]) -> tuple[IdentifiedVoice, ...]:
        """What each voice of one batch says, in the order of the batch."""
        languages = [_given(voice) or self._detector.detect(voice.text).language for voice in voices]
        empty = [is_content_free(voice.text) for voice in voices]
        spans = [
            () if nothing else split_clauses(voice.text, language)
            for voice, language, nothing in zip(voices, languages, empty, strict=True)
        ]
        judged = self._judge([voice.text for voice in voices], spans, languages)
        return tuple(
            self._understand(voice, language, part)
            for voice, language, part in zip(voices, languages, judged, strict=True)
        )

    def _judge(
        self, texts: Sequence[str], spans: Sequence[tuple[Span, ...]], languages: Sequence[str]
    ) -> Iterator[_Judged | None]:
        parts: list[str] = []
        written: list[str] = []
        for text, cut, language in zip(texts, spans, languages, strict=True):
            if cut:
                parts.extend([*(span.of(text) for span in cut), text.strip()])
                written.extend([language] * (len(cut) + 1))
        if not parts:
            return iter([None] * len(texts))
        return self._rows(spans, self._heads.features(self._encoder.encode(parts), parts, written))

    def _rows(self, spans: Sequence[tuple[Span, ...]], features: Features) -> Iterator[_Judged | None]:
        heads = self._heads
        outputs = [
            head.probabilities(features)
            for head in (heads.mention, heads.met, heads.positive, heads.neutral, heads.wish)
        ]
        first = 0
        for cut in spans:
            if not cut:
                yield None
                continue
            last = first + len(cut) + 1
            mention, met, positive, neutral, wish = (output[first:last] for output in outputs)
            yield _Judged(cut, mention, met[:, 0], positive[:, 0], neutral[:, 0], wish[:, 0])
            first = last

    def _understand(self, voice: Voice, language: str, judged: _Judged | None) -> IdentifiedVoice:
        if judged is None:
            return IdentifiedVoice(voice.voice_id, language, "neutral", 1.0, True, ())
        polarity, confidence = voice_polarity(judged.positive, judged.neutral, heads=self._heads)
        mentions = tuple(self._mentions(voice, language, judged))
        return IdentifiedVoice(voice.voice_id, language, polarity, confidence, False, mentions)

    def _mentions(self, voice: Voice, language: str, judged: _Judged) -> Iterator[Mention]:
        spoken = most_likely(judged.mention[:-1])
        best = spoken.max(axis=0)
        for column in np.flatnonzero(best >= self._heads.mentioned_from(language)):
            record = self._expectations[self._heads.expectations[column]]
            clauses = spoken[:, column]
            where = int(clauses.argmax())
            span = judged.spans[where]
            quote = span.of(voice.text)
            level, experienced = _level(record.id, _sentence(voice.text, span, language), language)
            yield Mention(
                voice_id=voice.voice_id,
                expectation=record.id,
                polarity=self._polarity(judged, clauses, where=where, language=language),
                stated=level is not None or is_stated(quote, language),
                quote=quote,
                start=span.start,
                end=span.end,
                confidence=float(best[column]),
                language=language,
                touchpoint=voice.touchpoint or record.stage,
                stage=record.stage,
                level=level,
                experienced=experienced,
            )

    def _polarity(self, judged: _Judged, clauses: Numbers, *, where: int, language: str) -> str:
        """Met or unmet by the best clause; mixed where other clauses that speak of it clearly disagree."""
        if judged.wish[where] >= self._heads.wish_from:
            return "wished"
        speaking = np.flatnonzero(clauses >= self._heads.mentioned_from(language))
        good = judged.met[speaking]
        if (good >= CLEAR).any() and (good <= 1 - CLEAR).any():
            return "mixed"
        return "met" if judged.met[where] >= 0.5 else "unmet"


def identify(
    voices: Iterable[Voice], *, encoder: Encoder | str = "exact", batch: int = 256
) -> Iterator[IdentifiedVoice]:
    """What each voice says: language, polarity and mentions, one by one in their order.

    Parameters
    ----------
    voices
        Records with text; a voice without words comes back content-free.
    encoder
        An encoder or its name.
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
    Our own definition, ``docs/formulas.md#mention``.

    Examples
    --------
    >>> voice = Voice(voice_id="1", text="The waiter was rude to us.", row=2)
    >>> found = next(identify([voice]))
    >>> found.language, found.polarity, [(m.expectation, m.polarity) for m in found.mentions]
    ('en', 'negative', [('friendly_staff', 'unmet')])
    """
    identifier = Identifier(get_encoder(encoder) if isinstance(encoder, str) else encoder)
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
    Our own definition, ``docs/formulas.md#mention``.

    Examples
    --------
    >>> most_likely(np.array([[0.5, 0.2, 0.9]]), most=2).tolist()
    [[0.5, 0.0, 0.9]]
    """
    border = np.partition(mention, -most, axis=1)[:, [-most]]
    return np.where(mention >= border, mention, 0.0)


def voice_polarity(positive: Numbers, neutral: Numbers, *, heads: Heads) -> tuple[str, float]:
    """Polarity of a text from its parts, and the calibrated probability of it.

    Parameters
    ----------
    positive
        Probability of positive for each clause and, last, for the whole text, shape (n,).
    neutral
        Probability that there is no judgement, alike.
    heads
        For the threshold of neutral.

    Returns
    -------
    tuple of str and float
        ``neutral`` if the whole does not judge, ``mixed`` if clauses clearly disagree and the whole
        is undecided, else ``positive`` or ``negative``.

    Source
    ------
    Our own definition, ``docs/formulas.md#polarity``.
    """
    whole = float(positive[-1])
    if float(neutral[-1]) >= heads.neutral_from:
        return "neutral", float(neutral[-1])
    clauses = positive[:-1]
    torn = (clauses >= CLEAR).any() and (clauses <= 1 - CLEAR).any()
    if torn and 0.35 <= whole <= 0.65:
        return "mixed", float(1.0 - abs(2.0 * whole - 1.0))
    return ("positive", whole) if whole >= 0.5 else ("negative", 1.0 - whole)


def _given(voice: Voice) -> str | None:
    return voice.language.split("-")[0].lower() if voice.language else None


def _sentence(text: str, clause: Span, language: str) -> str:
    """The sentence a clause stands in: "promised 2 days, but took 5" needs both parts."""
    for sentence in split_sentences(text, language):
        if sentence.start <= clause.start and clause.end <= sentence.end:
            return sentence.of(text)
    return clause.of(text)


def _level(expectation: str, sentence: str, language: str) -> tuple[Level | None, Level | None]:
    """Stated and experienced level of the sentence, where it is of the kind this expectation has."""
    if expectation not in TIMED | PRICED:
        return None, None
    level, experienced = attach(sentence, language)
    return _fitting(level, expectation), _fitting(experienced, expectation)


def _fitting(level: Level | None, expectation: str) -> Level | None:
    if level is None or (level.seconds is not None) != (expectation in TIMED):
        return None
    return level
