"""The pages of the menu, each with the role it needs."""

from __future__ import annotations

MENU = (
    ("/", "today", "reader"),
    ("/expectations/", "expectations", "reader"),
    ("/journey/", "journey", "reader"),
    ("/promises/", "promises", "reader"),
    ("/plan/", "plan", "reader"),
    ("/market/", "market", "reader"),
    ("/voices/", "voices", "reader"),
    ("/customers/", "customers", "agent"),
    ("/imports/", "imports", "agent"),
    ("/people/", "people", "manager"),
    ("/settings/", "settings", "manager"),
)
#: Pages that are reached from one of the menu and belong to it.
WITHIN = {
    "/changes/": "/expectations/",
    "/personas/": "/expectations/",
    "/episodes/": "/promises/",
    "/sources/": "/imports/",
    "/keys/": "/people/",
    "/audit/": "/people/",
    "/api/": "/settings/",
    "/webhooks/": "/settings/",
}


def is_here(address: str, *, here: str) -> bool:
    """Whether a page of the menu is the one that is open, or the one that it belongs to."""
    if address == "/":
        return here == address
    belongs = next((page for start, page in WITHIN.items() if here.startswith(start)), here)
    return belongs.startswith(address)
