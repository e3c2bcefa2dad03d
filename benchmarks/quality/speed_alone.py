"""One tier in a process of its own, from texts in memory to Parquet; prints pace and peak memory as JSON.

Run by :mod:`speed`: python benchmarks/quality/speed_alone.py TIER TEXTS.json OUT.parquet
"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from benchmarks.peak import peak_mib

from forvent.identify import Identifier
from forvent.records import Voice
from forvent.rows import RowWriter, mention_row, mentions_schema

BATCH = 4096


def main() -> None:
    """Identify all texts, print the figures."""
    tier, source, out = sys.argv[1:]
    begun = time.perf_counter()
    identifier = Identifier(tier)
    loaded = time.perf_counter() - begun
    texts = json.loads(Path(source).read_text(encoding="utf-8"))
    voices = [Voice(voice_id=str(place), text=text, row=place) for place, text in enumerate(texts)]
    begun = time.perf_counter()
    with RowWriter(Path(out), mentions_schema()) as writer:
        for first in range(0, len(voices), BATCH):
            found = identifier.identify(voices[first : first + BATCH])
            writer.write(mention_row(mention) for one in found for mention in one.mentions)
    seconds = time.perf_counter() - begun
    print(
        json.dumps(
            {"texts": len(texts), "pace": len(texts) / seconds, "load": loaded, "peak_mib": peak_mib()}
        )
    )


if __name__ == "__main__":
    main()
