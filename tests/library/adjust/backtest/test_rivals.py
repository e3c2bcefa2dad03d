"""The ways that a backtest is held against: they promise what they say, and see nothing of the future."""

import logging
import sys
from dataclasses import replace
from functools import cache
from itertools import count
from typing import Any

import numpy as np
import pytest
from mapie.regression import ConformalizedQuantileRegressor
from sklearn.ensemble import HistGradientBoostingRegressor
from threadpoolctl import threadpool_limits

from forvent.adjust.backtest.rivals import NOT_INSTALLED, Rivals, rival_promises
from forvent.adjust.history import History, elapsed, whole_days
from forvent.errors import BadOption

HOUR, DAY = 3_600.0, 86_400.0
NEVER = np.zeros(0)


def made(start: Any, amount: Any, *, columns: Any = None, by_day: bool = False) -> History:
    """Cases whose amount is a wait in hours (in days where ``by_day``); NaN for one still open."""
    start, amount = np.asarray(start, dtype=np.float64), np.asarray(amount, dtype=np.float64)
    known = np.floor(start / DAY) * DAY + amount * DAY if by_day else start + amount * HOUR
    return History(
        start=start,
        known=known,
        amount=amount,
        promised=np.full(start.size, np.nan),
        columns=columns or {},
        unit="day" if by_day else "hour",
        as_of=float(np.nanmax(known)),
        by_day=by_day,
        clock=whole_days if by_day else elapsed("hour"),
    )


def rolling(history: History, *, level: float = 0.9, by: str | None = None) -> Rivals:
    """Without any moment to learn at, so that only the quantiles promise."""
    return rival_promises(history, moments=NEVER, levels=np.full(history.n, level), by=by)


def drawn(n: int, *, seed: int, by_day: bool = False, late: int = 0) -> History:
    """A case every three hours, the last ``late`` ones years later; waits depend on a number and a kind."""
    rng = np.random.default_rng(seed)
    size, kind = rng.uniform(0, 1, n), rng.choice(["book", "lamp", "sofa"], n)
    amount = rng.gamma(2.0, 1.0 + 3.0 * size + 4.0 * (kind == "sofa"))
    columns = {"size": size, "kind": kind}
    start = np.arange(n) * 3 * HOUR + np.where(np.arange(n) < n - late, 0.0, 1e8)
    return made(start, np.ceil(amount) if by_day else amount, columns=columns, by_day=by_day)


@cache
def learned(by_day: bool = False) -> tuple[History, Rivals]:
    history = drawn(700, seed=3, by_day=by_day)
    return history, asked(history)


def asked(history: History, *, level: float = 0.9, seed: int = 1) -> Rivals:
    """Promises to all cases, learned at the three-hundredth and the five-hundredth."""
    moments = np.array([history.start[300], history.start[500], history.start[-1] + 1.0])
    levels = np.full(history.n, level)
    return rival_promises(history, moments=moments, levels=levels, by="kind", seed=seed)


def test_the_rolling_quantile_is_the_conformal_rank_of_what_was_closed() -> None:
    # A case a day, each closed within it: the k-th case knows k others, 1 to k hours long.
    found = rolling(made(np.arange(40) * DAY, np.arange(40) % 23 + 0.5), level=0.8)
    past = np.sort(np.arange(20) % 23 + 0.5)
    # The rank of 20 cases at 80 % is the ceiling of 21 × 0.8, the 17th.
    assert found.rolling_quantile[20] == past[16] == 16.5
    assert np.isnan(found.rolling_quantile[:20]).all()
    assert np.isfinite(found.rolling_quantile[20:]).all()
    assert found.group_quantile is None


def test_only_the_latest_five_hundred_by_their_end_count() -> None:
    # The first six hundred take ten hours; of the five hundred last, four in five take one.
    amount = np.concatenate([np.full(600, 10.0), np.where(np.arange(500) % 5 == 0, 3.0, 1.0), [1.0]])
    found = rolling(made(np.arange(1101) * DAY, amount), level=0.9)
    assert found.rolling_quantile[600] == 10.0
    assert found.rolling_quantile[1049] == 10.0
    assert found.rolling_quantile[1099] == 3.0


def test_the_window_follows_the_order_in_which_cases_end() -> None:
    # Fifty slow ones begin first and end last: they are the latest news when the last case begins.
    slow, quick = np.full(50, 24.0 * 30), np.full(500, 1.0)
    start = np.concatenate([np.arange(50), 100 + np.arange(500), [40 * 24]]) * HOUR
    found = rolling(made(start, np.concatenate([slow, quick, [1.0]])), level=0.95)
    assert found.rolling_quantile[300] == 1.0
    assert found.rolling_quantile[-1] == 720.0


