"""One linear history of the store, that says all the models say."""

from __future__ import annotations

import io
from itertools import pairwise

import pytest
from django.core.management import call_command
from django.db import connection
from django.db.migrations.loader import MigrationLoader


def test_the_history_is_one_line_from_the_first_to_the_last() -> None:
    loader = MigrationLoader(None)
    own = sorted(name for app, name in loader.disk_migrations if app == "store")
    assert loader.detect_conflicts() == {}
    assert loader.graph.leaf_nodes("store") == [("store", own[-1])]
    for before, after in pairwise(own):
        assert ("store", before) in loader.disk_migrations[("store", after)].dependencies
    assert [int(name[:4]) for name in own] == list(range(1, len(own) + 1))


@pytest.mark.django_db
def test_the_models_say_nothing_that_the_history_does_not() -> None:
    told = io.StringIO()
    call_command("makemigrations", "store", check=True, dry_run=True, stdout=told, skip_checks=True)
    assert "No changes detected" in told.getvalue()


@pytest.mark.django_db(transaction=True)
def test_every_step_can_be_taken_back_and_again() -> None:
    own = sorted(name for app, name in MigrationLoader(None).disk_migrations if app == "store")
    try:
        call_command("migrate", "store", own[0], verbosity=0, skip_checks=True)
        assert "store_calendar" not in connection.introspection.table_names()
    finally:
        call_command("migrate", "store", verbosity=0, skip_checks=True)
    assert "store_calendar" in connection.introspection.table_names()
