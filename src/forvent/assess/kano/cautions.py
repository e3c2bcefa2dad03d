"""What makes the answers to a Kano questionnaire doubtful."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from forvent.assess.kano.cells import Cells, kind_counts

UPSIDE_DOWN = "upside_down"
QUESTIONABLE_MANY = "questionable"
MISSING = "missing"
SAME_ANSWER = "same_answer"
ONE_RESPONDENT = "one_respondent"

#: Shares from which on something is said.
MANY_QUESTIONABLE, MANY_SAME, MANY_MISSING = 0.1, 0.1, 0.5


@dataclass(frozen=True, slots=True)
class Sheets:
    """Filled-in questionnaires, those that give one answer throughout, and pairs that they lack."""

    count: int
    same: int
    lacking: int


def upside_down(cells: Cells) -> bool:
    """Whether the answers look as if "like" and "dislike", or the two questions, had been exchanged.

    Then most features come out reverse: nearly everything asked about would be unwanted. It is so where
    reverse pairs outnumber those of basic, performance and excitement together, both in all and in more than
    half of the features with such pairs. It cannot tell an exchanged scale from exchanged questions, nor
    from a questionnaire about nuisances.

    Parameters
    ----------
    cells
        Counts, shape (features, 5, 5).

    Returns
    -------
    bool
        False also where nobody answered.

    Source
    ------
    Our own definition, docs/formulas/assess-kano.md#cautions.

    Examples
    --------
    >>> cells = np.zeros((2, 5, 5), dtype=np.int64)
    >>> cells[:, 2, 4] = 20
    >>> upside_down(cells), upside_down(cells[:, ::-1, ::-1])
    (False, True)
    """
    counted = [kind_counts(one) for one in cells]
    wanted = np.array([one.basic + one.performance + one.excitement for one in counted])
    reverse = np.array([one.reverse for one in counted])
    telling = wanted + reverse > 0
    turned = int((reverse > wanted).sum())
    return bool(reverse.sum() > wanted.sum() and turned > telling.sum() / 2)


def kano_cautions(cells: Cells, *, sheets: Sheets, scale_known: bool) -> tuple[str, ...]:
    """Names of what makes the answers doubtful.

    ======================  ==================================================================
    ``upside_down``         most features come out reverse, and nobody said which way the scale runs
    ``questionable``        a tenth of the pairs or more contradict themselves
    ``missing``             half of the pairs or more are missing
    ``same_answer``         a tenth of the sheets or more give one answer to everything
    ``one_respondent``      there is one sheet only
    ======================  ==================================================================

    Parameters
    ----------
    cells
        Counts, shape (features, 5, 5).
    sheets
        How the questionnaires were filled in.
    scale_known
        Whether somebody said which way the scale runs.

    Returns
    -------
    tuple of str
        In the order of the table; empty where nothing is doubtful.

    Source
    ------
    Our own definition, docs/formulas/assess-kano.md#cautions.

    Examples
    --------
    >>> cells = np.zeros((1, 5, 5), dtype=np.int64)
    >>> cells[0, 0, 0] = 1
    >>> kano_cautions(cells, sheets=Sheets(1, 0, 0), scale_known=True)
    ('questionable', 'one_respondent')
    """
    pairs = int(cells.sum())
    questionable = int(cells[:, [0, 4], [0, 4]].sum())
    found = {
        UPSIDE_DOWN: not scale_known and upside_down(cells),
        QUESTIONABLE_MANY: pairs > 0 and questionable >= MANY_QUESTIONABLE * pairs,
        MISSING: sheets.lacking > 0 and sheets.lacking >= MANY_MISSING * (pairs + sheets.lacking),
        SAME_ANSWER: sheets.count > 1 and sheets.same >= MANY_SAME * sheets.count and sheets.same > 0,
        ONE_RESPONDENT: sheets.count == 1,
    }
    return tuple(name for name, doubtful in found.items() if doubtful)
