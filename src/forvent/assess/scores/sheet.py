"""All scores of one column of answers: of all, of segments, of waves, and from wave to wave."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from forvent.assess.judgements import Codes, Flags
from forvent.assess.scores.changes import score_change
from forvent.assess.scores.definitions import Measure
from forvent.assess.scores.limits import Moments, estimate_of
from forvent.assess.scores.moments import AnswerSums, moments, sums_of
from forvent.assess.scores.weights import Weighed
from forvent.records import Estimate, NotEnough
from forvent.records.scores import ScoreChange, ScoreGroup, SurveyScore
from forvent.stats import benjamini_hochberg

#: Answers, and customers where they answer more than once, that a score needs at least.
LEAST_ANSWERS, LEAST_CUSTOMERS = 3, 5
CLUSTERED = "; answers of one customer kept together in the interval"
HIGHER, LOWER, NO_CHANGE, NOT_ENOUGH = "higher", "lower", "no visible change", "not enough data"


@dataclass(frozen=True, slots=True, eq=False)
class Cut:
    """Groups of one column: code of each distinct answer, −1 where it has none, shape (k,)."""

    column: str
    groups: tuple[str, ...]
    codes: Codes


def column_scores(
    measures: Sequence[Measure],
    samples: Sequence[Weighed],
    *,
    cuts: Sequence[Cut] = (),
    level: float = 0.95,
    false_share: float = 0.05,
) -> tuple[tuple[ScoreGroup, ...], tuple[ScoreChange, ...]]:
    """Scores of every group of every sample, and their changes from wave to wave.

    Parameters
    ----------
    measures
        The scores.
    samples
        All answers together first, then each wave in order of time.
    cuts
        Segments: codes over the answers that the ``inside`` of the samples is of.
    level
        Confidence level, inside (0, 1).
    false_share
        False discovery rate at which a change is called one.

    Returns
    -------
    tuple
        Groups (samples in order, all before segments) and changes.

    Source
    ------
    Our own definition, docs/formulas/assess-scores.md#groups; changes by Benjamini & Hochberg (1995), JRSS B
    57(1), 289–300.

    Examples
    --------
    >>> from forvent.assess.scores.definitions import CSAT
    >>> from forvent.assess.scores.weights import weighed
    >>> from forvent.assess.scores.moments import Answers
    >>> kept = Answers.of([1.0], times=[3])
    >>> groups, changes = column_scores([CSAT], [weighed(kept)])
    >>> round(groups[0].scores[0].estimate.low, 2), groups[0].scores[0].estimate.high
    (0.44, 1.0)
    """
    parts = [part for sample in samples for part in _parts(sample, cuts, measures=measures, level=level)]
    groups = tuple(part.record(measures, level=level) for part in parts)
    waves = {part.key: part for part in parts if part.sample.wave is not None}
    names = [sample.wave for sample in samples if sample.wave is not None]
    places = list(dict.fromkeys((part.segment, part.group) for part in waves.values()))
    found = [
        change
        for place in places
        for before, after in itertools.pairwise(names)
        if (*place, before) in waves and (*place, after) in waves
        for change in _changes(measures, waves[*place, before], waves[*place, after], level=level)
    ]
    return groups, _judged(found, false_share=false_share)


@dataclass(frozen=True, eq=False)
class _Part:
    """One group of one sample with the moments of each score."""

    sample: Weighed
    segment: str | None
    group: str | None
    sums: AnswerSums
    moments: tuple[Moments, ...]

    @property
    def key(self) -> tuple[str | None, str | None, str | None]:
        return self.segment, self.group, self.sample.wave

    @property
    def lacking(self) -> NotEnough | None:
        """Why there is no number; None where there is one."""
        found = self.moments[0]
        if found.customers < found.n and found.customers < LEAST_CUSTOMERS:
            return NotEnough(found.customers, LEAST_CUSTOMERS, "too few customers")
        if found.n < LEAST_ANSWERS:
            return NotEnough(found.n, LEAST_ANSWERS, "too few answers")
        return None

    def record(self, measures: Sequence[Measure], *, level: float) -> ScoreGroup:
        found, lacking = self.moments[0], self.lacking
        suffix = self.sample.suffix + (CLUSTERED if found.customers < found.n else "")
        return ScoreGroup(
            segment=self.segment,
            group=self.group,
            wave=self.sample.wave,
            answers=found.n,
            customers=found.customers,
            scores=tuple(
                SurveyScore(
                    name=measure.name,
                    estimate=lacking or estimate_of(measure, one, level=level),
                    unit=measure.unit,
                    definition=measure.definition + suffix,
                    effective=None if lacking else one.effective,
                )
                for measure, one in zip(measures, self.moments, strict=True)
            ),
        )


def _parts(
    sample: Weighed, cuts: Sequence[Cut], *, measures: Sequence[Measure], level: float
) -> Sequence[_Part]:
    if not sample.answers.value.size:
        return []
    made = [_part(sample, None, None, inside=None, measures=measures, level=level)]
    for cut in cuts:
        codes = cut.codes[sample.inside]
        present = np.unique(codes[codes >= 0])
        made += [
            _part(sample, cut.column, cut.groups[code], inside=codes == code, measures=measures, level=level)
            for code in present.tolist()
        ]
    return made


def _part(
    sample: Weighed,
    segment: str | None,
    group: str | None,
    *,
    inside: Flags | None,
    measures: Sequence[Measure],
    level: float,
) -> _Part:
    sums = sums_of(sample.answers, inside=inside, raked=sample.raked)
    return _Part(sample, segment, group, sums, moments(measures, sums, level=level))


def _changes(
    measures: Sequence[Measure], before: _Part, after: _Part, *, level: float
) -> Sequence[tuple[ScoreChange, float | None]]:
    both, correlations = _shared(measures, before, after)
    lacking = before.lacking or after.lacking
    made: list[tuple[ScoreChange, float | None]] = []
    for measure, first, second, correlation in zip(
        measures, before.moments, after.moments, correlations, strict=True
    ):
        difference: Estimate | NotEnough
        difference, p = lacking or NotEnough(0, 1, ""), None
        if lacking is None:
            difference, p = score_change(measure, first, second, correlation=correlation, level=level)
        change = ScoreChange(
            segment=before.segment,
            group=before.group,
            name=measure.name,
            unit="points" if measure.unit == "points" else "share" if measure.unit == "share" else "steps",
            earlier=before.sample.wave or "",
            later=after.sample.wave or "",
            difference=difference,
            both=both,
            rate=None,
            verdict=NOT_ENOUGH,
        )
        made.append((change, p))
    return made


def _shared(measures: Sequence[Measure], before: _Part, after: _Part) -> tuple[int, Sequence[float]]:
    """Customers who answered in both waves, and the correlation of the errors that they cause."""
    first, second = before.sums, after.sums
    if first.codes is None or second.codes is None:
        return 0, [0.0] * len(measures)
    shared, here, there = np.intersect1d(first.codes, second.codes, assume_unique=True, return_indices=True)
    if shared.size == 0:
        return 0, [0.0] * len(measures)
    moved, later = first.moved(measures), second.moved(measures)
    errors = np.sqrt(np.einsum("ij,ij->j", moved, moved) * np.einsum("ij,ij->j", later, later))
    both = np.einsum("ij,ij->j", moved[here], later[there])
    found = np.divide(both, errors, out=np.zeros_like(both), where=errors > 0.0)
    return shared.size, np.clip(found, -1.0, 1.0).tolist()


def _judged(
    found: Sequence[tuple[ScoreChange, float | None]], *, false_share: float
) -> tuple[ScoreChange, ...]:
    """Verdicts; a family is one score over all groups of one segment column, or of all answers."""
    families: dict[tuple[str, str | None], list[int]] = {}
    for place, (change, p) in enumerate(found):
        if p is not None:
            families.setdefault((change.name, change.segment), []).append(place)
    made = [change for change, _ in found]
    for places in families.values():
        rates = benjamini_hochberg([found[place][1] or 0.0 for place in places]).tolist()
        for place, rate in zip(places, rates, strict=True):
            made[place] = _called(made[place], rate=rate, false_share=false_share)
    return tuple(made)


def _called(change: ScoreChange, *, rate: float, false_share: float) -> ScoreChange:
    if not isinstance(change.difference, Estimate):
        return change
    called = HIGHER if change.difference.value > 0 else LOWER
    return replace(change, rate=rate, verdict=called if rate <= false_share else NO_CHANGE)
