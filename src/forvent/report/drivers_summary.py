"""Drivers for the terminal."""

from __future__ import annotations

from collections.abc import Iterator

from rich.console import Group, RenderableType
from rich.table import Table as Grid
from rich.text import Text

from forvent.records import Estimate, NotEnough
from forvent.records.drivers import Driver, DriverDrift, Drivers, DriverSegments, DriversFound
from forvent.records.kinds import KindChange
from forvent.report.sections.sources import KEPT_BUT

ROWS_SHOWN, CHANGES_SHOWN = 20, 12
DIFFERS = "differs"
_FIELDS = {
    "concentrate_here": "Important and rated low",
    "keep_up": "Important and rated high",
    "low_priority": "Less important and rated low",
    "possible_overkill": "Less important and rated high",
    "undecided": "On a line: undecided",
}
_ODD = {
    "u_shaped": "Low and high ratings both go with more satisfaction than the middle, so no kind is put on",
    "arched": "Low and high ratings both go with less satisfaction than the middle, so no kind is put on",
    "runs_backwards": "The higher the rating, the lower the satisfaction (--upside-down where the scale is)",
    "upside_down": "Ratings run against all others, so the scale may be upside down (--upside-down)",
}


def drivers_summary(found: DriversFound) -> RenderableType:
    """Drivers as a short text for the terminal, readable without colour and at 80 columns.

    Parameters
    ----------
    found
        What was found.

    Returns
    -------
    RenderableType
        For ``rich.console.Console.print``.

    Source
    ------
    Our own definition, docs/drivers.md.

    Examples
    --------
    >>> points(Estimate(-0.123, -0.14, -0.107, 90))
    '-12'
    """
    drivers = found.drivers
    parts: list[RenderableType] = [Text(f"What goes together with “{drivers.overall}”", style="bold")]
    parts += [Text(line) for line in _opening(drivers)]
    parts += [Text(""), _grid(drivers.touchpoints[:ROWS_SHOWN])]
    parts += [Text("share: of what the ratings explain. low, high: points of satisfaction out of 100")]
    parts += [Text("beside a middle rating. asymmetry: -1 only low ratings matter, +1 only high ones.")]
    more = len(drivers.touchpoints) - ROWS_SHOWN
    parts += [Text(f"… and {more} more in the JSON.")] if more > 0 else []
    moved = [_segments(one) for one in found.segments]
    moved += [_drift(found.drift)] if found.drift else []
    for lines in (_places(drivers), _stated(drivers), _odd(drivers), *moved, _read(found)):
        parts += [Text("")] if lines else []
        parts += [Text(line) for line in lines]
    return Group(*parts)


def points(number: Estimate | NotEnough) -> str:
    """Points of satisfaction out of 100 with their sign; a dash where there are none."""
    return f"{100 * number.value:+.0f}" if isinstance(number, Estimate) else "–"


def points_range(number: Estimate) -> str:
    """Both limits in points."""
    return f"{100 * number.low:+.0f} to {100 * number.high:+.0f}"


def _opening(drivers: Drivers) -> list[str]:
    lines = [f"{drivers.answers:,} answers, {len(drivers.touchpoints)} touchpoints in one model."]
    explained = drivers.explained
    if isinstance(explained, NotEnough):
        return [*lines, f"No model: {explained.why} ({explained.n}, needed {explained.needed})."]
    limits = f"{explained.low:.0%} to {explained.high:.0%}"
    lines.append(f"Their ratings go together with {explained.value:.0%} of what differs in it ({limits}).")
    if drivers.sampled:
        lines.append("So many touchpoints that importance was averaged over drawn orders.")
    lines.append("This is association: it does not say that a better rating would raise satisfaction.")
    if "upside_down" in drivers.cautions:
        lines.append(
            f"CARE: most ratings go with less of “{drivers.overall}”: its scale may be upside down "
            f'(--upside-down "{drivers.overall}").'
        )
    return lines


def _grid(touchpoints: tuple[Driver, ...]) -> Grid:
    grid = Grid.grid(padding=(0, 1))
    grid.add_column(max_width=26, overflow="ellipsis", no_wrap=True)
    for _ in range(5):
        grid.add_column(no_wrap=True, justify="right")
    grid.add_column(no_wrap=True)
    grid.add_row("", "share", "order", "low", "high", "asymmetry", " kind", style="bold")
    for one in touchpoints:
        grid.add_row(*(Text(cell) for cell in _cells(one)))
    return grid


