"""What is added to a limit so that its level is held, overall and in every hour of the day."""

from __future__ import annotations

import numpy as np

HOURS = 24


class HourOffsets:
    r"""Offsets that give way by what became of earlier announcements, one for each hour of the day.

    .. math:: o_h = d + \frac{n_h}{n_h + k}\,d_h

    Whenever a wait comes to be known, :math:`d` and the :math:`d_h` of its hour move by their steps times
    :math:`v\,(\ell - \text{kept})`: down after an announcement kept, up after one broken, by as many cases as
    it stands for. An hour with few cases leans on the whole. Offsets have no end of scale at
    which they could stick.
    """

    def __init__(self, aim: float, *, step: float, hour_step: float, shrink: float) -> None:
        self._aim, self._step, self._hour_step, self._shrink = aim, step, hour_step, shrink
        self._whole = 0.0
        self._hours = np.zeros(HOURS)
        self._counts = np.zeros(HOURS)

    def offset(self, hour: int) -> float:
        """What to add in an hour of the day, in units of the spread of recent waits."""
        n = self._counts[hour]
        return float(self._whole + self._hours[hour] * n / (n + self._shrink))

    def feed(self, hour: int, *, kept: bool, weight: float = 1.0) -> None:
        """One announcement was kept or broken; ``weight`` is the number of cases it stands for."""
        missed = weight * (self._aim - kept)
        self._whole += self._step * missed
        self._hours[hour] += self._hour_step * missed
        self._counts[hour] += 1.0
