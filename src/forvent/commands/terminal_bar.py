"""The bar of a command that somebody watches."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from forvent.commands.progress import Report


@contextmanager
def terminal_bar(doing: Mapping[str, str]) -> Iterator[Report]:
    """A bar for each stage by its name, once it has begun; gone when all is done."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        tasks = {stage: bar.add_task(text, total=None, visible=False) for stage, text in doing.items()}

        def tell(stage: str, done: int, total: int | None) -> None:
            bar.update(tasks[stage], completed=done, total=total, visible=True)

        yield tell
