"""Addresses of the pages."""

from __future__ import annotations

from django.urls import path

from forvent_server.web.assets import asset
from forvent_server.web.business import settings_page, touchpoints_page
from forvent_server.web.doors import join_page, sign_in_page, sign_out_page, start_page
from forvent_server.web.expectations import expectation_page, expectations_page
from forvent_server.web.imports import import_page, imports_page, upload_page
from forvent_server.web.journey import journey_page
from forvent_server.web.people import audit_page, keys_page, people_page, person_page
from forvent_server.web.promises import promises_page
from forvent_server.web.today import today_page
from forvent_server.web.voices import voice_page, voices_page

PAGES = [
    path("", today_page, name="today"),
    path("sign-in/", sign_in_page, name="sign_in"),
    path("sign-out/", sign_out_page, name="sign_out"),
    path("start/", start_page, name="start"),
    path("join/<str:token>/", join_page, name="join"),
    path("imports/", imports_page, name="imports"),
    path("imports/upload/", upload_page, name="upload"),
    path("imports/<int:pk>/", import_page, name="import"),
    path("journey/", journey_page, name="journey"),
    path("expectations/", expectations_page, name="expectations"),
    path("expectations/<slug:key>/", expectation_page, name="expectation"),
    path("promises/", promises_page, name="promises"),
    path("voices/", voices_page, name="voices"),
    path("voices/<int:pk>/", voice_page, name="voice"),
    path("people/", people_page, name="people"),
    path("people/<int:pk>/", person_page, name="person"),
    path("keys/", keys_page, name="keys"),
    path("audit/", audit_page, name="audit"),
    path("settings/", settings_page, name="settings"),
    path("settings/touchpoints/", touchpoints_page, name="touchpoints"),
    path("assets/<str:digest>/<str:name>", asset, name="asset"),
]
