"""The menu marks the page that is open, and the one that a page without an entry belongs to."""

from __future__ import annotations

import pytest

from forvent_server.web.menu import MENU, WITHIN, is_here


@pytest.mark.parametrize(
    ("here", "marked"),
    [
        ("/", "/"),
        ("/expectations/on_time/", "/expectations/"),
        ("/changes/", "/expectations/"),
        ("/personas/", "/expectations/"),
        ("/episodes/7/", "/promises/"),
        ("/sources/new/feed/", "/imports/"),
        ("/keys/", "/people/"),
        ("/audit/", "/people/"),
        ("/api/", "/settings/"),
    ],
)
def test_exactly_one_entry_is_marked(here: str, marked: str) -> None:
    assert [address for address, *_ in MENU if is_here(address, here=here)] == [marked]


def test_ones_own_page_belongs_to_none_of_them() -> None:
    assert not any(is_here(address, here="/me/") for address, *_ in MENU)


def test_every_page_belongs_to_one_of_the_menu() -> None:
    assert set(WITHIN.values()) <= {address for address, *_ in MENU}
