"""The address under which an enterprise answers; its secret is the whole permission."""

from __future__ import annotations

from django.urls import path

from zhiqiao.platform.data.views import survey_answers

app_name = "survey_answers"
urlpatterns = [path("<str:token>/", survey_answers.sheet, name="sheet")]
