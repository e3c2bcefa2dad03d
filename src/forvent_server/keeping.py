"""forvent backup | restore | reseal | link: the commands of who keeps a workspace."""

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
    link.add_argument(
        "--reset-second-factor",
        action="store_true",
        help="take the second factor of somebody who lost phone and codes; the audit says so",
    )
    link.set_defaults(run=_link)
    reseal = commands.add_parser(
        "reseal", help="seal all secrets anew, with another secret key or that of now"
    )
    reseal.add_argument("--new-key", action="store_true", help="make another key; those before still open")
    reseal.add_argument(
        "--drop-old", action="store_true", help="keep the key of now alone, once all is sealed"
    )
    reseal.set_defaults(run=_reseal)


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
    from forvent_server.actions.sealed import locked_away

    about = restore(options.file, now=_now(), replace=options.replace)
    sys.stdout.write(
        f"Restored what was kept on {about.made_at}: {sum(about.rows.values()):,} rows, "
        f"{about.voices:,} of them voices, {about.uploads:,} uploads. Start the workspace anew.\n"
    )
    if lost := locked_away():
        sys.stdout.write(
            f"{lost} secrets of sources, webhooks and second factors were sealed with another key: "
            "put it back (docs/howto/keys.md), or enter them anew.\n"
        )


def _link(options: argparse.Namespace) -> None:
    ready()
    # As above: an optional extra.
    from forvent_server.actions.links import OPENS_FOR, make_link
    from forvent_server.actions.second_factor import reset_second_factor
    from forvent_server.store.models import Person

    person = Person.objects.filter(email__iexact=options.email.strip(), is_active=True).first()
    if person is None:
        raise BadOption(f"Nobody here has the address '{options.email}'.", hint="Check how it is written.")
    if options.reset_second_factor:
        reset_second_factor(person, now=_now())
    token = make_link(person, now=_now())
    minutes = int(OPENS_FOR.total_seconds() // 60)
    code = " with a code of the second factor," if person.totp_confirmed else ""
    sys.stdout.write(
        f"{person.name} signs in by this link,{code} once, within {minutes} minutes:\n"
        f"{options.address.rstrip('/')}/link/{token}/\n"
    )


def _reseal(options: argparse.Namespace) -> None:
    ready()
    # As above: an optional extra.
    from forvent_server.actions.sealed import renewed, reseal, use_keys, without_old

    if options.new_key:
        keys = renewed()
        if not use_keys(keys):
            _say_to_set(keys.written(), then="Then run forvent reseal.")
            return
    done = reseal(now=_now())
    lost = f"; {done.lost} could not be opened by any key and have to be entered anew" if done.lost else ""
    sys.stdout.write(
        f"{done.sealed} secrets are sealed with the key of now{lost}. Start the workspace anew.\n"
    )
    if options.drop_old:
        keys = without_old()
        if not use_keys(keys):
            _say_to_set(keys.written(), then="Older keys open nothing then.")


def _say_to_set(value: str, *, then: str) -> None:
    """A key that is set from outside is changed there."""
    sys.stdout.write(f"Set FORVENT_SECRET_KEY to these lines:\n\n{value}\n{then}\n")


def _now() -> datetime:
    return datetime.now(UTC)
