"""Who is likely to be disappointed, or to leave, as versioned JSON."""

from __future__ import annotations

from forvent.records.prediction import Prediction
from forvent.report.versioned_json import json_text, jsonable

SCHEMA = "forvent/prediction/1"


def prediction_json(*, disappointment: Prediction | None = None, leaving: Prediction | None = None) -> str:
    """What is foretold, with its accuracy, as JSON text that programs can rely on.

    Parameters
    ----------
    disappointment
        Episodes that will probably disappoint; None where it was not asked for.
    leaving
        Customers who will probably leave; None alike.

    Returns
    -------
    str
        JSON with the keys ``schema``, ``disappointment`` and ``leaving``; every key is described in
        ``docs/predict.md``. Names of cases, customers and columns are as they came: untrusted input.

    Source
    ------
    Our own definition, docs/predict.md.

    Examples
    --------
    >>> prediction_json().split()
    ['{', '"schema":', '"forvent/prediction/1",', '"disappointment":', 'null,', '"leaving":', 'null', '}']
    """
    return json_text(
        {"schema": SCHEMA, "disappointment": jsonable(disappointment), "leaving": jsonable(leaving)}
    )
