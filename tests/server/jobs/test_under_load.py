"""Jobs while others write all the time: nothing that is under way fails because of it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

SCRIPTS = Path(__file__).resolve().parents[3] / "benchmarks"

#: All that an assessment is made from, collected in steps of three; somebody else writes before each word of
#: progress.
COLLECTING = """
import sqlite3, sys
from datetime import UTC, datetime
from pathlib import Path
from forvent_server.ready import ready
ready()
from forvent.records import Episode as Happened, Voice as Given
from forvent_server import stored
from forvent_server.actions.episodes import take_in_episodes
from forvent_server.actions.imports import files_source
from forvent_server.actions.queue import claim, enqueue
from forvent_server.actions.voices import take_in_voices
from forvent_server.jobs.work import Work
from forvent_server.store.models import Voice

now, folder = datetime.now(UTC), Path(sys.argv[1])
stored.ROWS = 3
take_in_voices([Given(str(n), f"Late, {n}.", n) for n in range(9)], source=files_source(now), now=now)
take_in_episodes([Happened(str(n), now.replace(tzinfo=None), n) for n in range(9)], now=now)
Voice.objects.update(identified_at=now, language="en", polarity="unmet", confidence=1.0)
job = enqueue("assess", now=now)
assert claim(job, by="test", now=now)
work = Work(job, stopping=lambda: False)

def beside(*given):
    other = sqlite3.connect(folder / "forvent.sqlite3")
    other.execute("UPDATE store_source SET trouble = trouble || 'x'")
    other.commit()
    other.close()
    work.progress(*given)

heard = stored.heard_so_far(folder, progress=beside)
record = stored.recalled_so_far(folder, progress=beside)
print(heard.report.used, record.report.used)
"""


def outside() -> dict[str, str]:
    """The environment without what tests set for their own workspace."""
    return {name: value for name, value in os.environ.items() if not name.startswith(("FORVENT_", "DJANGO_"))}


def test_an_assessment_goes_on_while_others_write(tmp_path: Path) -> None:
    ended = subprocess.run(
        [sys.executable, "-c", COLLECTING, str(tmp_path)],
        env=outside() | {"FORVENT_DATA": str(tmp_path), "FORVENT_ENCODER": "fast"},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert ended.stdout == "9 9\n", ended.stderr[-2000:]


@pytest.mark.slow
@pytest.mark.parametrize("database", ["sqlite", "postgresql"])
def test_nothing_that_was_accepted_is_lost_by_kills(database: str) -> None:
    ended = subprocess.run(
        [sys.executable, str(SCRIPTS / "kill.py"), "--kills", "6", "--database", database],
        env=outside(),
        capture_output=True,
        text=True,
        timeout=900,
        check=False,
    )
    assert ended.returncode == 0, ended.stdout + ended.stderr[-2000:]
