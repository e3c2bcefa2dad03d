"""The draws behind the gaps are those that the gaps themselves were made from."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest

from forvent.assess import asymmetries, contrast, gaps, judgements
from forvent.assess.gap_draws import dissatisfied_judgements, gap_draws
from forvent.assess.judgements import Judgements
from forvent.records import Estimate


def spoken(n: int = 300) -> Judgements:
    """Voices of which two in three judge on_time and one in three fair_price; some come twice."""
    rng = np.random.default_rng(4)
    names = [f"v{place}" for place in range(n)]
    rows = [
        (name, expectation, "unmet" if rng.random() < share else "met")
        for place, name in enumerate(names)
        for expectation, every, share in (("on_time", 3, 0.6), ("fair_price", 2, 0.3))
        if place % every
    ]
    mentions = pa.table(
        {
            "voice_id": [row[0] for row in rows],
            "expectation": [row[1] for row in rows],
            "stage": ["receive"] * len(rows),
            "touchpoint": ["receive"] * len(rows),
            "polarity": [row[2] for row in rows],
        }
    )
    unmet = {row[0] for row in rows if row[2] == "unmet"}
    ratings = [float(rng.random() < (0.3 if name in unmet else 0.8)) for name in names]
    customers = [f"c{place // 2}" for place in range(n)]
    return judgements(
        mentions, voices=pa.table({"voice_id": names, "rating": ratings, "customer": customers})
    )


def test_the_first_row_is_what_the_gaps_say() -> None:
    judged = spoken()
    fit = contrast(judged, rng=np.random.default_rng(1), rounds=300)
    kinds = asymmetries(judged, contrast=fit)
    drawn = gap_draws(judged, contrast=fit)
    for gap in gaps(judged, contrast=fit, asymmetries=kinds, usual_kinds={}):
        code = drawn.expectations.index(gap.expectation)
        assert isinstance(gap.got, Estimate)
        assert isinstance(gap.gap, Estimate)
        assert drawn.got[0, code] == pytest.approx(gap.got.value)
        assert drawn.got[0, code] - drawn.expected[0, code] == pytest.approx(gap.gap.value)
        assert drawn.judged[0, code] == pytest.approx(gap.counts.judged / judged.voices)
        low, high = np.quantile(drawn.got[1:, code] - drawn.expected[1:, code], [0.025, 0.975])
        assert gap.gap.low == pytest.approx(low, abs=0.02)
        assert gap.gap.high == pytest.approx(high, abs=0.02)


def test_nobody_speaking_gives_no_draws() -> None:
    nothing = pa.table(
        {
            name: pa.array([], pa.string())
            for name in ("voice_id", "expectation", "stage", "touchpoint", "polarity")
        }
    )
    voices = pa.table(
        {
            "voice_id": pa.array([], pa.string()),
            "rating": pa.array([], pa.float64()),
            "customer": pa.array([], pa.string()),
        }
    )
    judged = judgements(nothing, voices=voices)
    drawn = gap_draws(judged, contrast=contrast(judged, rng=np.random.default_rng(1), rounds=5))
    assert drawn.got.shape == (6, 0)
    assert drawn.expected.shape == (6, 0)


def test_dissatisfied_voices_are_those_in_the_lowest_quarter() -> None:
    judged = spoken(6)
    ratings = np.array([0.0, 0.25, 0.2500001, 0.5, 1.0, np.nan])
    found = dissatisfied_judgements(Judgements(**{**fields_of(judged), "rating": ratings})).rating
    assert found[:5].tolist() == [1.0, 1.0, 0.0, 0.0, 0.0]
    assert np.isnan(found[5])


def fields_of(judged: Judgements) -> dict[str, object]:
    """The fields of a record with slots."""
    return {name: getattr(judged, name) for name in judged.__slots__}


def test_unmet_goes_together_with_more_dissatisfied() -> None:
    judged = spoken()
    fit = contrast(dissatisfied_judgements(judged), rng=np.random.default_rng(1), rounds=50)
    assert gap_draws(judged, contrast=fit).swing[0, 1] < 0.0
