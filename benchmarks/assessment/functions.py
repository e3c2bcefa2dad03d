"""What the functions of assess are measured on: a million answers in memory, and the call that is timed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pyarrow as pa
import pyarrow.parquet
from benchmarks.assessment.invented import TOUCHPOINTS, paired, purchases, questionnaire, survey

from forvent.assess.drivers import Answers as Rated
from forvent.assess.drivers import drivers
from forvent.assess.kano import cell_counts, kano_cells, kano_features
from forvent.assess.loyalty import fit_candidates, forecast, histories_of_days
from forvent.assess.scores import Answers, asked_measures, column_scores, weighed
from forvent.assess.surveyed import GapChoices, survey_cut, survey_gaps, survey_of
from forvent.engine import Engine
from forvent.reading.kano import read_kano
from forvent.reading.kano_layout import KanoColumns
from forvent.records import Scale, SurveyPair

Work = Callable[[], object]
UNTIL = np.datetime64("2025-06-30")


def gap(count: int) -> Work:
    """Gaps of fifteen pairs, their reliability by bootstrap, and the same by shop."""
    table = paired(count)
    columns = {"customer": pa.nulls(count, pa.string()), "shop": table["shop"]}
    for place in range(TOUCHPOINTS):
        for part in ("expected", "received"):
            columns[f"{part}_{place}"] = table[f"part {place} {part}"].cast(pa.float64())
    answers, choices = pa.table(columns), GapChoices()
    pairs = tuple(SurveyPair(f"part {place}", f"e{place}", f"r{place}") for place in range(TOUCHPOINTS))

    def work() -> object:
        held = survey_of(answers, pairs=pairs, scale=(1.0, 7.0), choices=choices)
        rng = np.random.default_rng(1)
        gaps = survey_gaps(held, answers=answers, halves=[(0, 0)] * TOUCHPOINTS, choices=choices, rng=rng)
        return gaps, survey_cut(held, values=answers["shop"], column="shop", kind="segment", choices=choices)

    return work


def kano(count: int) -> Work:
    """Cells and kinds of fifteen features."""
    with TemporaryDirectory() as home:
        file = Path(home) / "answers.parquet"
        pyarrow.parquet.write_table(questionnaire(count), file)
        answers = read_kano(file, wanted=KanoColumns({}, (), None, None, None))

    def work() -> object:
        with Engine() as engine:
            collected = engine.collect(kano_cells(engine.table(answers.table)))
        cells = cell_counts(collected, features=answers.features)
        return kano_features(cells.counts.reshape(-1, 5, 5), names=answers.features)

    return work


def importance(count: int) -> Work:
    """Drivers of overall satisfaction: importance, penalty, reward and asymmetry, by bootstrap."""
    table = survey(count)
    names = tuple(f"touchpoint {place}" for place in range(TOUCHPOINTS))
    ratings = np.stack([(table[name].to_numpy() - 1.0) / 4.0 for name in names], axis=1)
    states = np.select([ratings < 0.5, ratings == 0.5], [0, 1], 2).astype(np.int8)
    overall = (table["overall"].to_numpy() - 1.0) / 4.0
    answers = Rated(names, overall, ratings, states, np.arange(count))
    return lambda: drivers(answers, overall="overall", rng=np.random.default_rng(1), rounds=2000)


def scores(count: int) -> Work:
    """CSAT and net scores of fifteen columns."""
    table = survey(count)
    ratings = [(table[f"touchpoint {place}"].to_numpy() - 1.0) / 4.0 for place in range(TOUCHPOINTS)]
    measures = asked_measures(["csat", "net"], scale=Scale(1, 5))
    return lambda: [column_scores(measures, [weighed(Answers.of(rating))]) for rating in ratings]


def loyalty(count: int) -> Work:
    """Four models fitted to the purchases known, and the purchases of the next 90 days."""
    table = purchases(count)
    who = table["customer"].combine_chunks().dictionary_encode().indices.to_numpy()
    day = table["date"].to_numpy(zero_copy_only=False).astype("datetime64[D]").astype(np.int64)
    bought = np.unique(np.stack([who, day], axis=1), axis=0)
    until = int(UNTIL.astype(np.int64))

    def work() -> object:
        known = histories_of_days(bought[:, 0], day=bought[:, 1], until=until)
        fits = fit_candidates(known)
        if not isinstance(fits, tuple):
            raise TypeError(fits.why)
        ahead = forecast(fits, histories=known, weeks=90 / 7)
        return ahead.outlook(), ahead.total()

    return work


#: By the name that the page shows; each makes its answers, and then what is timed.
FUNCTIONS: Mapping[str, Callable[[int], Work]] = {
    "survey_of, survey_gaps and survey_cut": gap,
    "kano_cells and kano_features": kano,
    "drivers": importance,
    "column_scores": scores,
    "fit_candidates and forecast": loyalty,
}
