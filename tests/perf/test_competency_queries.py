"""Query counts of the pages of competency discovery and frameworks, with one run and one framework."""

from __future__ import annotations

from collections.abc import Callable

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.integration.platform.data.competency.conftest import (
    acting,
    keeper,
    study,
    study_world,
    trades,
)
from tests.perf.recorded import compare
from zhiqiao.platform.data.competency import building, editing
from zhiqiao.platform.data.competency.groups import cluster_uuid
from zhiqiao.platform.data.models import CompetencyStudy, Indicator
from zhiqiao.platform.governance.api import Actor, User

__all__ = ["acting", "keeper", "study", "study_world", "trades"]


def test_pages_ask_as_often_as_recorded(
    study: CompetencyStudy, acting: Actor, keeper: User, sign_in: Callable[[User], Client]
) -> None:
    editing.rename_group(acting, study, "c01", "甲组", seen=1)
    version = building.from_study(acting, study, "能力标准", groups=["c01", "c02", "c03"], most_skills=5)
    indicator = Indicator.objects.earliest("id")
    pages = {
        "data:studies": reverse("data:studies"),
        "data:study_new": reverse("data:study_new"),
        "data:study": reverse("data:study", args=[study.uuid]),
        "data:study_framework": reverse("data:study_framework", args=[study.uuid]),
        "data:frameworks": reverse("data:frameworks"),
        "data:framework_version": reverse("data:framework_version", args=[version.uuid]),
        "data:framework_edit": reverse("data:framework_edit", args=[version.uuid]),
        "data:framework_export": reverse("data:framework_export", args=[version.uuid]) + "?export=csv",
        "evidence competency_cluster": _evidence("competency_cluster", cluster_uuid(study.pk, "c01")),
        "evidence framework_indicator": _evidence("framework_indicator", indicator.uuid),
    }
    client = sign_in(keeper)
    for page, address in pages.items():
        client.get(address)
        with CaptureQueriesContext(connection) as asked:
            assert client.get(address).status_code == 200
        compare(page, len(asked))


def _evidence(kind: str, uuid: object) -> str:
    return reverse("evidence", args=[kind, uuid])
