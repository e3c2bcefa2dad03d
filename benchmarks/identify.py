"""Quality of identify on text it did not learn from: writes docs/quality.md.

Polarity, mentions, levels, language, agreement over languages, and speed of every tier; how each
is measured stands on the page. Needs the shared test data beside the project. Rows are kept in
--rows, so that a run that was cut off goes on where it stopped, and parts can run beside each
other. Run: python benchmarks/identify.py [--tiers exact,fast,auto] [--most 300]
[--part quality|mapped|gold|parallel|language|speed] [--from FOLDER]
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from benchmarks.quality import gold, languages, mapped, parallel, polarity, speed  # noqa: E402
from benchmarks.quality.gold_set import gold_languages  # noqa: E402
from benchmarks.quality.kept import Kept  # noqa: E402
from benchmarks.quality.page import page_of  # noqa: E402
from benchmarks.quality.sets import BENCHMARKS, DETECTED, FURTHER, MAPPED, SETS, SHARED, hashed  # noqa: E402
from benchmarks.quality.tiers import Tier  # noqa: E402

OUT = ROOT / "docs/quality.md"
TIERS = ("exact", "fast", "auto")
#: Detecting is quick, so more texts of a set are taken than for the rest.
MANY = 1000


def main() -> None:
    """Measure what is not kept yet, write the page."""
    options = _options()
    if options.source:
        kept = Kept(options.source, most=options.most, only_read=True)
    else:
        if not SHARED.is_dir():
            raise SystemExit("The shared test data are not beside the project; nothing was measured.")
        kept = Kept(options.rows, most=options.most)
        measure(kept, tiers=options.tiers.split(","), parts=options.part or list(PARTS))
    options.out.write_text(page_of(kept), encoding="utf-8", newline="\n")
    print(options.out)


def measure(kept: Kept, *, tiers: Sequence[str], parts: Sequence[str]) -> None:
    """All rows of some parts."""
    # Speed first: it must not share the machine's memory with tiers that are loaded.
    for part in sorted(parts, key=list(PARTS).index):
        if part in ALONE:
            ALONE[part](kept, tiers)
    if not set(parts) - set(ALONE):
        return
    for name in tiers:
        tier = Tier(name)
        for part in parts:
            if part in OF_TIER:
                OF_TIER[part](kept, tier)


def measure_speed(kept: Kept, tiers: Sequence[str]) -> None:
    """Speed, memory, size."""
    versions = speed.versions(tiers)
    for tier, name, work in speed.measures(tiers, kept.most):
        kept.keep("speed", tier, name, version=versions.get(tier, ""), measure=work)


def measure_language(kept: Kept, _: Sequence[str]) -> None:
    """Detection of the language; no tier has a part in it."""
    for one in DETECTED:
        kept.keep("language", "", one.name, version="", measure=partial(languages.measure, one, MANY))


def measure_agreement(kept: Kept, _: Sequence[str]) -> None:
    """The second labelling beside the first."""
    for language in gold_languages():
        found = gold.agreement(language)
        if found:
            measured = hashed(json.dumps(found, sort_keys=True))
            kept.keep("agreement", "", language, version="", source=measured, measure=partial(dict, found))


def measure_quality(kept: Kept, tier: Tier) -> None:
    """Polarity of the outside sets."""
    for one in (*SETS, *FURTHER):
        _keep(kept, "quality", tier, one.name, partial(polarity.measure, tier, one, kept.most))


def measure_mapped(kept: Kept, tier: Tier) -> None:
    """Mentions on mapped labels."""
    for one in MAPPED:
        _keep(kept, "mapped", tier, one.name, partial(mapped.measure, tier, one, kept.most))


def measure_gold(kept: Kept, tier: Tier) -> None:
    """The gold set; all of it, unless few texts are asked for to try the script."""
    for language in gold_languages():
        most = kept.most if kept.most < 100 else 10_000
        _keep(kept, "gold", tier, language, partial(gold.measure, tier, language, most))


def measure_parallel(kept: Kept, tier: Tier) -> None:
    """The parallel reviews."""
    _keep(kept, "parallel", tier, "m_absa", lambda: parallel.measure(tier, kept.most))


ALONE: dict[str, Callable[[Kept, Sequence[str]], None]] = {
    "speed": measure_speed,
    "language": measure_language,
    "agreement": measure_agreement,
}
OF_TIER: dict[str, Callable[[Kept, Tier], None]] = {
    "quality": measure_quality,
    "mapped": measure_mapped,
    "gold": measure_gold,
    "parallel": measure_parallel,
}
PARTS = (*ALONE, *OF_TIER)


def _keep(kept: Kept, part: str, tier: Tier, name: str, work: Callable[[], dict[str, object]]) -> None:
    version = tier.judge.version
    source = source_of(BENCHMARKS / {"mapped": "mappings", "gold": f"gold/{name}.tsv"}.get(part, ""))
    kept.keep(part, tier.name, name, version=version, source=source, measure=work)


def source_of(path: Path) -> str:
    """A hash of the labels in a file or of the tables in a folder; none for the folder of the scripts."""
    files = [path] if path.is_file() else sorted(path.glob("*.toml"))
    return hashed("".join(file.read_text(encoding="utf-8") for file in files)) if files else ""


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tiers", default=",".join(TIERS), help="which tiers, separated by commas")
    parser.add_argument("--most", type=int, default=300, help="texts a set, the first by a hash of their ids")
    parser.add_argument("--part", action="append", choices=PARTS, help="only this part; may be repeated")
    parser.add_argument(
        "--rows", type=Path, default=Path("quality-rows"), help="folder of rows already measured"
    )
    parser.add_argument(
        "--from", dest="source", type=Path, help="measure nothing: the page from this folder's rows"
    )
    parser.add_argument("--out", type=Path, default=OUT)
    return parser.parse_args()


if __name__ == "__main__":
    main()
