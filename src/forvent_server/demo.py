"""forvent demo, with the workspace: after the report it opens with the sample business in it."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

from forvent.errors import BadOption
from forvent_server.ready import NotInstalled, ready

PORTS = range(8000, 8010)
#: A demo never goes into a workspace that is in real use.
REAL_USE = ("FORVENT_DATA", "FORVENT_DATABASE_URL", "FORVENT_DATABASE_URL_FILE")


def add_to_demo(commands: Any) -> None:
    """Let ``forvent demo`` open the workspace when its report is written."""
    demo = commands.choices["demo"]
    demo.add_argument(
        "--workspace",
        action=argparse.BooleanOptionalAction,
        default=None,
        help="open the workspace afterwards (default: where a person sits at a terminal)",
    )
    demo.set_defaults(run=partial(_demo, demo.get_default("run")))


def _demo(report: Callable[[argparse.Namespace], None], options: argparse.Namespace) -> None:
    report(options)
    # In a pipe or a check nobody would ever end it.
    wanted = (
        sys.stdout.isatty() and "CI" not in os.environ if options.workspace is None else options.workspace
    )
    if not wanted:
        return
    try:
        _open(Path(options.out), seed=options.seed, language=options.language)
    except NotInstalled as missing:
        if options.workspace:
            raise
        sys.stderr.write(f"forvent: {missing}\n")


def _open(out: Path, *, seed: int, language: str) -> None:
    """The workspace of a demo: its own folder, filled, and served until Ctrl-C."""
    for name in REAL_USE:
        os.environ.pop(name, None)
    os.environ["FORVENT_DATA"] = str((out / f"workspace-{seed}").resolve())
    ready()
    # Loaded here because the workspace is an optional extra of the library.
    from forvent_server.actions.links import OPENS_FOR, make_link
    from forvent_server.sample import fill_with_sample
    from forvent_server.serving import serve

    sys.stderr.write("forvent: opening the workspace with the same business …\n")
    owner = fill_with_sample(out, language=language, now=_now())
    port = _free_port()
    token = make_link(owner, now=_now())
    minutes = int(OPENS_FOR.total_seconds() // 60)
    sys.stdout.write(
        f"\nSign in by this link (once, within {minutes} minutes):\n\n"
        f"  http://localhost:{port}/link/{token}/\n\n"
    )
    sys.stdout.flush()
    serve(host="127.0.0.1", port=port, workers=1, work=True)


def _free_port() -> int:
    # As above: an optional extra.
    from forvent_server.serving import check_free

    for port in PORTS:
        try:
            check_free("127.0.0.1", port)
        except BadOption:
            continue
        return port
    raise BadOption(
        f"Nobody can listen on the ports {PORTS[0]} to {PORTS[-1]}.",
        hint="Close another program, or open the demo without its workspace: --no-workspace.",
    )


def _now() -> datetime:
    return datetime.now(UTC)
