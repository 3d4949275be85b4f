"""The address under which an expert answers; its secret is the whole permission."""

from __future__ import annotations

from django.urls import path

from zhiqiao.apps.evaluation import answer_views

app_name = "answers"
urlpatterns = [path("<str:token>/", answer_views.answer, name="answer")]
