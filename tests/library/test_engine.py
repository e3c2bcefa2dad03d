"""The embedded engine: lazy in, Arrow out, and stopped by Ctrl-C."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import duckdb
import narwhals as nw
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from forvent.engine import Engine

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


class Interrupted:
    """A lazy table whose query was stopped by Ctrl-C, as DuckDB tells it."""

    def __init__(self, message: str) -> None:
        self.message = message

    def collect(self, *, backend: str) -> object:
        raise RuntimeError(self.message)


def test_a_query_that_ctrl_c_stopped_stops_everything_else_too() -> None:
    with Engine() as engine:
        with pytest.raises(KeyboardInterrupt):
            engine.collect(Interrupted("Query interrupted"))  # type: ignore[arg-type]
        assert engine.collect(engine.table(ROWS).select("n")).num_rows == ROWS.num_rows


def test_another_error_of_the_engine_is_told_as_it_is() -> None:
    with Engine() as engine, pytest.raises(RuntimeError, match="out of memory"):
        engine.collect(Interrupted("out of memory"))  # type: ignore[arg-type]
