"""forvent backup | restore | link: the commands of who keeps a workspace."""

from __future__ import annotations

import argparse
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from forvent.errors import BadOption
from forvent_server.ready import ready


def add_keeping_commands(commands: Any) -> None:
    """Add them to those of the command line."""
    backup = commands.add_parser("backup", help="keep all of the workspace in one file, while people work")
    backup.add_argument("file", metavar="FILE", type=Path)
    backup.add_argument("--no-uploads", action="store_true", help="leave out the files that were uploaded")
    backup.add_argument("--no-secret", action="store_true", help="leave out the key that signs sessions")
    backup.set_defaults(run=_backup)
    restore = commands.add_parser("restore", help="put a backup back, all of it or nothing")
    restore.add_argument("file", metavar="FILE", type=Path)
    restore.add_argument("--replace", action="store_true", help="let go of what the workspace holds now")
    restore.set_defaults(run=_restore)
    link = commands.add_parser("link", help="make a link that signs somebody in once, without a password")
    link.add_argument("email", metavar="EMAIL")
    link.add_argument("--address", default="http://localhost:8000", help="where the workspace is reached")
    link.set_defaults(run=_link)


def _backup(options: argparse.Namespace) -> None:
    ready()
    # Loaded here because the workspace is an optional extra of the library.
    from forvent_server.backup import make_backup

    about = make_backup(options.file, now=_now(), uploads=not options.no_uploads, key=not options.no_secret)
    size = options.file.stat().st_size / 1e6
    secret = "the secret key" if about.key else "no secret key"
    sys.stdout.write(
        f"{options.file}: {sum(about.rows.values()):,} rows, {about.voices:,} of them voices, "
        f"{about.uploads:,} uploads, {secret}; {size:,.1f} MB, read back whole.\n"
    )


def _restore(options: argparse.Namespace) -> None:
    ready()
    # As above: an optional extra.
    from forvent_server.actions.restoring import restore

    about = restore(options.file, now=_now(), replace=options.replace)
    sys.stdout.write(
        f"Restored what was kept on {about.made_at}: {sum(about.rows.values()):,} rows, "
        f"{about.voices:,} of them voices, {about.uploads:,} uploads. Start the workspace anew.\n"
    )


def _link(options: argparse.Namespace) -> None:
    ready()
    # As above: an optional extra.
    from forvent_server.actions.links import OPENS_FOR, make_link
    from forvent_server.store.models import Person

    person = Person.objects.filter(email__iexact=options.email.strip(), is_active=True).first()
    if person is None:
        raise BadOption(f"Nobody here has the address '{options.email}'.", hint="Check how it is written.")
    token = make_link(person, now=_now())
    minutes = int(OPENS_FOR.total_seconds() // 60)
    sys.stdout.write(
        f"{person.name} signs in by this link, once, within {minutes} minutes:\n"
        f"{options.address.rstrip('/')}/link/{token}/\n"
    )


def _now() -> datetime:
    return datetime.now(UTC)
