"""The command that announces waits along a line."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from forvent.cli import main

HEADER = "ordered,due,arrived,state,weight\n"
COLUMNS = ["--start", "ordered", "--end", "arrived"]
Said = pytest.CaptureFixture[str]


def many_calls(n: int = 300) -> str:
    """One server, who needs a minute on average; every tenth hangs up after 20 seconds in line."""
    rng = np.random.default_rng(3)
    came, needs, free = np.cumsum(rng.exponential(80, n)), rng.exponential(60, n), 0.0
    rows = []
    for case in range(n):
        gives_up = case % 10 == 9 and free > came[case] + 20
        left = came[case] + 20 if gives_up else max(came[case], free)
        free = free if gives_up else left + needs[case]
        times = [datetime(1999, 2, 1, 10) + timedelta(seconds=float(one)) for one in (came[case], left)]
        how = "HANG" if gives_up else "AGENT"
        rows.append(f"{times[0]:%Y-%m-%d},{times[0]:%H:%M:%S},{times[1]:%H:%M:%S},{how}\n")
    return "date,called,answered,how\n" + "".join(rows)


def test_waits_are_announced_along_the_line(tmp_path: Path, capsys: Said) -> None:
    path, out = tmp_path / "calls.csv", tmp_path / "waits.json"
    path.write_text(many_calls(), encoding="utf-8")
    columns = ["--start", "date+called", "--end", "date+answered", "--served", "how=AGENT"]
    assert main(["waits", str(path), *columns, "--level", ".8", "--range", "--json", str(out)]) == 0
    document: dict[str, Any] = json.loads(out.read_text(encoding="utf-8"))
    assert (document["schema"], document["level"]) == ("forvent/waits/1", 0.8)
    assert document["n"] + document["warming_up"] + document["in_line"] == 300
    assert document["kept"]["high"] > 0.8
    shown = capsys.readouterr()
    kept = document["kept"]
    assert f"{100 * kept['value']:.1f} % ({100 * kept['low']:.1f} to {100 * kept['high']:.1f})" in shown.out
    assert "Pinball loss in seconds: " in shown.out
    assert "kept, but: not served in how, such as “HANG”: " in shown.err
