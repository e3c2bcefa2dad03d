"""Alerts kept in the folder of a report, from run to run."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from forvent.assess import change
from forvent.errors import UnreadableFile
from forvent.records import Findings
from forvent.records.change import Acknowledgement, Change, KeptAlerts
from forvent.report.alerts_json import SCHEMA, alerts_json
from forvent.report.read_back import record_from
from forvent.runs.outputs import together

FILE = "alerts.json"


def read_alerts(folder: Path | str) -> KeptAlerts:
    """The alerts that are kept in a folder; none where nothing is kept yet.

    Parameters
    ----------
    folder
        Where ``forvent report`` left its files.

    Returns
    -------
    KeptAlerts
        The newest first.

    Raises
    ------
    UnreadableFile
        If there is a file ``alerts.json`` that is damaged or not ours; it is left as it is.

    Source
    ------
    Our own definition, docs/alerts.md.

    Examples
    --------
    >>> read_alerts("a folder that is not there")
    KeptAlerts(alerts=())
    """
    file = Path(folder) / FILE
    if not file.exists():
        return KeptAlerts(())
    try:
        document = json.loads(file.read_text(encoding="utf-8"))
        if document["schema"] != SCHEMA:
            raise _refused(file, f"its schema is {str(document['schema'])[:60]!r}, not '{SCHEMA}'")
        kept = record_from(KeptAlerts, document)
    except OSError as error:
        raise _refused(file, error.strerror or str(error)) from error
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise _refused(file, "it is damaged or not a file of kept alerts") from error
    if len({one.alert.id for one in kept.alerts}) < len(kept.alerts):
        raise _refused(file, "two of its alerts have the same id")
    return kept


def keep_alerts(findings: Findings, *, folder: Path, before: Path) -> None:
    """Write the alerts of a run together with those kept before it, notes included.

    Parameters
    ----------
    findings
        What the run found.
    folder
        Where ``alerts.json`` is written.
    before
        Folder in which alerts were kept so far.

    Raises
    ------
    UnreadableFile
        If what was kept so far is damaged.

    Source
    ------
    Our own definition, docs/alerts.md.
    """
    kept = read_alerts(before)
    found = findings.change.alerts if isinstance(findings.change, Change) else ()
    if not kept.alerts and not isinstance(findings.change, Change):
        return
    told = change.remembered(kept, found=found, now=findings.made_at)
    (folder / FILE).write_text(alerts_json(told), encoding="utf-8")


def acknowledge(folder: Path | str, *, ids: Sequence[str], by: str, note: str, now: datetime) -> KeptAlerts:
    """Note on some alerts of a folder that somebody has seen them, and keep it.

    Parameters
    ----------
    folder
        Where ``forvent report`` left its files.
    ids
        Ids of the alerts.
    by, note
        Who takes note, and what they write.
    now
        When, UTC.

    Returns
    -------
    KeptAlerts
        All alerts, with the new notes.

    Raises
    ------
    UnreadableFile
        If the file is not there, damaged or not ours.
    BadOption
        If an id is not there or was acknowledged before; then nothing is written.

    Source
    ------
    Our own definition, docs/alerts.md.
    """
    told = change.acknowledged(there(folder), ids=ids, note=Acknowledgement(by, now, note))
    with together(folder) as unfinished:
        (unfinished / FILE).write_text(alerts_json(told), encoding="utf-8")
    return told


def there(folder: Path | str) -> KeptAlerts:
    """The alerts of a folder that must have some file of them.

    Parameters
    ----------
    folder
        Where ``forvent report`` left its files.

    Returns
    -------
    KeptAlerts
        The newest first.

    Raises
    ------
    UnreadableFile
        If there is no file of alerts, or it is damaged or not ours.

    Source
    ------
    Our own definition, docs/alerts.md.
    """
    if not (Path(folder) / FILE).exists():
        raise UnreadableFile(
            f"There is no {FILE} in '{folder}'.",
            hint="`forvent report … --out DIR` writes it, where voices have a time.",
        )
    return read_alerts(folder)


def _refused(file: Path, why: str) -> UnreadableFile:
    return UnreadableFile(
        f"The alerts kept in '{file}' cannot be read: {why}.",
        hint="Nothing in it was changed; mend it or move it away.",
    )
