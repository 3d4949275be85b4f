"""Query counts of the pages of weight studies, with two closed rounds and a round that is open."""

from __future__ import annotations

from collections.abc import Callable

from django.test import Client
from django.urls import reverse

from tests.integration.apps.evaluation.conftest import CONSISTENT, Story
from tests.integration.apps.evaluation.test_frameworks import acting, closed, draft, take
from tests.perf.recorded import compare_pages
from zhiqiao.platform.data.models import FrameworkVersion
from zhiqiao.platform.governance.api import Actor
from zhiqiao.platform.governance.models import User

__all__ = ["acting", "draft"]
Address = Callable[[Story, Story], str]

PAGES: dict[str, Address] = {
    "evaluation:studies": lambda _ahp, _delphi: reverse("evaluation:studies"),
    "evaluation:study": lambda ahp, _delphi: reverse("evaluation:study", args=[ahp.study.uuid]),
    "evaluation:experts": lambda ahp, _delphi: reverse("evaluation:experts", args=[ahp.study.uuid]),
    "evaluation:results ahp": lambda ahp, _delphi: reverse("evaluation:results", args=[ahp.study.uuid]),
    "evaluation:results delphi": lambda _ahp, delphi: reverse("evaluation:results", args=[delphi.study.uuid]),
    "evidence weight_study": lambda ahp, _delphi: reverse("evidence", args=["weight_study", ahp.study.uuid]),
    "evidence study_item": lambda ahp, _delphi: reverse(
        "evidence", args=["study_item", ahp.study.items.order_by("position")[0].uuid]
    ),
    "answers:answer ahp": lambda ahp, _delphi: reverse("answers:answer", args=[ahp.links[0].token]),
    "answers:answer delphi": lambda _ahp, delphi: reverse("answers:answer", args=[delphi.links[0].token]),
}


def test_pages_ask_as_often_as_recorded(
    ahp: Story, delphi: Story, olive: User, sign_in: Callable[[User], Client]
) -> None:
    ahp.open_round()
    ahp.answer("E01", CONSISTENT)
    delphi.open_round()

    def client(page: str) -> Client:
        return Client() if page.startswith("answers") else sign_in(olive)

    compare_pages(
        (page, lambda page=page, to=to: (client(page), to(ahp, delphi))) for page, to in PAGES.items()
    )


def test_pages_of_a_frameworks_studies_ask_as_often_as_recorded(
    draft: FrameworkVersion, acting: Actor, olive: User, sign_in: Callable[[User], Client]
) -> None:
    take(acting, closed(acting, draft), draft)
    pages = {
        "evaluation:framework_studies": reverse("evaluation:framework_studies", args=[draft.uuid]),
        "data:framework_version weighed": reverse("data:framework_version", args=[draft.uuid]),
        "home association": reverse("home"),
    }
    compare_pages((page, lambda to=to: (sign_in(olive), to)) for page, to in pages.items())
