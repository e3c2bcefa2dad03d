"""How far a command is, shown on the terminal."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

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
    if not sys.stderr.isatty():
        yield lambda _stage, _done, _total: None
        return
    # Here and not above: what scripts and jobs run shows no bar.
    from forvent.commands.terminal_bar import terminal_bar

    with terminal_bar(_DOING) as tell:
        yield tell
