"""Query counts of the pages of training plans, over the example plan of the rules."""

from __future__ import annotations

from collections.abc import Callable

from django.test import Client
from django.urls import reverse

from tests.integration.apps.teaching.conftest import draft, programme
from tests.perf.recorded import compare_pages
from zhiqiao.apps.teaching.models import PlanVersion
from zhiqiao.platform.governance.models import User

__all__ = ["draft", "programme"]

PAGES = ("version", "editor", "compare", "history")


def test_pages_ask_as_often_as_recorded(
    draft: PlanVersion, alice: User, sign_in: Callable[[User], Client]
) -> None:
    pages = {f"teaching:{name}": reverse(f"teaching:{name}", args=[draft.uuid]) for name in PAGES}
    pages |= {
        "teaching:plans": reverse("teaching:plans"),
        "evidence plan_version": reverse("evidence", args=["plan_version", draft.uuid]),
    }
    compare_pages((page, lambda to=to: (sign_in(alice), to)) for page, to in pages.items())