def test_a_case_that_ends_as_another_starts_is_not_known_to_it() -> None:
    # Twenty cases of one hour, each over when the next begins.
    start = np.concatenate([np.arange(20), [20, 21]]) * HOUR
    found = rolling(made(start, np.ones(22)), level=0.5)
    assert np.isnan(found.rolling_quantile[20])
    assert found.rolling_quantile[21] == 1.0


def test_a_case_that_takes_no_time_is_not_promised_from_itself() -> None:
    found = rolling(made(np.arange(21) * HOUR, np.where(np.arange(21) < 20, 0.5, 0.0)), level=0.5)
    assert found.rolling_quantile[20] == 0.5
    assert np.isnan(found.rolling_quantile[:20]).all()


def test_no_promise_where_no_past_case_reaches_the_level() -> None:
    # 99 % needs 99 closed cases.
    found = rolling(made(np.arange(120) * DAY, np.ones(120)), level=0.99)
    assert np.flatnonzero(np.isfinite(found.rolling_quantile)).tolist() == list(range(99, 120))


def test_open_cases_are_left_out_as_people_leave_them_out() -> None:
    amount = np.where(np.arange(60) % 2 == 0, np.nan, 1.0)
    found = rolling(made(np.arange(60) * DAY, amount), level=0.5)
    assert np.flatnonzero(np.isfinite(found.rolling_quantile))[0] == 40
    assert set(found.rolling_quantile[40:]) == {1.0}


def test_a_group_is_promised_its_own_quantile_once_it_has_thirty() -> None:
    kind = np.where(np.arange(100) % 2 == 0, "slow", "quick")
    history = made(np.arange(100) * DAY, np.where(kind == "slow", 9.0, 2.0), columns={"kind": kind})
    found = rolling(history, by="kind")
    assert found.group_quantile is not None
    # Until then what all are promised; the slow ones have thirty closed when the 61st case begins.
    assert set(found.group_quantile[20:60]) == {9.0}
    assert set(found.group_quantile[60:][kind[60:] == "slow"]) == {9.0}
    assert found.group_quantile[61] == 2.0
    assert set(found.rolling_quantile[20:]) == {9.0}


def test_a_small_group_and_a_new_one_are_promised_what_all_are() -> None:
    kind = np.array(["often"] * 200 + ["seldom"] * 29 + ["seldom", "never before", ""])
    amount = np.where(kind == "often", 2.0, 7.0)
    found = rolling(made(np.arange(232) * DAY, amount, columns={"kind": kind}), level=0.8, by="kind")
    assert found.group_quantile is not None
    assert found.group_quantile[-3:].tolist() == found.rolling_quantile[-3:].tolist() == [2.0, 2.0, 2.0]


def test_a_group_too_small_for_the_level_is_promised_what_all_are() -> None:
    kind = np.where(np.arange(200) % 4 == 0, "few", "many")
    history = made(np.arange(200) * DAY, np.where(kind == "few", 1.0, 5.0), columns={"kind": kind})
    found = rolling(history, level=0.99, by="kind")
    assert found.group_quantile is not None
    assert found.group_quantile[196] == found.rolling_quantile[196] == 5.0


def test_only_the_latest_three_hundred_of_a_group_count() -> None:
    amount = np.concatenate([np.full(100, 50.0), np.full(301, 4.0)])
    history = made(np.arange(401) * DAY, amount, columns={"kind": np.full(401, "one")})
    found = rolling(history, level=0.9, by="kind")
    assert found.group_quantile is not None
    assert found.group_quantile[-1] == 4.0
    assert found.rolling_quantile[-1] == 50.0


def test_a_case_that_is_not_asked_is_promised_nothing() -> None:
    history, all_asked = learned()
    levels = np.where(np.arange(history.n) % 2 == 0, 0.9, np.nan)
    moments = np.array([history.start[300], history.start[500], history.start[-1] + 1.0])
    found = rival_promises(history, moments=moments, levels=levels, by="kind")
    for some, every in zip(ways(found), ways(all_asked), strict=True):
        assert np.isnan(some[1::2]).all()
        np.testing.assert_array_equal(some[::2], every[::2])


def ways(found: Rivals) -> tuple[Any, Any, Any]:
    assert found.group_quantile is not None
    assert found.cqr is not None
    return found.rolling_quantile, found.group_quantile, found.cqr


@pytest.mark.parametrize("by_day", [False, True])
def test_the_future_changes_no_earlier_promise(by_day: bool) -> None:
    history, before = learned(by_day)
    moment = history.start[600]
    unknown = ~(history.known < moment)
    rng = np.random.default_rng(8)
    # Whatever comes later: other amounts, other ends, some never; and other cases altogether.
    later = np.where(rng.uniform(size=history.n) < 0.3, np.nan, moment + rng.uniform(0, 90, history.n) * DAY)
    changed = replace(
        history,
        amount=np.where(unknown, np.where(np.isnan(later), np.nan, 1_000.0), history.amount),
        known=np.where(unknown, later, history.known),
        columns=history.columns
        | {"size": np.where(np.arange(history.n) > 600, 99.0, history.columns["size"])},
    )
    for was, is_now in zip(ways(before), ways(asked(changed)), strict=True):
        np.testing.assert_array_equal(was[:601], is_now[:601])
    assert not np.array_equal(before.rolling_quantile[601:], asked(changed).rolling_quantile[601:])


