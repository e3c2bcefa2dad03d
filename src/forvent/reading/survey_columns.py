"""Which columns of a survey are to be read, as a person says or as they look."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from forvent.errors import BadOption
from forvent.reading.answer_table import AnswerTable
from forvent.reading.columns import NOT_USED, guess_columns
from forvent.reading.header_words import folded
from forvent.reading.pair_cells import Wishes, holds_answers
from forvent.reading.pair_columns import PARTS, PairColumns, find_pairs, named
from forvent.reading.sample import Sample
from forvent.records import SurveyPair

FIELDS = ("customer", "touchpoint", "time", "overall")
"""What may stand beside the pairs."""

_OVERALL = {("overall",), ("overall", "satisfaction"), ("overall", "rating"), ("satisfaction",), ("csat",)}


@dataclass(frozen=True, slots=True)
class SurveyChoices:
    """How a survey is to be read; what is left empty is guessed.

    ``columns`` maps "expected.NAME", "received.NAME", "adequate.NAME", "desired.NAME", "customer",
    "touchpoint", "time" and "overall" to columns, or to "-" for none. ``dimensions`` names pairs by
    dimension, ``less`` and ``more`` the pairs that hold amounts of which less, or more, is better.
    ``reverse`` names columns whose scale runs the other way, ``by`` columns that group the answers.
    ``not_applicable`` are numbers that stand for no answer, ``unit`` is that of amounts that name none.
    """

    columns: Mapping[str, str] = field(default_factory=dict)
    dimensions: Mapping[str, Sequence[str]] = field(default_factory=dict)
    less: tuple[str, ...] = ()
    more: tuple[str, ...] = ()
    reverse: tuple[str, ...] = ()
    by: tuple[str, ...] = ()
    scale: tuple[float, float] | None = None
    not_applicable: tuple[float, ...] = ()
    unit: str = ""


def survey_pairs(table: AnswerTable, chosen: SurveyChoices) -> tuple[PairColumns, ...]:
    """The pairs of columns that are given or can be told."""
    given = {}
    for name, column in chosen.columns.items():
        part, _, _ = name.partition(".")
        if part in PARTS:
            given[name] = column
        elif name not in FIELDS:
            raise BadOption(
                f"“{name}” is no field that can be mapped.",
                hint=f"Fields: {', '.join(f'{part}.NAME' for part in PARTS)}, {', '.join(FIELDS)}.",
            )
    aside = {table.find(name, what="a group") for name in chosen.by}
    aside |= {column for name, column in chosen.columns.items() if name in FIELDS}
    return find_pairs(
        table.names,
        given=given,
        dimensions=chosen.dimensions,
        numeric=lambda name: name not in aside and holds_answers(table.kinds(name)),
        file=table.file,
    )


def wishes_of(chosen: SurveyChoices, pairs: Sequence[PairColumns]) -> Wishes:
    """What was said of how cells are read, with pairs by their names."""

    def those(given: Sequence[str], option: str) -> frozenset[str]:
        return frozenset(named(name, pairs=pairs, option=option).name for name in given)

    return Wishes(
        scale=chosen.scale,
        not_applicable=frozenset(chosen.not_applicable),
        less=those(chosen.less, "less is better"),
        more=those(chosen.more, "more is better"),
        unit=chosen.unit,
    )


def turned_pairs(
    pairs: Sequence[SurveyPair], reverse: Sequence[str], *, table: AnswerTable
) -> tuple[SurveyPair, ...]:
    """The pairs with the columns that are to be turned round."""
    columns = [table.find(column, what="a scale that runs the other way") for column in reverse]
    found = []
    for pair in pairs:
        parts = [getattr(pair, part) for part in PARTS]
        turned = tuple(column for column in columns if column in parts)
        if turned and pair.kind == "level":
            raise BadOption(
                f"“{turned[0]}” holds amounts, which have no scale to turn round.",
                hint="Say which way is better with --less-is-better or --more-is-better.",
            )
        found.append(replace(pair, reversed=turned))
    used = {column for pair in found for column in pair.reversed}
    for column in columns:
        if column not in used:
            raise BadOption(f"“{column}” is in no pair.", hint="Turn round a column of a pair.")
    return tuple(found)


def other_columns(
    chosen: SurveyChoices, *, pairs: Sequence[SurveyPair], groups: Sequence[str], table: AnswerTable
) -> dict[str, str]:
    """The columns of customer, touchpoint, time and overall rating that are given or look like it."""
    taken = {getattr(pair, part) for pair in pairs for part in PARTS} | set(groups)
    kept = [place for place, name in enumerate(table.names) if name not in taken]
    names = [table.names[place] for place in kept]
    rows = tuple(tuple(row[place] for place in kept) for row in table.sample.rows)
    given = {name: column for name, column in chosen.columns.items() if name in FIELDS and name != "overall"}
    given |= {"text": NOT_USED, "rating": NOT_USED}
    rest = Sample(rows, table.sample.total, table.sample.step)
    found = guess_columns(names, sample=rest, kind="voices", given=given, file=table.file).mapping
    others = {name: found[name] for name in FIELDS if name in found}
    overall = chosen.columns.get("overall")
    if overall is None:
        overall = next(
            (name for name in names if folded(name) in _OVERALL and holds_answers(table.kinds(name))), "-"
        )
    if overall != NOT_USED:
        others["overall"] = table.find(overall, what="overall")
    return others


def pair_mapping(pairs: Sequence[SurveyPair]) -> dict[str, str]:
    """The column of each half, by "part.name"."""
    return {
        f"{part}.{pair.name}": column for pair in pairs for part in PARTS if (column := getattr(pair, part))
    }
