"""Answers with the weights that they count with, and the report of how these came about."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from forvent.assess.judgements import Codes, Flags
from forvent.assess.scores.moments import Answers
from forvent.assess.scores.raking import Raked, kish, rake
from forvent.errors import BadOption
from forvent.records.scores import Weighting

RAKED, WEIGHTED = "; weighted to known margins", "; weighted"


@dataclass(frozen=True, slots=True)
class Margin:
    """Known shares of the groups of one column; ``codes`` of :class:`Cut` index ``groups``."""

    column: str
    groups: tuple[str, ...]
    shares: tuple[float, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Weighed:
    """Answers with their final weights, and how these came about; ``wave`` is None for all together.

    ``inside`` marks the answers of a larger set that these are, so that cuts of that set fit them.
    """

    answers: Answers
    raked: Raked | None
    inside: Flags
    wave: str | None = None
    weighting: Weighting | None = None

    @property
    def suffix(self) -> str:
        """What the definition of a score says of the weights."""
        if self.raked is not None:
            return RAKED
        return WEIGHTED if self.weighting is not None else ""


def weighed(
    answers: Answers,
    *,
    cells: Codes | None = None,
    margins: Sequence[Margin] = (),
    inside: Flags | None = None,
    wave: str | None = None,
) -> Weighed:
    """Answers brought to known margins; as they are where there are none.

    Parameters
    ----------
    answers
        All answers; ``cell`` indexes the rows of ``cells``, −1 where an answer has no group of some margin.
        Such answers cannot be weighted and are left out.
    cells
        Group of each cell in each margin, shape (cells, margins).
    margins
        Known shares of the groups.
    inside
        The answers that are meant, such as those of one wave; None for all.
    wave
        Their name.

    Returns
    -------
    Weighed
        Weights with a mean of 1, and the report of how they came about.

    Raises
    ------
    BadOption
        If a margin names a group that no answer is in, or its shares do not sum to 1.

    Source
    ------
    Deming & Stephan (1940), Annals of Mathematical Statistics 11(4), 427–444; Kish (1965), section 11.7.

    Examples
    --------
    >>> thirty = Answers.of([1.0, 0.0], times=[20, 10], cell=np.array([0, 1]))
    >>> half = Margin("sex", ("woman", "man"), (0.5, 0.5))
    >>> made = weighed(thirty, cells=np.array([[0], [1]]), margins=[half])
    >>> made.answers.weight.tolist(), round(made.weighting.effective, 1)
    ([0.75, 1.5], 26.7)
    """
    chosen = np.ones(answers.value.size, dtype=np.bool_) if inside is None else inside.copy()
    if cells is None or answers.cell is None:
        kept = answers.chosen(chosen)
        return Weighed(kept, None, chosen, wave, _column_weighting(kept, wave=wave))
    unplaced = int(answers.times[chosen & (answers.cell < 0)].sum())
    chosen &= answers.cell >= 0
    kept = answers.chosen(chosen)
    seen, cell = np.unique(answers.cell[chosen], return_inverse=True)
    kept = replace(kept, cell=cell.astype(np.int64))
    mass = np.bincount(cell, weights=kept.times * kept.weight, minlength=seen.size).astype(np.float64)
    _check_margins(cells[seen], margins, wave=wave)
    raked = rake(cells[seen], mass, margins=[np.array(margin.shares) for margin in margins])
    kept = kept.weighted(kept.weight * raked.factor[cell])
    made = _weighting(kept, wave=wave)
    report = replace(
        made,
        margins=tuple(margin.column for margin in margins),
        unplaced=unplaced,
        iterations=raked.iterations,
        converged=raked.converged,
        largest_miss=raked.largest_miss,
    )
    return Weighed(kept, raked, chosen, wave, report)


def _column_weighting(answers: Answers, *, wave: str | None) -> Weighting | None:
    if not answers.weight.size or np.ptp(answers.weight) == 0.0:
        return None
    return _weighting(answers, wave=wave)


def _weighting(answers: Answers, *, wave: str | None) -> Weighting:
    n = float(answers.times.sum())
    mean = float(answers.times @ answers.weight) / n
    effective = kish(answers.weight, answers.times)
    return Weighting(
        wave=wave,
        margins=(),
        answers=round(n),
        unplaced=0,
        iterations=0,
        converged=True,
        largest_miss=0.0,
        effective=effective,
        design_effect=n / effective,
        smallest=float(answers.weight.min()) / mean,
        largest=float(answers.weight.max()) / mean,
    )


def _check_margins(cells: Codes, margins: Sequence[Margin], *, wave: str | None) -> None:
    """Every group of a margin must have someone who speaks for it."""
    where = "" if wave is None else f" in “{wave}”"
    for place, margin in enumerate(margins):
        empty = set(range(len(margin.groups))) - set(cells[:, place].tolist())
        for code in sorted(empty):
            if margin.shares[code] > 0.0:
                raise BadOption(
                    f"Nobody who answered{where} is in “{margin.groups[code]}” of “{margin.column}”, "
                    f"in which {margin.shares[code]:.1%} of all are.",
                    hint="Join it with another group in the file of margins and in the answers.",
                )
