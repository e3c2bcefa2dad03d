"""Cases with their probability as a table for a spreadsheet."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable

from forvent.reading import neutralise_cell
from forvent.records import NotEnough
from forvent.records.prediction import CasePrediction
from forvent.report.prediction_summary import fact_text

HEAD = (
    "case",
    "customer",
    "moment",
    "at",
    "probability",
    "low",
    "high",
    "n",
    "why_unknown",
    "goes_together_with",
    "value_at_risk",
)


def prediction_csv(cases: Iterable[CasePrediction]) -> str:
    """Cases, one a line, in the order they come; a cell that a spreadsheet would run is made harmless.

    Parameters
    ----------
    cases
        Cases in the order they are written.

    Returns
    -------
    str
        Comma-separated, first line the names; UTF-8 when written. Where nothing can be said the probability
        is empty and ``why_unknown`` says why.

    Source
    ------
    Our own definition, docs/predict.md; OWASP, "CSV Injection".

    Examples
    --------
    >>> prediction_csv([]).strip().split(",")[:3]
    ['case', 'customer', 'moment']
    """
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(HEAD)
    for case in cases:
        writer.writerow(_row(case))
    return text.getvalue()


def _row(case: CasePrediction) -> list[str | float | int]:
    found = case.probability
    numbers: list[str | float | int] = (
        ["", "", "", "", neutralise_cell(found.why)]
        if isinstance(found, NotEnough)
        else [*(round(end, 4) for end in (found.value, found.low, found.high)), found.n, ""]
    )
    return [
        neutralise_cell(case.case),
        neutralise_cell(case.customer or ""),
        case.moment,
        case.at.isoformat(sep=" "),
        *numbers,
        neutralise_cell("; ".join(fact_text(fact) for fact in case.facts)),
        "" if case.at_risk is None else round(case.at_risk.value, 2),
    ]
