"""Who is likely to be disappointed: how good probabilities were, what they rest on, who is open."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from forvent.records import Estimate, Findings, NotEnough
from forvent.records.prediction import CasePrediction, KnownFact, Prediction, PredictionAccuracy, RestsOn
from forvent.report.pictures.reliability import ReliabilityWords, reliability_picture
from forvent.report.pictures.svg import round_ticks
from forvent.report.plain_text import plain_text, shortened
from forvent.report.sections.parts import DataTable, Pictures, data_table
from forvent.report.wording import Wording

CASES_SHOWN, FACTS_SHOWN = 8, 2
#: Days of the week as the locale numbers them.
_WEEKDAY, _HOUR, _MONTH = "weekday", "hour", "month"
_SHARES = ("lately_kept", "lately_disappointed", "earlier_late", "earlier_disappointed")
_NEGATIVE_OF = {"left_days": "passed_days", "days_late": "days_early"}


@dataclass(frozen=True, slots=True)
class CaseShown:
    """One open episode."""

    name: str
    moment: str
    probability: str
    facts: str


@dataclass(frozen=True, slots=True)
class RestsShown:
    """One kind of knowledge and what is lost without it."""

    name: str
    loss: str


@dataclass(frozen=True, slots=True)
class PredictionSection:
    """All that the section shows; no pictures where nothing speaks."""

    finding: str
    lede: str
    pictures: Pictures | None
    picture_name: str
    off: str
    bins: DataTable | None
    rests: tuple[RestsShown, ...]
    cases: tuple[CaseShown, ...]
    open_said: str
    moments: DataTable | None
    left_out: tuple[str, ...]


def prediction_section(findings: Findings, *, wording: Wording) -> PredictionSection | None:
    """The moment that tells most, with its reliability; None where no episode has an outcome."""
    prediction = findings.prediction
    if prediction is None or not prediction.accuracies:
        return None
    best = best_moment(prediction)
    tried = [one for one in prediction.accuracies if isinstance(one.skill, Estimate)]
    return PredictionSection(
        finding=prediction_finding(prediction, wording=wording),
        lede=_lede(best or (tried[0] if tried else None), wording),
        pictures=None if best is None else _pictures(best, wording),
        picture_name="" if best is None else _of_moment("picture", best, wording),
        off="" if best is None else _off(best, wording),
        bins=None if best is None else _bins(best, wording),
        rests=() if best is None else _rests(best.rests_on, wording),
        cases=_cases(prediction, wording),
        open_said=_open_said(prediction, wording),
        moments=_moments(tried, wording),
        left_out=tuple(_remarks(prediction, wording)),
    )


def _remarks(prediction: Prediction, wording: Wording) -> Iterator[str]:
    """Columns that were left out, why a moment is silent, and what else was noticed."""
    for one in prediction.left_out:
        why = wording.looked_up("prediction_reasons", one.why)
        yield wording.say("prediction.left_out", column=plain_text(one.column), why=why)
    for tried in prediction.accuracies:
        if tried.silent is not None:
            why = wording.looked_up("prediction_silent", tried.silent.why)
            moment = wording.say(f"prediction.moments.{tried.moment}")
            yield wording.say("prediction.silent", moment=f"{moment[0].upper()}{moment[1:]}", why=why)
    for note in prediction.notes:
        yield wording.looked_up("prediction_notes", note)


def best_moment(prediction: Prediction) -> PredictionAccuracy | None:
    """The moment with the highest skill among those that may speak."""
    speaking = [one for one in prediction.accuracies if one.silent is None]
    return max(speaking, key=_skill, default=None)


def prediction_finding(prediction: Prediction, *, wording: Wording) -> str:
    """The heading: at which moment it can be told, or that it cannot, or that it is not known."""
    best = best_moment(prediction)
    if best is not None and isinstance(best.auc, Estimate):
        return wording.say(f"prediction.finding_{best.moment}", auc=wording.share_value(best.auc))
    if any(isinstance(one.skill, Estimate) for one in prediction.accuracies):
        return wording.say("prediction.finding_none")
    return wording.say("prediction.finding_unknown")


def open_line(prediction: Prediction, *, wording: Wording) -> str:
    """The open episode that is likeliest to disappoint; empty where none can be told."""
    first = next((one for one in prediction.cases if isinstance(one.probability, Estimate)), None)
    if first is None or isinstance(first.probability, NotEnough):
        return ""
    return wording.say(
        "prediction.first",
        name=shortened(plain_text(first.case), most=40),
        probability=wording.share_range(first.probability),
    )


def _skill(accuracy: PredictionAccuracy) -> float:
    return accuracy.skill.value if isinstance(accuracy.skill, Estimate) else 0.0


def _of_moment(key: str, accuracy: PredictionAccuracy, wording: Wording) -> str:
    return wording.say(f"prediction.{key}", moment=wording.say(f"prediction.moments.{accuracy.moment}"))


def _lede(accuracy: PredictionAccuracy | None, wording: Wording) -> str:
    if accuracy is None or accuracy.tested_from is None or accuracy.tested_until is None:
        return ""
    return wording.say(
        "prediction.lede",
        count=wording.counted("episodes", accuracy.cases),
        first=wording.date(accuracy.tested_from),
        last=wording.date(accuracy.tested_until),
        share=wording.share_range(accuracy.base_rate, noun="episodes"),
    )


def _off(accuracy: PredictionAccuracy, wording: Wording) -> str:
    error, chance = accuracy.calibration_error, accuracy.by_chance
    if isinstance(error, NotEnough) or isinstance(chance, NotEnough):
        return ""
    return wording.say(
        "prediction.off",
        points=wording.points(error.value, decimals=1),
        chance=wording.points(chance.value, decimals=1),
    )


def _known_bins(accuracy: PredictionAccuracy) -> list[tuple[float, Estimate]]:
    bins = accuracy.reliability
    return [(one.predicted, one.observed) for one in bins if isinstance(one.observed, Estimate)]


def _pictures(accuracy: PredictionAccuracy, wording: Wording) -> Pictures | None:
    bins = _known_bins(accuracy)
    if len(bins) < 2:
        return None
    most = min(1.0, max([*(observed.high for _, observed in bins), *(share for share, _ in bins)]) * 1.05)
    ticks = [tick for tick in round_ticks(0.0, high=most, most=6) if tick < most - 1e-9]
    step = ticks[1] - ticks[0] if len(ticks) > 1 else most
    ticks.append(min(1.0, ticks[-1] + step))
    words = ReliabilityWords(
        says=wording.say(
            "prediction.alternative",
            low=wording.percent(bins[0][0]),
            low_came=wording.share_range(bins[0][1], noun="episodes"),
            high=wording.percent(bins[-1][0]),
            high_came=wording.share_range(bins[-1][1], noun="episodes"),
        ),
        across=wording.say("prediction.across"),
        upward=wording.say("prediction.upward"),
        ticks=tuple((tick, wording.percent(tick)) for tick in dict.fromkeys(ticks)),
    )
    return Pictures(
        wide=reliability_picture(bins, words=words),
        narrow=reliability_picture(bins, words=words, narrow=True),
    )


def _bins(accuracy: PredictionAccuracy, wording: Wording) -> DataTable:
    return data_table(
        wording.say("prediction.bins"),
        head=[wording.say(f"prediction.heads.{key}") for key in ("given", "came", "count")],
        rows=[
            (wording.percent(given, decimals=1), wording.share_range(came), wording.number(came.n))
            for given, came in _known_bins(accuracy)
        ],
    )


def _rests(rests_on: Sequence[RestsOn], wording: Wording) -> tuple[RestsShown, ...]:
    """Only what surely counts: the whole interval of the loss lies above nothing."""
    return tuple(
        RestsShown(knowledge_name(one.knowledge, wording=wording), _points_range(one.loss, wording))
        for one in rests_on
        if one.loss.low > 0.0
    )


def knowledge_name(kind: str, *, wording: Wording) -> str:
    """A kind of knowledge in words; a column of the file by its own name."""
    known = wording.looked_up("prediction_knowledge", kind)
    return wording.say("prediction.column", name=plain_text(kind)) if known == kind else known


def _points_range(amount: Estimate, wording: Wording) -> str:
    value, low, high = (
        wording.number(100 * end, decimals=1) for end in (amount.value, amount.low, amount.high)
    )
    return wording.say("numbers.range", value=value, low=low, high=high)


def _cases(prediction: Prediction, wording: Wording) -> tuple[CaseShown, ...]:
    return tuple(
        CaseShown(
            name=shortened(plain_text(case.case), most=40),
            moment=wording.say(f"prediction.moments.{case.moment}"),
            probability=wording.share_range(case.probability),
            facts=_facts(case, wording),
        )
        for case in prediction.cases[:CASES_SHOWN]
        if isinstance(case.probability, Estimate)
    )


def _facts(case: CasePrediction, wording: Wording) -> str:
    """What is known and goes together with a higher probability."""
    higher = [fact for fact in case.facts if fact.log_odds > 0.0 and fact.value is not None][:FACTS_SHOWN]
    return wording.say("prediction.between").join(fact_said(fact, wording=wording) for fact in higher)


def fact_said(fact: KnownFact, *, wording: Wording) -> str:
    """A known fact with its value: "promised for: 3 days"."""
    if isinstance(fact.value, str):
        return wording.say(
            "prediction.fact", name=plain_text(fact.column), value=shortened(plain_text(fact.value), most=40)
        )
    value, key = float(fact.value or 0.0), fact.column
    if value < 0.0 and key in _NEGATIVE_OF:
        key, value = _NEGATIVE_OF[key], -value
    name = wording.looked_up("prediction_facts", key)
    return wording.say(
        "prediction.fact", name=plain_text(name), value=_value_said(key, value=value, wording=wording)
    )


def _value_said(key: str, *, value: float, wording: Wording) -> str:
    if key == _WEEKDAY:
        return str(wording.locale.days["stand-alone"]["wide"][int(value) % 7])
    if key == _MONTH:
        return str(wording.locale.months["stand-alone"]["wide"][int(value)])
    if key in _SHARES:
        return wording.percent(value)
    if key.endswith("days") or key in {"earlier_days_since", "days_late", "days_early"}:
        return wording.duration(round(value, 1))
    return wording.number(value, decimals=0 if value == round(value) else 1)


def _open_said(prediction: Prediction, wording: Wording) -> str:
    if not prediction.open_cases:
        return wording.say("prediction.open_none")
    known = sum(isinstance(case.probability, Estimate) for case in prediction.cases)
    count = wording.counted("prediction_open", prediction.open_cases)
    return wording.say("prediction.open" if known else "prediction.open_silent", count=count)


def _moments(tried: Sequence[PredictionAccuracy], wording: Wording) -> DataTable | None:
    if not tried:
        return None
    heads = ("moment", "count", "share", "skill", "auc", "off", "speaks")
    return data_table(
        wording.say("prediction.table"),
        head=[wording.say(f"prediction.heads.{key}") for key in heads],
        rows=[_moment_row(one, wording) for one in tried],
    )


def _moment_row(one: PredictionAccuracy, wording: Wording) -> tuple[str, ...]:
    def points(amount: Estimate | NotEnough) -> str:
        return (
            wording.say("numbers.none") if isinstance(amount, NotEnough) else _points_range(amount, wording)
        )

    return (
        wording.say(f"prediction.moments.{one.moment}"),
        wording.counted("episodes", one.cases),
        wording.share_range(one.base_rate, noun="episodes"),
        points(one.skill),
        wording.share_range(one.auc, noun="episodes"),
        points(one.calibration_error),
        wording.say("prediction.speaks_yes" if one.silent is None else "prediction.speaks_no"),
    )
