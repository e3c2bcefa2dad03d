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
