"""The embedded engine: lazy in, Arrow out, and stopped by Ctrl-C."""

from __future__ import annotations

import os
import signal
import threading
from datetime import datetime
from pathlib import Path

import duckdb
import narwhals as nw
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from forvent.engine import Engine
from forvent.tables import Table

ROWS = pa.table({"name": ["late", "kind", None], "n": [1, 2, 3]})


def test_reads_arrow_and_collects_arrow() -> None:
    with Engine() as engine:
        found = engine.collect(engine.table(ROWS).filter(nw.col("n") > 1).select("n"))
    assert isinstance(found, pa.Table)
    assert found.to_pydict() == {"n": [2, 3]}


def test_reads_parquet_in_its_order(tmp_path: Path) -> None:
    many = pa.table({"n": range(200_000)})
    pq.write_table(many, tmp_path / "n.parquet", row_group_size=1000)
    with Engine() as engine:
        assert engine.collect(engine.scan(tmp_path / "n.parquet")).equals(many)
        assert engine.collect(engine.scan(str(tmp_path / "n.parquet")).head(3)).to_pydict() == {
            "n": [0, 1, 2]
        }


def test_a_path_with_signs_of_its_own_is_a_path(tmp_path: Path) -> None:
    path = tmp_path / "what's [new] – 快递.parquet"
    pq.write_table(ROWS, path)
    with Engine() as engine:
        assert engine.collect(engine.scan(path)).num_rows == 3


def test_several_tables_are_collected_in_their_order() -> None:
    with Engine() as engine:
        table = engine.table(ROWS)
        first, second = engine.collect_all([table.select("n"), table.select("name")])
    assert (first.column_names, second.column_names) == (["n"], ["name"])


def test_times_are_not_moved_to_a_zone() -> None:
    moment = datetime(2026, 3, 29, 2, 30)
    with Engine() as engine:
        rows = engine.table(pa.table({"time": pa.array([moment], pa.timestamp("us"))}))
        assert engine.collect(rows)["time"].to_pylist() == [moment]


def test_tables_are_lazy() -> None:
    with Engine() as engine:
        assert isinstance(engine.table(ROWS), nw.LazyFrame)
        assert isinstance(engine.table(ROWS).select("n"), nw.LazyFrame)


def test_a_closed_engine_answers_no_more() -> None:
    with Engine() as engine:
        table = engine.table(ROWS)
    with pytest.raises(duckdb.ConnectionException):
        engine.collect(table)


def long(engine: Engine) -> Table:
    """A product of two tables, which takes long if nothing stops it."""
    rows = engine.table(pa.table({"a": range(100_000)}))
    pairs = rows.join(rows.rename({"a": "b"}), how="cross")
    return pairs.filter(((nw.col("a") + nw.col("b") * 7) % 1_000_003) == -1).select("a")


def test_ctrl_c_stops_a_long_query_as_it_stops_everything_else() -> None:
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    timer = threading.Timer(0.3, lambda: os.kill(os.getpid(), signal.SIGINT))
    try:
        with Engine() as engine:
            timer.start()
            with pytest.raises(KeyboardInterrupt):
                engine.collect(long(engine))
    finally:
        timer.cancel()
        signal.signal(signal.SIGINT, before)
