"""Addresses of the pages."""

from __future__ import annotations

from django.urls import path

from forvent_server.web.assets import asset
from forvent_server.web.audit import audit_page
from forvent_server.web.business import settings_page, touchpoints_page
from forvent_server.web.calendar import calendar_page
from forvent_server.web.customers import customer_export_page, customer_page, customers_page
from forvent_server.web.doors import (
    code_page,
    join_page,
    reset_page,
    sign_in_page,
    sign_out_page,
    start_page,
)
from forvent_server.web.episodes import episode_page
from forvent_server.web.expectations import expectation_page, expectations_page
from forvent_server.web.imports import import_page, imports_page, upload_page
from forvent_server.web.journey import changes_page, journey_page
from forvent_server.web.links import link_page
from forvent_server.web.market import market_page
from forvent_server.web.me import me_page, password_page, second_factor_page, sessions_page
from forvent_server.web.people import invitation_page, keys_page, people_page, person_page
from forvent_server.web.personas import personas_page
from forvent_server.web.plan import (
    action_page,
    add_action_page,
    change_action_page,
    close_action_page,
    plan_page,
)
from forvent_server.web.privacy import privacy_page
from forvent_server.web.promises import promises_page
from forvent_server.web.sources import new_source_page, source_page, sources_page
from forvent_server.web.today import today_page
from forvent_server.web.voices import voice_page, voices_page
from forvent_server.web.webhooks import webhook_page, webhooks_page

PAGES = [
    path("", today_page, name="today"),
    path("sign-in/", sign_in_page, name="sign_in"),
    path("sign-in/code/", code_page, name="code"),
    path("sign-out/", sign_out_page, name="sign_out"),
    path("start/", start_page, name="start"),
    path("join/<str:token>/", join_page, name="join"),
    path("link/<str:token>/", link_page, name="link"),
    path("reset/<str:token>/", reset_page, name="reset"),
    path("imports/", imports_page, name="imports"),
    path("imports/upload/", upload_page, name="upload"),
    path("imports/<int:pk>/", import_page, name="import"),
    path("sources/", sources_page, name="sources"),
    path("sources/new/<str:kind>/", new_source_page, name="new_source"),
    path("sources/<int:pk>/", source_page, name="source"),
    path("journey/", journey_page, name="journey"),
    path("changes/", changes_page, name="changes"),
    path("expectations/", expectations_page, name="expectations"),
    path("expectations/<slug:key>/", expectation_page, name="expectation"),
    path("personas/", personas_page, name="personas"),
    path("promises/", promises_page, name="promises"),
    path("episodes/<int:pk>/", episode_page, name="episode"),
    path("plan/", plan_page, name="plan"),
    path("plan/add/", add_action_page, name="add_action"),
    path("plan/<int:pk>/", action_page, name="action"),
    path("plan/<int:pk>/change/", change_action_page, name="change_action"),
    path("plan/<int:pk>/close/", close_action_page, name="close_action"),
    path("market/", market_page, name="market"),
    path("voices/", voices_page, name="voices"),
    path("voices/<int:pk>/", voice_page, name="voice"),
    path("customers/", customers_page, name="customers"),
    path("customers/<int:pk>/", customer_page, name="customer"),
    path("customers/<int:pk>/export/", customer_export_page, name="customer_export"),
    path("people/", people_page, name="people"),
    path("people/<int:pk>/", person_page, name="person"),
    path("people/invitations/<int:pk>/", invitation_page, name="invitation"),
    path("me/", me_page, name="me"),
    path("me/password/", password_page, name="password"),
    path("me/second-factor/", second_factor_page, name="second_factor"),
    path("me/sessions/", sessions_page, name="sessions"),
    path("keys/", keys_page, name="keys"),
    path("webhooks/", webhooks_page, name="webhooks"),
    path("webhooks/<int:pk>/", webhook_page, name="webhook"),
    path("audit/", audit_page, name="audit"),
    path("settings/", settings_page, name="settings"),
    path("settings/calendar/", calendar_page, name="calendar"),
    path("settings/touchpoints/", touchpoints_page, name="touchpoints"),
    path("settings/privacy/", privacy_page, name="privacy"),
    path("assets/<str:digest>/<str:name>", asset, name="asset"),
]
