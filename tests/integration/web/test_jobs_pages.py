"""The pages of background work show one's own runs and nobody else's."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from tests.integration.infra.jobs import sample_jobs  # noqa: F401
from zhiqiao.infra.jobs.api import JobRun, enqueue, run_waiting, runs
from zhiqiao.platform.governance.api import AuditEvent, User

pytestmark = pytest.mark.django_db
SignIn = Callable[[User], Client]


@pytest.fixture
def run(alice: User) -> JobRun:
    """A run that Alice started and that still waits."""
    root = alice.memberships.get().organisation.org_root_id
    return enqueue(
        "sample.add",
        owner_id=alice.pk,
        org_root_id=root,
        title="导入招聘信息",
        params={"left": 20, "right": 3},
    )


def page(name: str, run: JobRun) -> str:
    """Return the address of a page of the run."""
    return reverse(f"jobs:{name}", args=[run.uuid])


def test_the_owner_sees_the_run_and_its_end(alice: User, sign_in: SignIn, run: JobRun) -> None:
    client = sign_in(alice)
    waiting = client.get(page("run", run)).content.decode()
    assert "导入招聘信息" in waiting
    assert 'hx-trigger="every 1s"' in waiting
    run_waiting()
    done = client.get(page("progress", run)).content.decode()
    assert "hx-trigger" not in done, "a finished run is not asked for again"


def test_the_result_is_offered_when_the_job_names_a_page(alice: User, sign_in: SignIn, run: JobRun) -> None:
    run_waiting()
    runs().filter(pk=run.pk).update(result={"url": "/data/imports/"})
    assert 'href="/data/imports/"' in sign_in(alice).get(page("run", run)).content.decode()


def test_a_result_leads_nowhere_else(alice: User, sign_in: SignIn, run: JobRun) -> None:
    run_waiting()
    for url in ("javascript:alert(1)", "//evil.example/", "https://evil.example/"):
        runs().filter(pk=run.pk).update(result={"url": url})
        assert f'href="{url}"' not in sign_in(alice).get(page("run", run)).content.decode()


def test_machines_get_json(alice: User, sign_in: SignIn, run: JobRun) -> None:
    run_waiting()
    told = sign_in(alice).get(page("run_json", run)).json()
    assert (told["state"], told["result"], told["done"], told["total"]) == ("succeeded", {"sum": 23}, 1, 1)


def test_the_list_holds_the_owners_runs(alice: User, sign_in: SignIn, run: JobRun) -> None:
    assert page("run", run) in sign_in(alice).get(reverse("jobs:index")).content.decode()


@pytest.mark.parametrize("name", ["run", "progress", "run_json"])
@pytest.mark.parametrize("person", ["bob", "charlie", "student"])
def test_others_do_not_see_it(
    name: str, person: str, sign_in: SignIn, run: JobRun, request: pytest.FixtureRequest
) -> None:
    client = sign_in(request.getfixturevalue(person))
    assert client.get(page(name, run)).status_code == 404


def test_others_do_not_cancel_it(bob: User, sign_in: SignIn, run: JobRun) -> None:
    assert sign_in(bob).post(page("cancel", run)).status_code == 404
    run.refresh_from_db()
    assert run.state == "queued"


def test_others_do_not_find_it_in_their_list(bob: User, sign_in: SignIn, run: JobRun) -> None:
    assert str(run.uuid) not in sign_in(bob).get(reverse("jobs:index")).content.decode()


def test_the_owner_cancels_and_it_is_on_record(alice: User, sign_in: SignIn, run: JobRun) -> None:
    answer = sign_in(alice).post(page("cancel", run))
    assert (answer.status_code, answer.headers["Location"]) == (302, page("run", run))
    run.refresh_from_db()
    assert run.state == "cancelled"
    assert AuditEvent.objects.filter(action="jobs.cancelled", object_id=str(run.uuid)).exists()


def test_cancelling_needs_a_post(alice: User, sign_in: SignIn, run: JobRun) -> None:
    assert sign_in(alice).get(page("cancel", run)).status_code == 405


def test_a_finished_run_can_not_be_cancelled(alice: User, sign_in: SignIn, run: JobRun) -> None:
    run_waiting()
    sign_in(alice).post(page("cancel", run))
    run.refresh_from_db()
    assert run.state == "succeeded"
    assert not AuditEvent.objects.filter(action="jobs.cancelled").exists()
