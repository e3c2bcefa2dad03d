"""Many rows put into a table, or changed in it, by one statement: each database in its fastest way."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from itertools import chain
from typing import Any

from django.db import connection
from django.db.models import Model

#: Rows of one statement: a database takes some thirty thousand values at once.
AT_ONCE = 500


def put_in_many(
    model: type[Model],
    rows: Sequence[Sequence[Any]],
    *,
    columns: tuple[str, ...],
    alike: Mapping[str, Any],
    unique: tuple[str, ...] = (),
    told: tuple[str, ...] = ("id",),
) -> list[tuple[Any, ...]]:
    """What is told of the rows that were new; those whose ``unique`` columns are taken are left out.

    ``alike`` holds the columns that are the same in all rows. Called inside a transaction. Numbers go by the
    order of the rows. Row by row, SQLite would write its index of texts anew for each.
    """
    shared = _defaults(model, left=columns) | dict(alike)
    statement = _postgresql if connection.vendor == "postgresql" else _sqlite
    found: list[tuple[Any, ...]] = []
    with connection.cursor() as cursor:
        for start in range(0, len(rows), AT_ONCE):
            part = rows[start : start + AT_ONCE]
            sql = statement(model, columns, tuple(shared), unique, told, len(part))
            cursor.execute(sql, [*map(plain, shared.values()), *_values(part, columns)])
            found += cursor.fetchall()
    return found


def change_many(
    model: type[Model], rows: Sequence[Sequence[Any]], *, columns: tuple[str, ...], alike: Mapping[str, Any]
) -> None:
    """Change rows, each to values of its own: its id stands first, then those of ``columns``.

    ``alike`` holds the columns that become the same in all. Called inside a transaction.
    """
    statement = _postgresql_change if connection.vendor == "postgresql" else _sqlite_change
    with connection.cursor() as cursor:
        for start in range(0, len(rows), AT_ONCE):
            part = rows[start : start + AT_ONCE]
            given, shared = _values(part, ("id", *columns)), [*map(plain, alike.values())]
            sql = statement(model, columns, tuple(alike), len(part))
            cursor.execute(sql, [*given, *shared])


def plain(value: Any) -> Any:
    """The value as the database takes it from hand-written SQL."""
    if isinstance(value, datetime):
        return connection.ops.adapt_datetimefield_value(value)
    return connection.ops.adapt_json_value(value, None) if isinstance(value, dict) else value


def defaults(model: type[Model], *, left: Sequence[str]) -> dict[str, Any]:
    """What the other columns of a new row hold."""
    return dict(_defaults(model, left=tuple(left)))


@lru_cache(maxsize=8)
def _defaults(model: type[Model], *, left: tuple[str, ...]) -> dict[str, Any]:
    fields = [one for one in model._meta.concrete_fields if not one.primary_key and one.attname not in left]
    return {one.attname: one.get_db_prep_save(one.get_default(), connection) for one in fields}


def _values(rows: Sequence[Sequence[Any]], columns: Sequence[str]) -> list[Any]:
    if connection.vendor == "postgresql":
        named = [dict(zip(columns, row, strict=True)) for row in rows]
        return [json.dumps(named, ensure_ascii=False, default=str)]
    return [plain(value) for value in chain.from_iterable(rows)]


# The names in these statements are those of our own tables; every value is a parameter.


@lru_cache(maxsize=16)
def _sqlite(
    model: type[Model],
    columns: tuple[str, ...],
    shared: tuple[str, ...],
    unique: tuple[str, ...],
    told: tuple[str, ...],
    rows: int,
) -> str:
    one = f"({_marks(len(columns))})"
    return (
        f"INSERT INTO {model._meta.db_table} ({names(*shared, *columns)}) "  # noqa: S608
        f"SELECT {_marks(len(shared))}{', ' if shared else ''}* FROM (VALUES {', '.join([one] * rows)}) "
        f"WHERE true{_once(unique)} RETURNING {names(*told)}"
    )


@lru_cache(maxsize=16)
def _postgresql(
    model: type[Model],
    columns: tuple[str, ...],
    shared: tuple[str, ...],
    unique: tuple[str, ...],
    told: tuple[str, ...],
    _: int,
) -> str:
    table = model._meta.db_table
    kinds = {one.attname: one.db_type(connection) for one in model._meta.concrete_fields}
    shape = ", ".join(f'"{name}" {kinds[name]}' for name in columns)
    # Put in by what is unique: two who bring the same at once wait for each other in one order, and
    # neither for ever.
    sorted_by = names(*(name for name in unique if name in columns))
    order = f" ORDER BY {sorted_by}" if sorted_by else ""
    return (
        f"INSERT INTO {table} ({names(*shared, 'id', *columns)}) "  # noqa: S608
        f"SELECT {_marks(len(shared))}{', ' if shared else ''}row.* FROM (SELECT "
        f"nextval(pg_get_serial_sequence('{table}', 'id')), given.* "
        f"FROM json_to_recordset(%s) AS given({shape})) AS row{order}{_once(unique)} RETURNING {names(*told)}"
    )


@lru_cache(maxsize=16)
def _sqlite_change(model: type[Model], columns: tuple[str, ...], shared: tuple[str, ...], rows: int) -> str:
    one = f"({_marks(len(columns) + 1)})"
    return f"WITH given ({names('id', *columns)}) AS (VALUES {', '.join([one] * rows)}) " + _changing(
        model, columns, shared
    )


@lru_cache(maxsize=16)
def _postgresql_change(model: type[Model], columns: tuple[str, ...], shared: tuple[str, ...], _: int) -> str:
    kinds = {one.attname: one.db_type(connection) for one in model._meta.concrete_fields}
    # The id is typed as what it points at: in a table of its own it is a sequence.
    shape = ", ".join(['"id" bigint', *(f'"{name}" {kinds[name]}' for name in columns)])
    return f"WITH given AS (SELECT * FROM json_to_recordset(%s) AS told({shape})) " + _changing(  # noqa: S608
        model, columns, shared
    )


def _changing(model: type[Model], columns: tuple[str, ...], shared: tuple[str, ...]) -> str:
    table = model._meta.db_table
    parts = [f'"{name}" = given."{name}"' for name in columns] + [f'"{name}" = %s' for name in shared]
    return f'UPDATE {table} SET {", ".join(parts)} FROM given WHERE {table}."id" = given."id"'  # noqa: S608


def _once(unique: tuple[str, ...]) -> str:
    return f" ON CONFLICT ({names(*unique)}) DO NOTHING" if unique else ""


def _marks(number: int) -> str:
    return ", ".join(["%s"] * number)


def names(*columns: str) -> str:
    """Names of columns, as they stand in SQL."""
    return ", ".join(f'"{name}"' for name in columns)
