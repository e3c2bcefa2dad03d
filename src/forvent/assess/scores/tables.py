"""Answers of one score as tables: distinct ones with their number, single ones, and invitations by group."""

from __future__ import annotations

from collections.abc import Sequence

import narwhals as nw

from forvent.tables import Table


def distinct_answers(answers: Table, *, score: str, by: Sequence[str]) -> Table:
    """How often each answer was given in each combination of groups.

    Parameters
    ----------
    answers
        One row an answer: the score (0–1, null where none was given) and codes of groups.
    score
        Column of the score.
    by
        Columns of the codes.

    Returns
    -------
    Table
        Lazy: ``rating``, the columns of ``by``, and ``times``; sorted, so that equal answers give equal rows.

    Source
    ------
    Our own definition, docs/formulas/assess-scores.md#tables.

    Examples
    --------
    >>> import pyarrow as pa
    >>> rows = pa.table({"score_0": [1.0, 1.0, None], "wave": [0, 0, 1]})
    >>> found = distinct_answers(nw.from_native(rows).lazy(), score="score_0", by=["wave"])
    >>> found.collect().to_dict(as_series=False)
    {'rating': [1.0], 'wave': [0], 'times': [2]}
    """
    given = answers.filter(~nw.col(score).is_null()).select(nw.col(score).alias("rating"), *by)
    return given.group_by("rating", *by).agg(nw.len().alias("times")).sort("rating", *by)


def single_answers(answers: Table, *, score: str, by: Sequence[str]) -> Table:
    """Every answer with its customer, its weight and the codes of its groups.

    Parameters
    ----------
    answers
        One row an answer: the score (0–1, null where none was given), ``customer``, ``weight`` and codes.
    score
        Column of the score.
    by
        Columns of the codes.

    Returns
    -------
    Table
        Lazy: ``rating``, ``customer``, ``weight`` and the columns of ``by``, in the order of the answers.

    Source
    ------
    Our own definition, docs/formulas/assess-scores.md#tables.

    Examples
    --------
    >>> import pyarrow as pa
    >>> rows = pa.table({"score_0": [1.0, None], "customer": [4, 5], "weight": [2.0, 1.0]})
    >>> single_answers(nw.from_native(rows).lazy(), score="score_0", by=[]).collect().rows()
    [(1.0, 4, 2.0)]
    """
    given = answers.filter(~nw.col(score).is_null())
    return given.select(nw.col(score).alias("rating"), "customer", "weight", *by)


def answering_customers(answers: Table, *, scores: Sequence[str]) -> Table:
    """How many answers were given and how many customers gave them, over all scores.

    Parameters
    ----------
    answers
        One row an answer.
    scores
        Columns of the scores; one of them not null makes an answer.

    Returns
    -------
    Table
        Lazy, one row: ``answers`` and ``customers``.

    Source
    ------
    Our own definition, docs/formulas/assess-scores.md#tables.

    Examples
    --------
    >>> import pyarrow as pa
    >>> rows = pa.table({"score_0": [1.0, 0.5, None], "customer": [4, 4, 5]})
    >>> answering_customers(nw.from_native(rows).lazy(), scores=["score_0"]).collect().rows()
    [(2, 1)]
    """
    given = answers.filter(_answered(scores))
    return given.select(nw.len().alias("answers"), nw.col("customer").n_unique().alias("customers"))


def invitations(answers: Table, *, scores: Sequence[str], by: Sequence[str]) -> Table:
    """How many were invited and how many of these answered, in each combination of groups.

    Parameters
    ----------
    answers
        One row a customer or invitation, answered or not: ``invited`` (true or false), scores and codes.
    scores
        Columns of the scores; one of them not null makes an answer.
    by
        Columns of the codes; may be empty.

    Returns
    -------
    Table
        Lazy: ``invited`` (true or false), the columns of ``by``, ``rows`` and ``answered``; sorted.

    Source
    ------
    Our own definition, docs/formulas/assess-scores.md#tables.

    Examples
    --------
    >>> import pyarrow as pa
    >>> rows = pa.table({"score_0": [1.0, None, 0.0], "invited": [True, True, False]})
    >>> invitations(nw.from_native(rows).lazy(), scores=["score_0"], by=[]).collect().rows()
    [(False, 1, 1), (True, 2, 1)]
    """
    marked = answers.select("invited", *by, _answered(scores).cast(nw.Int64).alias("answered"))
    counted = marked.group_by("invited", *by).agg(nw.len().alias("rows"), nw.col("answered").sum())
    return counted.sort("invited", *by)


def _answered(scores: Sequence[str]) -> nw.Expr:
    return nw.any_horizontal(*(~nw.col(score).is_null() for score in scores), ignore_nulls=True)
