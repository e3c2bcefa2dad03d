"""What a reader of scores should know before believing them, in plain sentences."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from forvent.assess.scores.direction import ONE_OF_TWO, UPSIDE_DOWN
from forvent.records import Estimate, ReadingReport, Scale
from forvent.records.scores import ColumnScores, ScaleCheck, Weighting

#: Weights that cost more than half of the answers are worth a word.
COSTLY = 2.0


def column_cautions(
    column: str,
    *,
    scale: Scale,
    answers: Mapping[str, int],
    check: ScaleCheck,
    weighting: Sequence[Weighting],
    notes: Sequence[str],
) -> tuple[str, ...]:
    """Cautions on one column: its scale, answers that do not vary, and weights."""
    return (
        *notes,
        *_on_scale(column, scale=scale, check=check),
        *_on_answers(answers),
        *(text for one in weighting for text in _on_weights(one)),
    )


def file_cautions(
    report: ReadingReport, *, answers: int, customers: int, columns: Sequence[ColumnScores]
) -> tuple[str, ...]:
    """Cautions on the whole file: guessed columns and repeated customers."""
    found = [
        f"“{report.mapping[field]}” was taken for the {field}; name another with --{field}."
        for field in report.guessed
        if field in report.mapping
    ]
    if customers < answers:
        found.append(
            f"{answers:,} answers came from {customers:,} customers; answers of one customer count together."
        )
    if len(columns) > 1 and any(column.changes for column in columns):
        found.append(
            "False changes are limited within each column of answers, not over all of them together."
        )
    return tuple(found)


def _on_scale(column: str, *, scale: Scale, check: ScaleCheck) -> list[str]:
    found = []
    if scale.low > scale.high:
        found.append(
            f"“{column}”: {scale.high:g} was read as the best answer and {scale.low:g} as the worst."
        )
    if check.verdict in (UPSIDE_DOWN, ONE_OF_TWO) and isinstance(check.correlation, Estimate):
        others = ", ".join(f"“{name}”" for name in check.against[:3])
        more = f" and {len(check.against) - 3} more" if len(check.against) > 3 else ""
        which = "it" if check.verdict == UPSIDE_DOWN else "one of the two"
        found.append(
            f"“{column}” runs against {others}{more} (correlation −{abs(check.correlation.value):.2f}): "
            f"{which} looks upside down. It was not turned; if {scale.low:g} is the best answer, "
            f"write --scale {scale.high:g}..{scale.low:g}."
        )
    elif "effort" in column.lower() and scale.low < scale.high:
        found.append(
            f"“{column}”: {scale.high:g} was read as the least effort; if it is the most, write "
            f"--scale {scale.high:g}..{scale.low:g}."
        )
    return found


def _on_answers(answers: Mapping[str, int]) -> list[str]:
    n = sum(answers.values())
    return [f"All {n:,} answers are {next(iter(answers))}."] if len(answers) == 1 and n > 1 else []


def _on_weights(found: Weighting) -> list[str]:
    where = "" if found.wave is None else f" in “{found.wave}”"
    texts = []
    if not found.converged:
        texts.append(
            f"No weights meet all margins{where}: after {found.iterations:,} rounds a share is still off by "
            f"{found.largest_miss:.1%}. Join small groups."
        )
    if found.design_effect > COSTLY:
        texts.append(
            f"Weighting makes {found.answers:,} answers{where} worth {found.effective:,.0f}; "
            f"the largest weight is {found.largest:.1f} times the mean."
        )
    if found.unplaced:
        texts.append(
            f"{found.unplaced:,} answers{where} have no value in {' or '.join(found.margins)} "
            "and are left out."
        )
    return texts
