"""All addresses of the workspace."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver

from forvent_server.web.addresses import PAGES

urlpatterns: list[URLPattern | URLResolver] = [*PAGES]
