"""Files of one run: all of them, or none."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import mkdtemp

from forvent.errors import CannotWrite


@contextmanager
def together(folder: Path | str) -> Iterator[Path]:
    """A folder to write into, whose files come to ``folder`` only if the block ends well.

    After an error or Ctrl-C nothing of the run is left, and what was in ``folder`` before is as it was.

    Parameters
    ----------
    folder
        Where the files shall be; made if it is not there.

    Raises
    ------
    CannotWrite
        If the folder cannot be made or a file cannot be written.

    Source
    ------
    Our own definition, decision 0002.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as home:
    ...     with together(Path(home) / "out") as unfinished:
    ...         _ = (unfinished / "a.txt").write_text("whole")
    ...     (Path(home) / "out/a.txt").read_text()
    'whole'
    """
    target = Path(folder)
    made = [place for place in (target, *target.parents) if not place.exists()]
    try:
        target.mkdir(parents=True, exist_ok=True)
        unfinished = Path(mkdtemp(prefix=".unfinished-", dir=target))
    except OSError as error:
        raise _refused(target, error) from error
    try:
        yield unfinished
        for file in sorted(unfinished.iterdir()):
            os.replace(file, target / file.name)
    except OSError as error:
        raise _refused(target, error) from error
    finally:
        shutil.rmtree(unfinished, ignore_errors=True)
        _leave_no_empty(made)


def _leave_no_empty(made: Iterable[Path]) -> None:
    """Take away folders that we made, innermost first, as long as nothing is in them."""
    for place in made:
        try:
            place.rmdir()
        except OSError:
            return


def _refused(target: Path, error: OSError) -> CannotWrite:
    why = error.strerror or str(error)
    return CannotWrite(
        f"Could not write to '{target}': {why}.", hint="Choose another folder with --out, or free some space."
    )
