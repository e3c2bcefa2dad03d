"""Clients of the people of the tests."""

from __future__ import annotations

from django.test import Client

from forvent_server.store.models import Person

PASSWORD = "a long enough word 7"


def signed_in(person: Person | None) -> Client:
    """A browser in which the person is signed in; None is anonymous."""
    client = Client()
    if person is not None:
        client.force_login(person)
    return client
