"""Alerts that are kept from run to run, with who took note of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from forvent.errors import BadOption
from forvent.records.change import Acknowledgement, Alert, KeptAlert, KeptAlerts

#: Alerts of one series and side that began no farther apart are one.
SAME_WITHIN = timedelta(days=31)


def remembered(kept: KeptAlerts, *, found: Sequence[Alert], now: datetime) -> KeptAlerts:
    """The kept alerts with those of a new run; nothing that was kept is lost, and no note is overwritten.

    An alert of the same series and side that begins in the time from which the kept one gathered evidence
    until it sounded, or within 31 days of its beginning, is the same alert: it keeps its id and its note,
    and takes the newer numbers. An alert that a later run does not find stays, with when it was last seen.

    Parameters
    ----------
    kept
        What was kept so far.
    found
        Alerts of the new run.
    now
        When the new run was made, UTC.

    Returns
    -------
    KeptAlerts
        All alerts, the newest first.

    Source
    ------
    Our own definition, docs/formulas/assess-change.md#kept-alerts.

    Examples
    --------
    >>> from forvent.records import Estimate
    >>> number = Estimate(0.8, 0.7, 0.9, n=50)
    >>> times = dict(since=datetime(2026, 3, 2), at=datetime(2026, 3, 30))
    >>> alert = Alert(
    ...     "on_time:met:lower:2026-03-02", "met", "on_time", "lower", before=number, lately=number, **times
    ... )
    >>> first = remembered(KeptAlerts(()), found=[alert], now=datetime(2026, 4, 1))
    >>> moved = replace(alert, id="on_time:met:lower:2026-03-09", since=datetime(2026, 3, 9))
    >>> again = remembered(first, found=[moved], now=datetime(2026, 5, 1))
    >>> [(one.alert.id, one.first_seen.month, one.last_seen.month) for one in again.alerts]
    [('on_time:met:lower:2026-03-02', 4, 5)]
    """
    alerts = list(kept.alerts)
    taken: set[str] = set()
    for alert in found:
        place = _same(alerts, alert, taken)
        if place is None:
            ids = {one.alert.id for one in alerts}
            number, name = 2, alert.id
            while name in ids:
                name, number = f"{alert.id}-{number}", number + 1
            alerts.append(KeptAlert(replace(alert, id=name), first_seen=now, last_seen=now))
            taken.add(name)
        else:
            before = alerts[place]
            taken.add(before.alert.id)
            alerts[place] = replace(before, alert=replace(alert, id=before.alert.id), last_seen=now)
    return KeptAlerts(tuple(sorted(alerts, key=lambda one: (one.alert.at, one.alert.id), reverse=True)))


def acknowledged(kept: KeptAlerts, *, ids: Sequence[str], note: Acknowledgement) -> KeptAlerts:
    """The kept alerts, with a note on some of them.

    Parameters
    ----------
    kept
        The alerts.
    ids
        Ids of the alerts to note.
    note
        Who takes note, when, and why.

    Returns
    -------
    KeptAlerts
        In the same order.

    Raises
    ------
    BadOption
        If an id is not there, or its alert was acknowledged before; nobody's note is overwritten.

    Source
    ------
    Our own definition, docs/formulas/assess-change.md#kept-alerts.

    Examples
    --------
    >>> acknowledged(KeptAlerts(()), ids=[], note=Acknowledgement("Ani", datetime(2026, 4, 1), ""))
    KeptAlerts(alerts=())
    """
    there = {one.alert.id: one for one in kept.alerts}
    for name in ids:
        if name not in there:
            raise BadOption(
                f"There is no alert '{name}'.", hint="Give an id as `forvent alerts DIR` shows it."
            )
        before = there[name].acknowledged
        if before is not None:
            raise BadOption(
                f"Alert '{name}' was acknowledged by {before.by} on {before.at:%Y-%m-%d}.",
                hint="It stands; leave it out.",
            )
    return KeptAlerts(
        tuple(replace(one, acknowledged=note) if one.alert.id in ids else one for one in kept.alerts)
    )


def _same(alerts: Sequence[KeptAlert], found: Alert, taken: set[str]) -> int | None:
    """Place of the kept alert that this one is again: the one that began nearest to it."""
    near = [
        (abs(one.alert.since - found.since), place)
        for place, one in enumerate(alerts)
        if one.alert.id not in taken
        and (one.alert.measure, one.alert.expectation, one.alert.side)
        == (found.measure, found.expectation, found.side)
        and (
            abs(one.alert.since - found.since) <= SAME_WITHIN
            or one.alert.since <= found.since < one.alert.at
            or found.since <= one.alert.since < found.at
        )
    ]
    return min(near)[1] if near else None
