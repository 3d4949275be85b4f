"""The JSON API of weight studies: results of closed rounds, no expert told apart, nothing below three answers."""

from __future__ import annotations

from collections.abc import Callable
from uuid import uuid4

import pytest
from django.test import Client

from tests.described import call
from tests.integration.apps.evaluation.conftest import NOW, RATINGS, Story, Tell
from zhiqiao.apps.evaluation import actions
from zhiqiao.apps.evaluation.models import StudyExpert
from zhiqiao.platform.governance.models import User

SignIn = Callable[[User], Client]


def test_results_of_a_closed_round_sum_to_one_and_name_nobody(
    ahp: Story, delphi: Story, olive: User, otto: User, sign_in: SignIn
) -> None:
    for story in (ahp, delphi):
        for reader in (olive, otto):
            client = sign_in(reader)
            found = call(client, f"/api/weights/studies/{story.study.uuid}/results")
            assert sum(one["weight"] for one in found["weights"] if one["is_leaf"]) == pytest.approx(1)
            text = client.get(f"/api/weights/studies/{story.study.uuid}").content.decode() + str(found)
            people = StudyExpert.objects.filter(study=story.study)
            assert not any(
                word in text for row in people for word in (row.code, row.name, row.email, row.affiliation)
            )
    found = call(sign_in(olive), f"/api/weights/studies/{delphi.study.uuid}/results?round=1")
    assert found["ratings"][0]["answers"] == len(RATINGS)
    assert found["kendall_w"] is not None
    found = call(sign_in(olive), f"/api/weights/studies/{ahp.study.uuid}/results")
    assert found["consistency_ratio"] is not None


def test_a_round_of_two_tells_how_many_and_no_figure(tell: Tell, olive: User, sign_in: SignIn) -> None:
    story = tell("delphi", "甲\n乙\n丙", 3)
    story.open_round()
    story.answer("E01", [5.0, 4.0, 1.0])
    story.answer("E02", [4.0, 4.0, 2.0])
    story.close_round()
    found = call(sign_in(olive), f"/api/weights/studies/{story.study.uuid}/results")
    assert (found["submitted"], found["weights"], found["ratings"]) == (2, [], [])
    assert found["reason"]


def test_an_open_study_is_there_for_its_association_and_a_closed_one_for_the_bureau(
    delphi: Story, olive: User, stella: User, officer: User, alice: User, sign_in: SignIn
) -> None:
    url = f"/api/weights/studies/{delphi.study.uuid}"
    for stranger in (stella, officer):
        client = sign_in(stranger)
        call(client, url, status=404)
        call(client, url + "/results", status=404)
        assert call(client, "/api/weights/studies")["items"] == []
    actions.close_study(delphi.study.uuid, acting=delphi.acting, now=NOW)
    assert call(sign_in(officer), url)["state"] == "closed"
    assert call(sign_in(officer), url + "/results")["round"] == 1
    assert sign_in(alice).get("/api/weights/studies").status_code == 404
    assert Client().get(url).status_code == 401


def test_a_round_that_is_open_or_none_has_no_result(delphi: Story, olive: User, sign_in: SignIn) -> None:
    delphi.open_round()
    delphi.answer("E01", RATINGS["E01"])
    client, url = sign_in(olive), f"/api/weights/studies/{delphi.study.uuid}/results"
    call(client, url + "?round=2", status=404)
    assert client.get(url + "?round=0").status_code == 422
    assert call(client, url)["round"] == 1
    call(client, f"/api/weights/studies/{uuid4()}/results", status=404)
