"""Who is likely to be disappointed, or to leave, as versioned JSON."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import datetime
from json.encoder import encode_basestring
from math import isfinite

from forvent.records import Estimate, NotEnough
from forvent.records.prediction import CasePrediction, Prediction
from forvent.report.versioned_json import jsonable

SCHEMA = "forvent/prediction/1"
# Where the cases stand in a prediction without any; no text holds it, for JSON escapes line feeds.
_NO_CASES = '\n "cases": []'


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
        JSON with the keys ``schema``, ``disappointment`` and ``leaving``, each case on one line; every key is
        described in ``docs/predict.md``. Names of cases, customers and columns are as they came: untrusted
        input.

    Source
    ------
    Our own definition, docs/predict.md.

    Examples
    --------
    >>> prediction_json().split()
    ['{', '"schema":', '"forvent/prediction/1",', '"disappointment":', 'null,', '"leaving":', 'null', '}']
    """
    first, second = _text(disappointment), _text(leaving)
    return f'{{\n "schema": "{SCHEMA}",\n "disappointment": {first},\n "leaving": {second}\n}}\n'


def _text(prediction: Prediction | None) -> str:
    """A prediction indented by one; its cases are written by hand, which takes a tenth of the time."""
    if prediction is None:
        return "null"
    document = jsonable(replace(prediction, cases=()))
    whole = json.dumps(document, ensure_ascii=False, allow_nan=False, indent=1)
    before, empty, after = whole.partition(_NO_CASES)
    lines = ",\n".join(f"   {case}" for case in _cases(prediction.cases))
    cases = f'\n  "cases": [\n{lines}\n  ]' if lines else f"\n {empty[1:]}"
    return before.replace("\n", "\n ") + cases + after.replace("\n", "\n ")


def _cases(cases: Iterable[CasePrediction]) -> Iterator[str]:
    """A line of JSON a case, in their order; what is not known is null."""
    quoted, encoded = encode_basestring, json.JSONEncoder(ensure_ascii=False).encode
    told: dict[datetime, str] = {}
    for case in cases:
        # Thousands of cases are looked at at one moment.
        at = told.get(case.at) or told.setdefault(case.at, encoded(jsonable(case.at)))
        customer = "null" if case.customer is None else quoted(case.customer)
        yield (
            f'{{"case": {quoted(case.case)}, "customer": {customer}, "moment": {quoted(case.moment)}, '
            f'"at": {at}, "probability": {_number(case.probability)}, '
            f'"facts": {encoded(jsonable(case.facts)) if case.facts else "[]"}, '
            f'"at_risk": {"null" if case.at_risk is None else _number(case.at_risk)}}}'
        )


def _number(number: Estimate | NotEnough) -> str:
    if isinstance(number, NotEnough) or not isfinite(number.value + number.low + number.high):
        return json.dumps(jsonable(number), ensure_ascii=False)
    # NumPy's own floats would be written with their type.
    value, low, high, level = map(float, (number.value, number.low, number.high, number.level))
    return f'{{"value": {value}, "low": {low}, "high": {high}, "n": {number.n}, "level": {level}}}'
