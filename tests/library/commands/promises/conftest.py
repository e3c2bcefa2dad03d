"""Files of orders and tickets, a model learned from the orders, and a file that is too small."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from forvent.adjust.calendar.calendar import calendar_from
from forvent.cli import main

HEADER = "ordered,due,arrived,state,weight\n"
COLUMNS = ["--start", "ordered", "--end", "arrived"]
FIRST = datetime(2024, 1, 1, 8)


def many_orders(n: int = 200) -> str:
    """An order each 12 hours that takes about 3, 5 or 8 days by state, promised in 9; the last are open."""
    rng = np.random.default_rng(2)
    rows = []
    for place in range(n):
        ordered = FIRST + timedelta(hours=12 * place)
        state = "ABC"[rng.integers(3)]
        arrived = ordered + timedelta(days={"A": 3, "B": 5, "C": 8}[state] * float(rng.lognormal(0, 0.25)))
        known = f"{arrived:%Y-%m-%d %H:%M}" if arrived < FIRST + timedelta(hours=12 * n) else ""
        due = ordered + timedelta(days=9)
        rows.append(f"{ordered:%Y-%m-%d %H:%M},{due:%Y-%m-%d},{known},{state},{rng.integers(1, 50)}\n")
    return HEADER + "".join(rows)


def many_tickets(n: int = 110) -> str:
    """A ticket every few hours in Prague, worked on for 40 minutes or so of opening time."""
    rng, zone, opened = np.random.default_rng(6), ZoneInfo("Europe/Prague"), datetime(2026, 9, 1, 7)
    shop = calendar_from("mon-fri 09:00-17:00", zone=zone.key)
    rows = ["opened,closed"]
    for _ in range(n):
        opened += timedelta(hours=float(rng.exponential(6)))
        closed = shop.add(opened, timedelta(minutes=float(40 * rng.lognormal(0, 0.25))))
        local = [time.replace(tzinfo=ZoneInfo("UTC")).astimezone(zone) for time in (opened, closed)]
        rows.append(",".join(f"{time:%Y-%m-%d %H:%M:%S}" for time in local))
    return "\n".join(rows) + "\n"


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("records")
    (folder / "orders.csv").write_text(many_orders(), encoding="utf-8")
    (folder / "tickets.csv").write_text(many_tickets(), encoding="utf-8")
    return folder


@pytest.fixture(scope="session")
def orders(folder: Path) -> str:
    return str(folder / "orders.csv")


@pytest.fixture(scope="session")
def model(orders: str, folder: Path) -> str:
    out = str(folder / "orders.forvent")
    more = ["--promised", "due", "--by", "state", "--use", "weight", "--level", "0.9", "--out", out]
    assert main(["promise", "fit", orders, *COLUMNS, *more]) == 0
    return out


@pytest.fixture
def few(tmp_path: Path) -> str:
    path = tmp_path / "few.csv"
    rows = (
        f"2024-05-{day:02d},2024-05-{day + 3:02d},2024-05-{day + 2:02d},S{day % 2},{day}\n"
        for day in range(1, 28)
    )
    path.write_text(HEADER + "".join(rows), encoding="utf-8")
    return str(path)
