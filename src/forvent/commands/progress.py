"""How far a command is, shown on the terminal."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

#: Called with what is being done, how much of it is done, and how much there is.
Report = Callable[[str, int, int | None], None]

_DOING = {
    "identify": "Reading what customers said",
    "read episodes": "Reading what was promised and delivered",
    "assess": "Comparing expected with got",
    "adjust": "Looking for promises that can be kept",
    "compare": "Comparing with the others",
    "predict": "Learning from the past",
}


@contextmanager
def progress_bar() -> Iterator[Report]:
    """A bar on the terminal; silent where the error stream is not one."""
    console = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as bar:
        tasks = {stage: bar.add_task(text, total=None, visible=False) for stage, text in _DOING.items()}

        def tell(stage: str, done: int, total: int | None) -> None:
            bar.update(tasks[stage], completed=done, total=total, visible=True)

        yield tell