def _cells(one: Driver) -> tuple[str, ...]:
    share = f"{one.share.value:.0%}" if isinstance(one.share, Estimate) else "–"
    place = "–"
    if isinstance(one.rank, Estimate):
        place = f"{one.rank.low:g}" + ("" if one.rank.low == one.rank.high else f"–{one.rank.high:g}")
    sided = one.asymmetry
    asymmetry = f"{sided.low:+.2f}…{sided.high:+.2f}" if isinstance(sided, Estimate) else "–"
    return one.name, share, place, points(one.penalty), points(one.reward), asymmetry, f" {one.kind}"


def _places(drivers: Drivers) -> list[str]:
    """Fields of importance and performance; those on a line are told as such."""
    named = {
        field: [
            one.name for one in drivers.touchpoints if one.place == field and isinstance(one.rank, Estimate)
        ]
        for field in _FIELDS
    }
    return [f"{text}: {', '.join(named[field])}." for field, text in _FIELDS.items() if named[field]]


def _stated(drivers: Drivers) -> list[str]:
    said = [
        f"{one.name} {100 * one.stated.value:.0f} ({100 * one.stated.low:.0f} to {100 * one.stated.high:.0f})"
        for one in drivers.touchpoints
        if isinstance(one.stated, Estimate)
    ]
    return [f"What customers say of its importance (0 to 100): {', '.join(said)}."] if said else []


def _odd(drivers: Drivers) -> list[str]:
    said: dict[str, list[str]] = {}
    for one in drivers.touchpoints:
        for text in _odd_of(one):
            said.setdefault(text, []).append(one.name)
    return [f"{text}: {', '.join(names)}." for text, names in said.items()]


def _odd_of(one: Driver) -> Iterator[str]:
    for caution in one.cautions:
        what, _, other = caution.partition(":")
        yield f"Hardly to be told apart from “{other}”" if what == "alike" else _ODD[what]
    lacking = (one.importance, one.penalty, one.reward)
    for why in sorted({number.why for number in lacking if isinstance(number, NotEnough)}):
        yield f"No number, since {why}"


def _segments(found: DriverSegments) -> list[str]:
    lines = [
        f"  {change.name} for {group.name}: {_moved(change)} than for the rest{_became(change)}"
        for group in found.segments
        for change in group.changes
        if change.verdict == DIFFERS
    ]
    count = len(found.segments)
    return [
        f"By {found.column}: {count} segment{'' if count == 1 else 's'} of at least 30 answers.",
        *(_shown(lines) or ["  No difference between them can be shown."]),
    ]


def _drift(found: DriverDrift) -> list[str]:
    periods = found.periods
    if len(periods) < 2:
        return [f"Over {found.column}: fewer than two periods with enough answers."]
    lines = [
        f"  {change.name}: {_moved(change)}{_became(change)}"
        for change in found.changes
        if change.verdict == DIFFERS
    ]
    return [
        f"Over {found.column}, from {periods[0].name} to {periods[-1].name}:",
        *(_shown(lines) or ["  No movement can be shown."]),
    ]


def _moved(change: KindChange) -> str:
    """What differs, in points of satisfaction."""
    parts = [
        f"{side} ratings {points(number)} points ({points_range(number)})"
        for side, number, rate in (
            ("low", change.penalty, change.penalty_rate),
            ("high", change.reward, change.reward_rate),
        )
        if isinstance(number, Estimate) and rate is not None
    ]
    return ", ".join(parts)


def _became(change: KindChange) -> str:
    return f"; looks {change.after}, not {change.before}" if change.became else ""


def _shown(lines: list[str]) -> list[str]:
    more = len(lines) - CHANGES_SHOWN
    return [*lines[:CHANGES_SHOWN], *([f"  … and {more} more in the JSON."] if more > 0 else [])]


def _read(found: DriversFound) -> list[str]:
    reading = found.reading
    lines = [f"{reading.used:,} of {reading.rows:,} rows of {reading.file} used."]
    lines += [
        f"  {'note' if one.reason.startswith(KEPT_BUT) else 'left out'}: {one.reason.removeprefix(KEPT_BUT)}"
        f"{f' in “{one.column}”' if one.column else ''}, {one.count:,} rows (first: "
        f"{', '.join(map(str, one.rows[:3]))})"
        for one in reading.unusable
    ]
    if found.zero == "not_applicable":
        lines.append("  0 was taken for “not applicable” (--not-applicable none makes it a rating).")
    if found.zero == "rating":
        lines.append("  0 was taken for the lowest rating (--not-applicable 0 if it means “not applicable”).")
    return [*lines, *(f"  {note}" for note in reading.notes)]
