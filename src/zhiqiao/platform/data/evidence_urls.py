"""The address of evidence; without a namespace, for every package links to it."""

from __future__ import annotations

from django.urls import path

from zhiqiao.platform.data.views.evidence import evidence

urlpatterns = [path("<slug:kind>/<uuid:uuid>/", evidence, name="evidence")]