def test_promises_that_name_a_day_are_whole_days() -> None:
    history, found = learned(True)
    for way in ways(found):
        promised = way[np.isfinite(way)]
        assert promised.size >= 400
        np.testing.assert_array_equal(promised, np.floor(promised))
        assert promised.min() >= 1
    fraction = made(history.start, history.amount / 7.0, columns=history.columns)
    assert asked(fraction).rolling_quantile[-1] % 1.0 != 0.0


def test_the_regression_tells_slow_cases_from_quick_ones() -> None:
    history, found = learned()
    promised = ways(found)[2]
    sofa = history.columns["kind"] == "sofa"
    assert np.isnan(promised[:300]).all()
    assert np.isfinite(promised[300:]).all()
    assert promised[300:][sofa[300:]].mean() > 1.5 * promised[300:][~sofa[300:]].mean()


def test_the_regression_is_fitted_anew_at_each_moment_on_what_was_closed() -> None:
    history, found = learned()
    # Whatever was closed between the moments may change only what is promised after the second.
    between = (history.known > history.start[300]) & (history.known < history.start[500])
    changed = ways(asked(replace(history, amount=np.where(between, history.amount + 20, history.amount))))[2]
    np.testing.assert_array_equal(changed[300:500], ways(found)[2][300:500])
    assert (changed[500:] > ways(found)[2][500:]).mean() > 0.9


def mondays(amount: Any) -> History:
    """A case each Monday at midnight, and one more: nothing tells them apart, so the model is a constant."""
    return made((np.arange(amount.size + 1) * 7 + 4) * DAY, np.append(amount, 1.0))


def test_without_columns_the_regression_is_the_conformal_rank_of_a_third() -> None:
    amount = np.random.default_rng(5).permutation(np.arange(1.0, 301.0)) / 2
    history = mondays(amount)
    moments = np.array([history.start[-1], history.start[-1] + 1.0])
    third = np.sort(amount[np.random.default_rng([6, 0]).permutation(300)[:100]])
    for level, rank in ((0.3, 31), (0.5, 51), (0.8, 81), (0.99, 100)):
        found = rival_promises(history, moments=moments, levels=np.full(301, level), by=None, seed=6)
        assert found.cqr is not None
        assert found.cqr[-1] == pytest.approx(third[rank - 1], abs=1e-9)


