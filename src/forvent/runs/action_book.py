"""The file in which actions are kept beside a report: read, and written whole or not at all."""

from __future__ import annotations

import json
import math
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from time import sleep
from typing import Any

from forvent.errors import BadOption, CannotWrite, UnreadableFile
from forvent.records import Estimate
from forvent.records.effect import Action, Tally
from forvent.report.read_back import record_from

SCHEMA = "forvent/actions/1"
FILE = "actions.json"
LOCK = ".actions.lock"
OPEN, DONE, DROPPED = "open", "done", "dropped"
#: Tries to get hold of the lock, and seconds between them.
TRIES, PAUSE = 50, 0.1


@dataclass(frozen=True)
class ActionBook:
    """All actions, in the order they were added, and the efforts that people gave, in days by expectation."""

    actions: tuple[Action, ...] = ()
    efforts: Mapping[str, float] = field(default_factory=dict)

    def find(self, action_id: str) -> Action:
        """The action of an id.

        Raises
        ------
        BadOption
            If there is none.
        """
        for action in self.actions:
            if action.id.casefold() == action_id.strip().casefold():
                return action
        known = ", ".join(action.id for action in self.actions) or "none yet"
        raise BadOption(f"There is no action '{action_id}'.", hint=f"There are: {known}.")

    def next_id(self) -> str:
        """An id that no action has had; ids are never given twice."""
        return f"A{1 + max((int(action.id[1:]) for action in self.actions), default=0)}"

    def with_action(self, action: Action) -> ActionBook:
        """The book with one action more, its effort being that of its expectation from now on."""
        efforts = dict(self.efforts)
        if action.effort_days is not None:
            efforts[action.expectation] = action.effort_days
        return ActionBook((*self.actions, action), efforts)

    def closed(self, action_id: str, *, status: str, on: date | None = None, why: str = "") -> ActionBook:
        """The book with one open action done or dropped; its baseline stays as it was.

        Raises
        ------
        BadOption
            If the action is not open.
        """
        found = self.find(action_id)
        if found.status != OPEN:
            raise BadOption(
                f"Action {found.id} is {found.status} already.", hint="Add another action instead."
            )
        changed = replace(found, status=status, done=on, why=why)
        return replace(self, actions=tuple(changed if one.id == found.id else one for one in self.actions))


def read_book(folder: Path | str) -> ActionBook:
    """The actions kept in a folder; none where there is no file of them.

    Parameters
    ----------
    folder
        Where a report was written.

    Returns
    -------
    ActionBook
        In the order they were added.

    Raises
    ------
    UnreadableFile
        If the file is damaged, or of a later version; it is left as it is.

    Source
    ------
    Our own definition, docs/plan.md.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as home:
    ...     read_book(home).actions
    ()
    """
    file = Path(folder) / FILE
    try:
        text = file.read_text(encoding="utf-8")
    except (FileNotFoundError, NotADirectoryError):
        return ActionBook()
    except (OSError, UnicodeDecodeError) as error:
        raise _damaged(file, str(error)) from error
    try:
        document = json.loads(text)
        schema = document["schema"]
    except (ValueError, KeyError, TypeError) as error:
        raise _damaged(file, "it is no JSON of actions") from error
    if schema != SCHEMA:
        raise UnreadableFile(
            f"'{file}' has the schema '{schema}', and {SCHEMA} is known here.", hint="Update forvent."
        )
    try:
        return ActionBook(
            tuple(_action(one) for one in document["actions"]),
            {str(name): float(days) for name, days in document["efforts"].items()},
        )
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise _damaged(file, f"{type(error).__name__}: {error}") from error


def _damaged(file: Path, why: str) -> UnreadableFile:
    return UnreadableFile(
        f"'{file}' cannot be read: {why}.", hint="Put back a whole copy of it, or move it away to begin anew."
    )


@contextmanager
def writing(folder: Path | str) -> Iterator[None]:
    """Nobody else writes the actions of this folder while the block runs.

    Parameters
    ----------
    folder
        Where the report lies.

    Raises
    ------
    CannotWrite
        If somebody else has been writing for five seconds, or the folder cannot be written to.

    Source
    ------
    Our own definition, docs/plan.md.
    """
    lock = Path(folder) / LOCK
    for _ in range(TRIES):
        try:
            os.close(os.open(lock, os.O_CREAT | os.O_EXCL | os.O_WRONLY))
            break
        except FileExistsError:
            sleep(PAUSE)
        except OSError as error:
            raise _refused(Path(folder), error) from error
    else:
        raise CannotWrite(
            f"Another forvent plan is writing to '{folder}'.",
            hint=f"Try again; if none runs, delete '{lock}'.",
        )
    try:
        yield
    finally:
        lock.unlink(missing_ok=True)


