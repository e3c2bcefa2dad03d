"""The only module that connects to and runs an analytic engine.

Steps write narwhals expressions over lazy tables; here they meet DuckDB. Nothing
outside this module opens a connection or executes a query.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import duckdb
import narwhals as nw
import pyarrow as pa

from forvent.tables import Table

MEMORY_LIMIT = "2GB"


class Engine:
    """An embedded DuckDB that reads Arrow and Parquet and collects lazy tables."""

    def __init__(self, *, memory_limit: str = MEMORY_LIMIT) -> None:
        self._connection = duckdb.connect(":memory:")
        self._connection.execute(f"SET memory_limit = '{memory_limit}'")
        self._connection.execute("SET TimeZone = 'UTC'")
        # Row order is part of "the same input gives the same output".
        self._connection.execute("SET preserve_insertion_order = true")

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Free the connection and what it holds."""
        self._connection.close()

    def scan(self, path: Path | str) -> Table:
        """Lazy table over one Parquet file."""
        return self._lazy(self._connection.read_parquet(str(path)))

    def table(self, rows: pa.Table) -> Table:
        """Lazy table over Arrow data in memory."""
        return self._lazy(self._connection.from_arrow(rows))

    def collect(self, table: Table) -> pa.Table:
        """Run the expressions of a lazy table and fetch its rows."""
        try:
            return nw.to_native(table.collect(backend="pyarrow"))
        except (KeyboardInterrupt, RuntimeError) as error:
            # Without this the query goes on behind our back, and closing waits for its end.
            self._connection.interrupt()
            # DuckDB reports most Ctrl-C as an error of its own.
            if "interrupted" in str(error).lower():
                raise KeyboardInterrupt from error
            raise

    def collect_all(self, tables: Iterable[Table]) -> list[pa.Table]:
        """Run several lazy tables, in order."""
        return [self.collect(table) for table in tables]

    @staticmethod
    def _lazy(relation: Any) -> Table:
        table: Table = nw.from_native(relation).lazy()
        return table