@pytest.mark.parametrize("level", [0.55, 0.8, 0.9, 0.98])
def test_the_regression_promises_the_upper_limits_of_mapie(
    level: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked_of: list[tuple[Any, Any]] = []
    calibrated_on: list[tuple[Any, Any]] = []

    class Upper(HistGradientBoostingRegressor):
        def predict(self, X: Any) -> Any:
            asked_of.append((self, X))
            return super().predict(X)

    class Limits(ConformalizedQuantileRegressor):
        def conformalize(self, X: Any, y: Any) -> Any:
            calibrated_on.append((X, y))
            return super().conformalize(X, y)

    monkeypatch.setattr("sklearn.ensemble.HistGradientBoostingRegressor", Upper)
    monkeypatch.setattr("mapie.regression.ConformalizedQuantileRegressor", Limits)
    promised = ways(asked(drawn(700, seed=11), level=level))[2]
    (upper, coming), (cases, amounts) = asked_of[-1], calibrated_on[-1]
    mapie = ConformalizedQuantileRegressor([upper] * 3, confidence_level=round(2 * level - 1, 9), prefit=True)
    with threadpool_limits(limits=1):
        _, interval = mapie.conformalize(cases, amounts).predict_interval(coming, symmetric_correction=False)
    np.testing.assert_allclose(promised[500:], interval[:, 1, 0], rtol=1e-12)


@pytest.mark.parametrize("level", [0.8, 0.95])
def test_the_upper_side_of_the_regression_has_the_level(level: float) -> None:
    kept = [share_kept(level, seed=seed) for seed in range(5)]
    # Each run is off by what is drawn to calibrate on, and by what is drawn to judge.
    error = np.sqrt(level * (1 - level) * (1 / 1_000 + 1 / 4_000) / len(kept))
    # A two-sided interval taken for one side would be kept in 90 and 97.5 % instead.
    assert level - 4 * error <= np.mean(kept) <= level + 1 / 1_001 + 4 * error
    assert 4 * error < (1 - level) / 3


def share_kept(level: float, *, seed: int) -> float:
    """Share of 4,000 exchangeable cases within the regression's promise, learned on 3,000 others."""
    history = drawn(7_000, seed=seed, late=4_000)
    moments = np.array([history.start[3_000], history.start[-1] + 1.0])
    levels = np.where(np.arange(7_000) < 3_000, np.nan, level)
    found = rival_promises(history, moments=moments, levels=levels, by=None, seed=seed)
    assert found.cqr is not None
    return float(np.mean(history.amount[3_000:] <= found.cqr[3_000:]))


def test_the_regression_promises_at_the_median_level_until_the_next_moment() -> None:
    history, found = learned()
    levels = np.full(history.n, 0.9)
    levels[300:500:4], levels[301:500:4] = 0.7, 0.99
    moments = np.array([history.start[300], history.start[500], history.start[-1] + 1.0])
    mixed = rival_promises(history, moments=moments, levels=levels, by="kind")
    np.testing.assert_array_equal(ways(mixed)[2], ways(found)[2])


def test_the_same_seed_gives_the_same_promises_and_another_draws_another_third() -> None:
    history, found = learned()
    np.testing.assert_array_equal(ways(asked(history))[2], ways(found)[2])
    assert not np.array_equal(ways(asked(history, seed=2))[2][300:], ways(found)[2][300:])


@pytest.mark.parametrize(("level", "cases"), [(0.9, 49), (0.99, 290)])
def test_says_so_where_the_regression_can_promise_nothing(level: float, cases: int) -> None:
    history = drawn(cases + 1, seed=4, late=1)
    moments = np.array([history.start[-1], history.start[-1] + 1.0])
    found = rival_promises(history, moments=moments, levels=np.full(cases + 1, level), by=None)
    assert found.cqr is None
    assert found.notes == (
        "Plain conformal quantile regression was left out: it needs 50 closed cases, and at level l "
        "three times l / (1 - l) of them.",
    )


@pytest.mark.parametrize("missing", ["mapie.regression", "sklearn.ensemble"])
def test_without_mapie_the_others_promise_and_a_note_says_how_to_get_it(
    missing: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    history, with_it = learned()
    monkeypatch.setitem(sys.modules, missing, None)
    found = asked(history)
    assert found.cqr is None
    assert found.notes == (NOT_INSTALLED,)
    assert NOT_INSTALLED.endswith("pip install forvent[dev] brings them.")
    np.testing.assert_array_equal(found.rolling_quantile, with_it.rolling_quantile)
    assert with_it.notes == ()


def test_odd_columns_are_borne() -> None:
    history = drawn(700, seed=6)
    number = count()
    odd = {
        "size": np.where(np.arange(700) % 3 == 0, np.inf, history.columns["size"]),
        "empty": np.full(700, np.nan),
        "kind": np.array([f"only {next(number)}" if place > 400 else "" for place in range(700)]),
        "many": np.array([f"level {place}" for place in np.arange(700) % 60]),
        "rare": np.where(np.arange(700) % 60 == 0, "yes", ""),
    }
    promised = ways(asked(replace(history, columns=odd)))[2]
    assert np.isfinite(promised[300:]).all()


def test_columns_that_only_the_calibrated_third_knows_are_borne() -> None:
    history = drawn(61, seed=9, late=1)
    moments = np.array([history.start[-1], history.start[-1] + 1.0])
    known = np.flatnonzero(history.known < moments[0])
    third = known[np.argsort(history.known[known])][np.random.default_rng([1, 0]).permutation(60)[:20]]
    picked = np.isin(np.arange(61), third)
    columns = {"number": np.where(picked, np.arange(61.0), np.nan), "text": np.where(picked, "known", "")}
    levels = np.full(61, 0.8)
    found = rival_promises(replace(history, columns=columns), moments=moments, levels=levels, by=None)
    without = rival_promises(replace(history, columns={}), moments=moments, levels=levels, by=None)
    assert found.cqr is not None
    np.testing.assert_array_equal(found.cqr, without.cqr)


def test_the_logging_of_the_caller_is_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    root = logging.getLogger()
    monkeypatch.setattr(root, "handlers", [])
    monkeypatch.setattr(root, "level", logging.WARNING)
    # Where the third takes less than the others, MAPIE's limits cross, which its predict_interval logs.
    history = mondays(np.random.default_rng(5).permutation(np.arange(300.0)))
    moments = np.array([history.start[-1], history.start[-1] + 1.0])
    for seed in range(6):
        rival_promises(history, moments=moments, levels=np.full(301, 0.8), by=None, seed=seed)
    assert root.handlers == []
    assert root.level == logging.WARNING


def test_refuses_a_level_of_one() -> None:
    with pytest.raises(BadOption):
        rolling(made(np.arange(30) * DAY, np.ones(30)), level=1.0)
