"""All addresses of the workspace."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from forvent_server.api.incoming import incoming
from forvent_server.api.v1 import PROGRAMS, described
from forvent_server.web.addresses import PAGES
from forvent_server.web.connect import connect_page

urlpatterns: list[URLPattern | URLResolver] = [
    *PROGRAMS,
    path("api/", connect_page, {"described": described}, name="connect"),
    path("in/<int:pk>/", incoming, name="incoming"),
    *PAGES,
]

handler400 = "forvent_server.web.errors.not_understood"
handler403 = "forvent_server.web.errors.not_allowed"
handler404 = "forvent_server.web.errors.not_found"
handler500 = "forvent_server.web.errors.broken"
