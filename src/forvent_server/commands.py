"""forvent serve | work | manage: the commands that the workspace adds to the command line."""

from __future__ import annotations

import argparse
import os
from typing import Any

from forvent_server.demo import add_to_demo
from forvent_server.keeping import add_keeping_commands
from forvent_server.ready import ready

PORT = 8000


def add_commands(commands: Any) -> None:
    """Add the commands of the workspace to those of the library."""
    serve = commands.add_parser("serve", help="open the workspace: pages and worker in one")
    serve.add_argument(
        "--host", default="127.0.0.1", help="address to listen on (default: this computer only)"
    )
    serve.add_argument("--port", type=int, default=PORT, help=f"port (default: {PORT})")
    serve.add_argument("--workers", type=int, default=2, help="processes that answer requests (default: 2)")
    serve.add_argument("--no-work", action="store_true", help="pages only; jobs are done by forvent work")
    serve.set_defaults(run=_serve)
    work = commands.add_parser("work", help="do the jobs of the workspace, beside forvent serve --no-work")
    work.add_argument("--beside", action="store_true", help=argparse.SUPPRESS)
    work.set_defaults(run=_work)
    manage = commands.add_parser("manage", help="Django's own commands, for those who keep the workspace")
    manage.add_argument("arguments", nargs=argparse.REMAINDER)
    manage.set_defaults(run=_manage)
    add_keeping_commands(commands)
    add_to_demo(commands)


def _serve(options: argparse.Namespace) -> None:
    ready()
    # Loaded here because the workspace is an optional extra of the library.
    from forvent_server.serving import serve

    serve(host=options.host, port=options.port, workers=options.workers, work=not options.no_work)


def _work(options: argparse.Namespace) -> None:
    # Asked first: who started it may be gone before all is loaded.
    started_by = os.getppid() if options.beside else None
    ready()
    # As above: an optional extra.
    from forvent_server.jobs.worker import Worker

    worker = Worker(started_by=started_by)
    worker.listen_to_signals()
    worker.run()


def _manage(options: argparse.Namespace) -> None:
    ready(migrate=False)
    # As above: an optional extra.
    from django.core.management import execute_from_command_line

    execute_from_command_line(["forvent manage", *options.arguments])
