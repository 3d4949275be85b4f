"""Addresses of the balance and of programme health, below those of the programmes."""

from __future__ import annotations

from django.urls import path

from zhiqiao.apps.management.balance import health_views, views

urlpatterns = [
    path("balance/", views.overview, name="balance"),
    path("balance/recompute/", views.recompute, name="balance_recompute"),
    path("balance/table/", views.table_one, name="balance_table"),
    path("balance/industries/<slug:key>/", views.industry, name="balance_industry"),
    path("balance/posts/<slug:key>/", views.post, name="balance_post"),
    path("health/", health_views.health_list, name="health_list"),
    path("health/<uuid:uuid>/", health_views.health_page, name="health"),
    path("health/<uuid:uuid>/propose/", health_views.propose, name="health_propose"),
    path("decisions/<uuid:uuid>/decide/", health_views.decide, name="decision_decide"),
]
