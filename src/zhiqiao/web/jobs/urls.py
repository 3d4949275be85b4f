"""Addresses of background work."""

from __future__ import annotations

from django.urls import path

from zhiqiao.web.jobs import views

app_name = "jobs"
urlpatterns = [
    path("", views.index, name="index"),
    path("<uuid:uuid>/", views.run, name="run"),
    path("<uuid:uuid>.json", views.run_json, name="run_json"),
    path("<uuid:uuid>/progress/", views.progress, name="progress"),
    path("<uuid:uuid>/cancel/", views.cancel, name="cancel"),
]
