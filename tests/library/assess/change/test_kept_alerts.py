"""Alerts keep their id and their note from run to run."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from forvent.assess.change import acknowledged, remembered
from forvent.errors import BadOption
from forvent.records import Estimate
from forvent.records.change import Acknowledgement, Alert, KeptAlerts

FIRST, SECOND = datetime(2026, 5, 1), datetime(2026, 6, 1)
NOTE = Acknowledgement("Ani", datetime(2026, 5, 2), "new courier")


def alert(since: datetime, *, weeks: int = 4, side: str = "lower", value: float = 0.4) -> Alert:
    return Alert(
        id=f"on_time:met:{side}:{since:%Y-%m-%d}",
        measure="met",
        expectation="on_time",
        side=side,
        since=since,
        at=since + timedelta(weeks=weeks),
        before=Estimate(0.8, 0.7, 0.9, n=100),
        lately=Estimate(value, value - 0.1, value + 0.1, n=40),
    )


def kept(*alerts: Alert) -> KeptAlerts:
    return remembered(KeptAlerts(()), found=alerts, now=FIRST)


def noted(*alerts: Alert) -> KeptAlerts:
    return acknowledged(kept(*alerts), ids=[one.id for one in alerts], note=NOTE)


def test_the_same_alert_found_again_keeps_id_and_note_and_takes_the_new_numbers() -> None:
    march = alert(datetime(2026, 3, 2))
    moved = alert(datetime(2026, 3, 16), value=0.3)
    again = remembered(noted(march), found=[moved], now=SECOND)
    assert len(again.alerts) == 1
    one = again.alerts[0]
    assert (one.alert.id, one.alert.since, one.alert.lately.value) == (march.id, moved.since, 0.3)
    assert (one.acknowledged, one.first_seen, one.last_seen) == (NOTE, FIRST, SECOND)


def test_an_alert_that_is_not_found_again_stays_with_its_note() -> None:
    again = remembered(noted(alert(datetime(2026, 3, 2))), found=[], now=SECOND)
    assert (again.alerts[0].acknowledged, again.alerts[0].last_seen) == (NOTE, FIRST)


@pytest.mark.parametrize(
    "other",
    [
        alert(datetime(2026, 8, 3)),
        alert(datetime(2026, 3, 2), side="higher"),
        replace(alert(datetime(2026, 3, 2)), expectation="fair_price", id="fair_price:met:lower:2026-03-02"),
        replace(alert(datetime(2026, 3, 2)), measure="reach", id="on_time:reach:lower:2026-03-02"),
    ],
)
def test_another_time_side_expectation_or_measure_is_another_alert(other: Alert) -> None:
    again = remembered(noted(alert(datetime(2026, 3, 2))), found=[other], now=SECOND)
    assert [one.acknowledged for one in again.alerts if one.alert.id == other.id] == [None]
    assert len(again.alerts) == 2


def test_a_long_gathering_alert_that_now_begins_later_is_the_same() -> None:
    months = alert(datetime(2025, 9, 1), weeks=30)
    later = alert(datetime(2026, 1, 5), weeks=12)
    assert len(remembered(kept(months), found=[later], now=SECOND).alerts) == 1


def test_two_alerts_of_one_run_are_never_taken_for_one() -> None:
    both = [alert(datetime(2026, 3, 2)), alert(datetime(2026, 3, 30))]
    again = remembered(noted(both[0]), found=both, now=SECOND)
    assert len(again.alerts) == 2
    assert sorted(one.alert.id for one in again.alerts) == [one.id for one in both]


def test_a_new_alert_never_takes_the_id_of_a_kept_one() -> None:
    march, moved = alert(datetime(2026, 3, 2)), alert(datetime(2026, 3, 23))
    # The kept one moved to the 23rd; then a second one is found where the first began.
    once = remembered(kept(march), found=[moved], now=SECOND)
    twice = remembered(once, found=[moved, march], now=SECOND)
    assert sorted(one.alert.id for one in twice.alerts) == [march.id, f"{march.id}-2"]


def test_the_newest_stands_first() -> None:
    found = kept(alert(datetime(2025, 3, 3)), alert(datetime(2026, 3, 2)))
    assert [one.alert.since.year for one in found.alerts] == [2026, 2025]


def test_a_note_is_never_overwritten() -> None:
    found = noted(alert(datetime(2026, 3, 2)))
    name = found.alerts[0].alert.id
    with pytest.raises(BadOption) as error:
        acknowledged(found, ids=[name], note=replace(NOTE, by="Jan"))
    assert str(error.value) == (
        f"Alert '{name}' was acknowledged by Ani on 2026-05-02. It stands; leave it out."
    )


def test_an_unknown_id_is_refused() -> None:
    with pytest.raises(BadOption) as error:
        acknowledged(kept(alert(datetime(2026, 3, 2))), ids=["x"], note=NOTE)
    assert str(error.value) == "There is no alert 'x'. Give an id as `forvent alerts DIR` shows it."
