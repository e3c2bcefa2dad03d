"""The workspace made ready for a command: Django set up, and the database as this version needs it."""

from __future__ import annotations

import os
import sys

from forvent.errors import ForventError


class NotInstalled(ForventError):
    """The workspace needs packages that are not installed."""

    code = "not-installed"


def ready(*, migrate: bool = True) -> None:
    """Set Django up, and bring the database to this version where ``migrate``.

    Raises
    ------
    NotInstalled
        If the packages of the workspace are not there.
    """
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "forvent_server.settings")
    try:
        # Loaded here because the workspace is an optional extra of the library.
        import django
        from django.core.management import call_command
    except ImportError as error:
        raise NotInstalled(
            "The workspace is not installed.", hint="Install it with: pip install 'forvent[server]'."
        ) from error
    django.setup()
    if migrate:
        call_command("migrate", interactive=False, verbosity=0, stdout=sys.stderr)
