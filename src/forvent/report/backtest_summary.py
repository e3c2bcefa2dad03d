"""A backtest for the terminal."""

from __future__ import annotations

from collections.abc import Iterable

from rich.console import Group, RenderableType
from rich.table import Table as Grid
from rich.text import Text

from forvent.records import Backtest, Estimate, NotEnough, Track
from forvent.report.pictures.months import kept_floor
from forvent.report.plain_text import plain_text
from forvent.report.sections.backtest_cases import left_out, read_said
from forvent.report.sections.backtest_months import alarm_said, months_finding
from forvent.report.sections.backtest_tracks import (
    COMPANY,
    DECIMALS,
    OURS,
    absent_said,
    amount_said,
    at_equal,
    kept_value,
    main_finding,
    track_of,
    tracks_finding,
    way_name,
)
from forvent.report.summary import part_of_summary
from forvent.report.wording import Wording, wording

ALARMS_SHOWN = 5
NAMES = 18
BLOCKS, UNKNOWN = "▁▂▃▄▅▆▇█", "·"


def backtest_summary(backtest: Backtest, *, language: str = "en") -> RenderableType:
    """A backtest as a short text for the terminal, readable without colour and at 80 columns.

    Parameters
    ----------
    backtest
        The walk through time.
    language
        ISO 639-1 code; English where there is no text file for it.

    Returns
    -------
    RenderableType
        For ``rich.console.Console.print``. Names from files are shown as text, never read as markup or as
        commands to the terminal.

    Source
    ------
    Our own definition, docs/howto/backtest.md.

    Examples
    --------
    >>> kept_strip((0.5, 0.75, None, 1.0), floor=0.5)
    '▁▅·█'
    """
    words = wording(language, names={}, scale=None)
    return Group(
        Text(main_finding(backtest, wording=words), style="bold"),
        *(Text(line) for line in read_said(backtest, wording=words)),
        *part_of_summary(
            words.say("backtest.tracks.question"),
            [Text(tracks_finding(backtest, wording=words)), _tracks(backtest, words)],
        ),
        *part_of_summary(words.say("backtest.months.question"), _months(backtest, words)),
        *part_of_summary(words.say("backtest.cases.question"), _cases(backtest, words)),
    )


def kept_strip(shares: Iterable[float | None], *, floor: float) -> str:
    """Kept shares of months as blocks from ``floor`` to 1; a dot where none is known."""
    return "".join(UNKNOWN if share is None else _block(share, floor) for share in shares)


def _block(share: float, floor: float) -> str:
    place = (share - floor) / (1.0 - floor) * (len(BLOCKS) - 1)
    return BLOCKS[min(len(BLOCKS) - 1, max(0, round(place)))]


def _tracks(backtest: Backtest, words: Wording) -> RenderableType:
    columns = ("way", "kept", "mean", "equal", "worst", "padded")
    grid = Grid(box=None, padding=(0, 1, 0, 0), pad_edge=False, header_style="")
    for column in columns:
        widest = NAMES if column == "way" else None
        grid.add_column(words.say(f"backtest.summary.{column}"), max_width=widest, overflow="fold")
    for track in backtest.tracks:
        grid.add_row(*(Text(cell) for cell in _row(track, backtest.unit, words)))
    return grid


def _row(track: Track, unit: str, words: Wording) -> tuple[str, ...]:
    return (
        way_name(track.name, wording=words),
        # Its count stands above the table, for it is the same for all.
        words.share_range(track.kept, noun="cases", decimals=DECIMALS),
        amount_said(track.mean_promise, unit=unit, wording=words),
        amount_said(at_equal(track), unit=unit, wording=words),
        _worst(track, words),
        words.share_value(track.padded) if isinstance(track.padded, Estimate) else words.say("numbers.none"),
    )


def _worst(track: Track, words: Wording) -> str:
    worst = track.worst_month
    if worst is None or isinstance(worst.kept, NotEnough):
        return words.say("numbers.none")
    kept = kept_value(worst.kept, wording=words)
    return words.say("backtest.summary.in_month", month=plain_text(worst.name), kept=kept)


def _months(backtest: Backtest, words: Wording) -> list[Text]:
    lines = [months_finding(backtest, wording=words), *_strips(backtest, words)]
    if backtest.alarms:
        lines.append(words.counted("alarms", len(backtest.alarms)))
        lines += [alarm_said(alarm, wording=words) for alarm in backtest.alarms[-ALARMS_SHOWN:]]
    else:
        lines.append(words.say("backtest.months.alarms_none"))
    return [Text(line) for line in lines]


def _strips(backtest: Backtest, words: Wording) -> list[str]:
    """Ours and the company's months as blocks, on one scale."""
    shown = [track for way in (OURS, COMPANY) if (track := track_of(backtest, way)) is not None]
    kept = [
        [part.kept.value if isinstance(part.kept, Estimate) else None for part in track.months]
        for track in shown
    ]
    known = [share for shares in kept for share in shares if share is not None]
    if not known:
        return []
    floor = kept_floor(known, ends=())
    names = [way_name(track.name, wording=words) for track in shown]
    strips = [kept_strip(shares, floor=floor) for shares in kept]
    lines = [
        words.say("backtest.of", name=name, what=strip) for name, strip in zip(names, strips, strict=True)
    ]
    return [*lines, words.say("backtest.summary.scale", low=words.percent(floor), high=words.percent(1.0))]


def _cases(backtest: Backtest, words: Wording) -> list[Text]:
    notes = [plain_text(note) for note in backtest.notes]
    absent = absent_said(backtest, wording=words)
    return [Text(line) for line in (*left_out(backtest, wording=words), absent, *notes) if line]
