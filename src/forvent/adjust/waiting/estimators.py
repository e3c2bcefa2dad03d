"""What each way of estimating a wait says of a line as it stands; all in seconds."""

from __future__ import annotations

import math

import numpy as np

from forvent.adjust.history import Floats
from forvent.adjust.waiting.line import LineState

#: Estimators by name, in the order of every array of them; the last one is learned.
ESTIMATORS = ("queue_length", "last_served", "head_of_line", "head_refined", "recent", "learned")


def queue_length_wait(waiting: int, *, start_rate: float) -> float:
    r"""Mean wait behind a line of known length, when the line moves at a known rate.

    With :math:`Q` people in line and service starts at rate :math:`s\mu` while somebody waits,

    .. math:: \hat w = \frac{Q + 1}{s\mu}.

    Exact for exponential services, served in order of arrival, when nobody leaves the line; those who
    leave make it too long.

    Parameters
    ----------
    waiting
        People in line, without the one who arrives; 0 or more.
    start_rate
        Service starts a second while somebody waits; NaN when not known.

    Returns
    -------
    float
        Seconds; NaN where the rate is not known.

    Source
    ------
    Ibrahim & Whitt (2009), Manufacturing & Service Operations Management 11(3), 397–415.

    Examples
    --------
    Four in line, one is served every 20 seconds:

    >>> queue_length_wait(4, start_rate=0.05)
    100.0
    """
    return (waiting + 1) / start_rate if start_rate > 0.0 else math.nan


def head_of_line_wait(head_s: float, *, start_rate: float, arrival_rate: float) -> float:
    r"""Mean wait of one who arrives, from how long the head of the line has waited (refined).

    While the head waited :math:`w`, about :math:`\lambda w` more came, so that with the head and the one who
    arrives :math:`\lambda w + 2` are to be served at rate :math:`s\mu`:

    .. math:: \hat w = \frac{\lambda w + 2}{s\mu}.

    The plain estimator of the head of the line is :math:`w` itself. Supposes that nobody leaves and
    that the line is served in order of arrival.

    Parameters
    ----------
    head_s
        Wait so far of the head of the line, seconds; 0 when nobody waits.
    start_rate
        Service starts a second while somebody waits; NaN when not known.
    arrival_rate
        Arrivals a second; NaN when not known.

    Returns
    -------
    float
        Seconds; NaN where a rate is not known.

    Source
    ------
    Ibrahim & Whitt (2009), Manufacturing & Service Operations Management 11(3), 397–415.

    Examples
    --------
    >>> head_of_line_wait(100.0, start_rate=0.05, arrival_rate=0.04)
    120.0
    """
    return (arrival_rate * head_s + 2.0) / start_rate if start_rate > 0.0 else math.nan


def point_estimates(state: LineState) -> Floats:
    """What each estimator but the learned one says, in the order of ``ESTIMATORS``.

    Where an estimator knows nothing yet it says 0, which makes it one with "recent": that one is 0
    always, because what each says is turned into a quantile by how far recent waits lay from it.

    Parameters
    ----------
    state
        The line when somebody arrives.

    Returns
    -------
    array
        Seconds, shape (5,), never NaN.

    Source
    ------
    Ibrahim & Whitt (2009), Manufacturing & Service Operations Management 11(3), 397–415.

    Examples
    --------
    >>> from forvent.adjust.waiting.line import LineState
    >>> line = LineState(
    ...     waiting=4, head_s=100.0, last_s=90.0, recent_s=80.0, start_rate=0.05, arrival_rate=0.04
    ... )
    >>> point_estimates(line).tolist()
    [100.0, 90.0, 100.0, 120.0, 0.0]
    """
    refined = head_of_line_wait(state.head_s, start_rate=state.start_rate, arrival_rate=state.arrival_rate)
    found = np.array(
        (
            queue_length_wait(state.waiting, start_rate=state.start_rate),
            state.last_s,
            state.head_s,
            refined,
            0.0,
        )
    )
    return np.where(np.isnan(found), 0.0, found)
