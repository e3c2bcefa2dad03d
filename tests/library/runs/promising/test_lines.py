"""Waits in a line, announced from what came before."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import numpy as np
import pytest

from forvent.errors import BadOption
from forvent.reading import CaseColumns, CasesReader, read_cases
from forvent.records import Estimate
from forvent.runs import promising

Open = Callable[[str, CaseColumns], CasesReader]
FIRST = datetime(2024, 1, 1)


def calls(n: int = 300) -> str:
    """One server, who needs a minute on average; every tenth hangs up after 20 seconds in line."""
    rng = np.random.default_rng(3)
    came, needs, free = np.cumsum(rng.exponential(80, n)), rng.exponential(60, n), 0.0
    lines = ["called,left,how"]
    for case in range(n):
        gives_up = case % 10 == 9 and free > came[case] + 20
        left = came[case] + 20 if gives_up else max(came[case], free)
        free = free if gives_up else left + needs[case]
        times = (FIRST + timedelta(seconds=round(float(one), 1)) for one in (came[case], left))
        lines.append(",".join([*(time.isoformat() for time in times), "HANG" if gives_up else "AGENT"]))
    return "\n".join(lines) + "\n"


def test_who_gave_up_is_part_of_the_line(tmp_path: Path) -> None:
    path = tmp_path / "calls.csv"
    path.write_text(calls(), encoding="utf-8")
    columns = CaseColumns("called", "left", served=("how", ("agent",)))
    found = promising.line_ranges(read_cases(path, columns=columns, keep_unserved=True), level=0.8)
    hung_up = path.read_text().count("HANG")
    assert hung_up >= 10
    assert found.n + found.warming_up + found.in_line == 300
    assert 0 < found.undecided <= hung_up
    assert isinstance(found.kept, Estimate)
    assert found.kept.low < 0.8 < found.kept.high


def test_a_line_needs_times_of_day(opened: Open) -> None:
    with pytest.raises(BadOption) as caught:
        promising.line_ranges(opened("a,b\n2024-05-01,2024-05-02\n", CaseColumns("a", "b")))
    assert caught.value.message == (
        "A waiting line is known by its times of day, which cases.csv does not name."
    )
