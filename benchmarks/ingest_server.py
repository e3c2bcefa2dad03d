"""The workspace that ``ingest.py`` measures: its settings, its addresses and one bare view more.

As a module of settings it is that of the workspace with addresses of its own; ``python ingest_server.py``
makes the workspace with a key and prints its secret.
"""

from __future__ import annotations

import json
import secrets
from typing import Any

from forvent_server.settings import *  # noqa: F403 - these are its settings, but for two

ROOT_URLCONF = "ingest_server"


def bare(request: Any) -> Any:
    """One row of the same table by Django's own means: what the API is held against."""
    # Loaded here: this module is Django's settings too, before there are models.
    from django.http import JsonResponse
    from django.utils.timezone import now

    from forvent_server.store.models import Voice

    given = json.loads(request.body)["voices"][0]
    made = Voice.objects.create(
        key=f"bare/{given['id']}",
        content=0,
        text=given["text"],
        time=given["time"],
        came_at=now(),
        rating=given["rating"] / 5,
        rating_given=given["rating"],
        channel=given["channel"],
        identified_at=now(),
    )
    return JsonResponse({"id": made.pk})


def __getattr__(name: str) -> Any:
    """The addresses, once Django asks for them."""
    if name != "urlpatterns":
        raise AttributeError(name)
    # As above: views need models.
    from django.urls import path
    from django.views.decorators.csrf import csrf_exempt

    from forvent_server.urls import urlpatterns

    view = csrf_exempt(bare)
    # Behind everything that pages stand behind, and as straight as the API.
    return [path("bare/", view), path("api/v1/bare/", view), *urlpatterns]


def open_workspace() -> None:
    """A workspace with an owner and a key; its secret is printed, and what survives a power cut."""
    # As above.
    import django

    django.setup()
    from django.core.management import call_command
    from django.utils.timezone import now

    from forvent_server.actions import people

    call_command("migrate", verbosity=0)
    owner = people.open_workspace(
        business="Ingest",
        name="Ada",
        email="ada@example.org",
        password=secrets.token_urlsafe(),
        language="en",
        now=now(),
    )
    print(people.make_key(name="ingest", scopes=["read", "write"], who=owner, now=now())[1])
    print(_durability())


def _durability() -> str:
    """How the database keeps what it was given."""
    # As above.
    from django.db import connection

    wanted = ["PRAGMA journal_mode", "PRAGMA synchronous"]
    if connection.vendor == "postgresql":
        wanted = ["SHOW fsync", "SHOW synchronous_commit", "SHOW full_page_writes"]
    told = []
    with connection.cursor() as cursor:
        for line in wanted:
            cursor.execute(line)
            told.append(f"{line.split()[1]}={cursor.fetchone()[0]}")
    return f"in {connection.display_name} with {', '.join(told)}"


if __name__ == "__main__":
    open_workspace()
