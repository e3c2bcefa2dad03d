"""Who is likely to be disappointed, or to leave, for the terminal."""

from __future__ import annotations

from collections.abc import Iterator

from rich.console import Group, RenderableType
from rich.table import Table as Grid
from rich.text import Text

from forvent.records import Estimate, NotEnough
from forvent.records.prediction import CasePrediction, KnownFact, Prediction, PredictionAccuracy
from forvent.report.plain_text import plain_text, shortened
from forvent.report.summary import part_of_summary

CASES_SHOWN, RESTS_SHOWN = 10, 4
MOMENTS = {
    "start": "At the start",
    "waiting": "While the customer waits",
    "delivered": "At the delivery",
    "leaving": "Who buys nothing",
}


def prediction_summary(prediction: Prediction, *, title: str) -> RenderableType:
    """What is foretold and how good it was, readable without colour and at 80 columns, in English.

    Parameters
    ----------
    prediction
        What was found.
    title
        Heading.

    Returns
    -------
    RenderableType
        For ``rich.console.Console.print``; names from files are shown as text, never as markup.

    Source
    ------
    Our own definition, docs/predict.md.

    Examples
    --------
    >>> percent(Estimate(0.25, 0.2, 0.3, n=100))
    '25 % (20 to 30)'
    """
    parts: list[RenderableType] = [Text(title, style="bold"), Text(plain_text(prediction.definition))]
    for accuracy in prediction.accuracies:
        lines = [Text(line) for line in _lines(accuracy)]
        parts += part_of_summary(MOMENTS.get(accuracy.moment, accuracy.moment), lines)
    if prediction.cases:
        head = f"Open: {prediction.open_cases:,}"
        if prediction.order == "value_at_risk":
            head += ", by value at risk (probability of buying nothing × value if they go on)"
        parts += part_of_summary(head, [_nobody(prediction) or _cases(prediction)])
    else:
        parts += part_of_summary("Open", [Text("No case is without an outcome.")])
    notes = [f"“{plain_text(one.column)}” was left out: {one.why}." for one in prediction.left_out]
    notes += prediction.notes
    if notes:
        parts += part_of_summary("To be looked at", [Text(note) for note in notes])
    return Group(*parts)


def percent(share: Estimate) -> str:
    """A share with its interval in whole percent."""
    value, low, high = (f"{100 * end:.0f}" for end in (share.value, share.low, share.high))
    return f"{value} % ({low} to {high})"


def fact_text(fact: KnownFact) -> str:
    """A known fact in a few words: "promised_days 3 (up)"."""
    value = fact.value
    shown = "missing" if value is None else value if isinstance(value, str) else f"{value:.4g}"
    return f"{fact.column} {shown} ({'up' if fact.log_odds > 0 else 'down'})"


def _lines(accuracy: PredictionAccuracy) -> Iterator[str]:
    silent = accuracy.silent
    if silent is not None:
        more = f" ({silent.n:,} of {silent.needed:,} needed)" if silent.needed else ""
        yield f"Silent: {silent.why}{more}."
    if isinstance(accuracy.base_rate, Estimate):
        yield (
            f"Tested on {accuracy.cases:,} cases from {accuracy.tested_from:%Y-%m-%d} to "
            f"{accuracy.tested_until:%Y-%m-%d}; so it came in {percent(accuracy.base_rate)}."
        )
    if isinstance(accuracy.skill, Estimate) and isinstance(accuracy.brier, Estimate):
        yield (
            f"Brier score {accuracy.brier.value:.3f} ({accuracy.brier.low:.3f} to "
            f"{accuracy.brier.high:.3f}), {percent(accuracy.skill)} better than the base rate."
        )
    if isinstance(accuracy.auc, Estimate):
        yield f"Of two cases it ranks the right one higher (AUC) in {percent(accuracy.auc)}."
    if isinstance(accuracy.calibration_error, Estimate) and isinstance(accuracy.by_chance, Estimate):
        yield (
            f"Off by {100 * accuracy.calibration_error.value:.1f} points on average; by chance alone it "
            f"would be {100 * accuracy.by_chance.value:.1f}."
        )
    rests = [one for one in accuracy.rests_on if one.loss.low > 0.0][:RESTS_SHOWN]
    if rests:
        named = ", ".join(f"{plain_text(one.knowledge)} ({100 * one.loss.value:.1f})" for one in rests)
        yield f"It goes together with (points of skill lost without it): {named}."


def _nobody(prediction: Prediction) -> Text | None:
    """One line where nothing can be said of any case, and why is the same for all."""
    reasons = {
        case.probability.why if isinstance(case.probability, NotEnough) else "" for case in prediction.cases
    }
    (reason, *others) = reasons
    return None if others or not reason else Text(f"Nobody gets a probability: {plain_text(reason)}.")


def _cases(prediction: Prediction) -> RenderableType:
    grid = Grid.grid(padding=(0, 2))
    grid.add_column(max_width=20)
    grid.add_column(no_wrap=True)
    grid.add_column()
    for case in prediction.cases[:CASES_SHOWN]:
        grid.add_row(*(Text(cell) for cell in _cells(case)))
    return grid


def _cells(case: CasePrediction) -> tuple[str, str, str]:
    name = shortened(plain_text(case.case), most=20)
    if isinstance(case.probability, NotEnough):
        return name, "unknown", plain_text(case.probability.why)
    facts = plain_text("; ".join(fact_text(fact) for fact in case.facts))
    if case.at_risk is not None:
        risk = case.at_risk
        facts = f"{risk.value:,.0f} at risk ({risk.low:,.0f} to {risk.high:,.0f}); {facts}"
    return name, percent(case.probability), facts