def write_book(book: ActionBook, folder: Path | str) -> None:
    """Write all actions of a folder: the whole file, or what was there stays.

    Parameters
    ----------
    book
        What the file shall hold.
    folder
        Where the report lies; call inside ``writing``.

    Raises
    ------
    CannotWrite
        If it cannot be written.

    Source
    ------
    Our own definition, docs/plan.md.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as home:
    ...     write_book(ActionBook(efforts={"on_time": 2.0}), home)
    ...     read_book(home).efforts
    {'on_time': 2.0}
    """
    document = {
        "schema": SCHEMA,
        "efforts": dict(sorted(book.efforts.items())),
        "actions": [action_document(action) for action in book.actions],
    }
    text = json.dumps(document, ensure_ascii=False, allow_nan=False, indent=1) + "\n"
    half = Path(folder) / f".{FILE}.unfinished"
    try:
        with half.open("w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            # On the disk before the name is changed: after a power cut there is the old file or the new one.
            os.fsync(file.fileno())
        os.replace(half, Path(folder) / FILE)
    except OSError as error:
        half.unlink(missing_ok=True)
        raise _refused(Path(folder), error) from error


def _refused(folder: Path, error: OSError) -> CannotWrite:
    return CannotWrite(
        f"Could not write to '{folder}': {error.strerror or error}.",
        hint="Look at the rights of the folder, or free some space.",
    )


# ------------------------------------------------------------------------- records and JSON


def action_document(action: Action) -> dict[str, Any]:
    """An action as it stands in the file; docs/plan.md describes the keys."""
    base = action.baseline
    return {
        "id": action.id,
        "subject": action.subject,
        "action": action.action,
        "owner": action.owner,
        "due": _text(action.due),
        "effort_days": action.effort_days,
        "hypothesis": action.hypothesis,
        "measure": action.measure,
        "comparison": action.comparison,
        "target": _numbers(action.target),
        "added": action.added.isoformat(),
        "status": action.status,
        "done": _text(action.done),
        "why": action.why,
        "baseline": {
            "estimate": _numbers(base.estimate),
            "first": base.first.isoformat(),
            "last": base.last.isoformat(),
            "definition": base.definition,
            "rebound": base.rebound,
            "weeks": [_week(one) for one in base.weeks],
            "comparison_weeks": [_week(one) for one in base.comparison_weeks],
        },
    }


def _action(found: Mapping[str, Any]) -> Action:
    """An action of the file; its weeks stand in it as lists, which are shorter."""
    base = found["baseline"]
    weeks = {name: [_week_of(one) for one in base[name]] for name in ("weeks", "comparison_weeks")}
    action = record_from(Action, {**found, "baseline": {**base, **weeks}})
    if not (action.id[:1] == "A" and action.id[1:].isdigit()):
        raise ValueError(f"'{action.id}' is no id")
    if action.status not in (OPEN, DONE, DROPPED):
        raise ValueError(f"'{action.status}' is no status")
    if not all(map(math.isfinite, _told(action))):
        raise ValueError(f"{action.id} holds what is no number")
    return action


def _week_of(one: Any) -> dict[str, Any]:
    return dict(zip(("week", "n", "good", "squared"), one, strict=True))


def _told(action: Action) -> Iterator[float]:
    """Every number of an action."""
    base = action.baseline
    for found in (action.target, base.estimate):
        yield from (found.value, found.low, found.high, found.level)
    yield from (base.rebound, 0.0 if action.effort_days is None else action.effort_days)
    for week in (*base.weeks, *base.comparison_weeks):
        yield from (week.good, week.squared)


def _numbers(found: Estimate) -> dict[str, float]:
    return {
        "value": found.value,
        "low": found.low,
        "high": found.high,
        "n": found.n,
        "level": found.level,
    }


def _week(one: Tally) -> list[Any]:
    return [one.week.isoformat(), one.n, one.good, one.squared]


def _text(day: date | None) -> str | None:
    return None if day is None else day.isoformat()
