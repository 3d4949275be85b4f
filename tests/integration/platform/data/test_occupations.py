"""Occupation coding on the platform: without a model, fit, answers on the posting's page, corrections."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from tests.integration.platform.data.conftest import Upload
from tests.unit.engines.occupations.conftest import write_classification, write_titles
from zhiqiao.infra.jobs.api import request_cancel, run_waiting, runs
from zhiqiao.platform.data import coding, uploads
from zhiqiao.platform.data.models import (
    CoderState,
    JobPosting,
    OccupationAnswer,
    OccupationCoder,
    OccupationCorrection,
)
from zhiqiao.platform.governance.api import Actor, AuditEvent, User

SignIn = Callable[[User], Client]


def _page(user: User, sign_in: SignIn, company: str = "甲公司") -> str:
    uuid = JobPosting.objects.get(company=company).uuid
    return sign_in(user).get(reverse("data:posting", args=[uuid])).content.decode()


def _send(client: Client, folder: Path) -> HttpResponse:
    files = {
        "classification": SimpleUploadedFile("c.csv", write_classification(folder / "c.csv").read_bytes()),
        "titles": SimpleUploadedFile("t.csv", write_titles(folder / "t.csv").read_bytes()),
    }
    return client.post(reverse("data:occupations"), files)


@pytest.fixture
def fitted(alice: User, data_officer: User, import_file: Upload, sign_in: SignIn, tmp_path: Path) -> None:
    """Postings and a model fitted through the page."""
    import_file(alice)
    _send(sign_in(data_officer), tmp_path)
    run_waiting()
    run_waiting()


def _correct(user: User, sign_in: SignIn, code: str) -> int:
    uuid = JobPosting.objects.get(company="甲公司").uuid
    return sign_in(user).post(reverse("data:occupation_correct", args=[uuid]), {"code": code}).status_code


def test_without_a_model_the_page_says_unknown_why_and_how_to_change_it(
    alice: User, import_file: Upload, sign_in: SignIn
) -> None:
    import_file(alice)
    page = _page(alice, sign_in)
    assert "还没有职业编码模型" in page
    assert "未知" in page
    assert reverse("data:occupations") not in page


def test_a_fitted_version_answers_with_names_and_evidence(alice: User, fitted: None, sign_in: SignIn) -> None:
    coder = OccupationCoder.objects.get()
    assert (coder.state, coder.titles, coder.entries) == (CoderState.READY, 60, 6)
    page = _page(alice, sign_in)
    assert coder.version in page
    assert "2-03-01-01" in page
    assert AuditEvent.objects.filter(action="occupations.fitted").exists()


def test_a_correction_holds_at_once_for_the_folded_title_and_is_audited(
    alice: User, fitted: None, sign_in: SignIn
) -> None:
    assert _correct(alice, sign_in, "1-01-01-02") == 302
    answer = coding.answer_for("ＰＹＴＨＯＮ开发工程师")
    assert (answer.guesses[0].code, answer.guesses[0].score) == ("1-01-01-02", 1.0)
    assert OccupationCorrection.objects.get().corrected_by == alice
    assert AuditEvent.objects.filter(action="occupations.corrected").exists()


def test_corrections_enter_the_next_fit(
    alice: User, data_officer: User, fitted: None, sign_in: SignIn
) -> None:
    _correct(alice, sign_in, "1-01-01-02")
    sign_in(data_officer).post(reverse("data:occupations_refit"))
    run_waiting()
    run_waiting()
    now = coding.current()
    assert now is not None
    assert (now.titles, now.corrections) == (61, 1)
    assert set(OccupationAnswer.objects.values_list("coder_id", flat=True)) == {now.pk}


def test_a_code_the_classification_lacks_is_refused(alice: User, fitted: None, sign_in: SignIn) -> None:
    _correct(alice, sign_in, "9-99-99-99")
    assert not OccupationCorrection.objects.exists()


@pytest.mark.parametrize("who", ["student", "auditor", "charlie"])
def test_one_without_the_right_may_neither_fit_nor_correct(
    request: pytest.FixtureRequest, who: str, fitted: None, sign_in: SignIn
) -> None:
    user = request.getfixturevalue(who)
    assert sign_in(user).get(reverse("data:occupations")).status_code == 404
    assert _correct(user, sign_in, "1-01-01-02") == 404
    assert not OccupationCorrection.objects.exists()


def test_the_officer_who_corrects_may_not_fit(officer: User, fitted: None, sign_in: SignIn) -> None:
    assert sign_in(officer).post(reverse("data:occupations_refit")).status_code == 404


def test_a_file_that_can_not_be_used_fails_with_its_reason_and_the_old_version_stays(
    data_officer: User, fitted: None, sign_in: SignIn
) -> None:
    client = sign_in(data_officer)
    bad = {
        "classification": SimpleUploadedFile("c.csv", "name,x\n甲,乙\n".encode()),
        "titles": SimpleUploadedFile("t.csv", b"a,b\n1,2\n"),
    }
    before = coding.current()
    client.post(reverse("data:occupations"), bad)
    run_waiting()
    assert coding.current() == before
    assert "缺少列 code" in client.get(reverse("data:occupations")).content.decode()


def test_a_second_fit_of_the_same_run_changes_nothing(
    fitted: None, actor_of: Callable[[User], Actor]
) -> None:
    coder = OccupationCoder.objects.get()
    assert coding.run_fit(None, coder.uuid) == {"version": coder.version}  # type: ignore[arg-type]


def test_a_cancelled_fit_is_shown_as_such_and_its_files_go(
    data_officer: User, sign_in: SignIn, tmp_path: Path
) -> None:
    client = sign_in(data_officer)
    _send(client, tmp_path)
    coder = OccupationCoder.objects.get()
    assert coder.titles_upload is not None
    request_cancel(runs().get(uuid=coder.job_uuid))
    page = client.get(reverse("data:occupations")).content.decode()
    assert "已取消" in page
    assert "排队中" not in page
    assert coding.discard_ended() == 1
    assert not uploads.present(coder.titles_upload)


def test_a_fit_that_waits_keeps_its_files(data_officer: User, sign_in: SignIn, tmp_path: Path) -> None:
    _send(sign_in(data_officer), tmp_path)
    titles = OccupationCoder.objects.get().titles_upload
    assert titles is not None
    assert coding.discard_ended() == 0
    assert uploads.present(titles)


def test_the_run_of_a_failed_fit_says_why_in_both_languages(data_officer: User, sign_in: SignIn) -> None:
    client = sign_in(data_officer)
    bad = {
        "classification": SimpleUploadedFile("c.csv", "name,x\n甲,乙\n".encode()),
        "titles": SimpleUploadedFile("t.csv", b"a,b\n1,2\n"),
    }
    client.post(reverse("data:occupations"), bad)
    run_waiting()
    said = runs().get(uuid=OccupationCoder.objects.get().job_uuid).error_text
    assert "缺少列 code" in said
    assert "column code" in said


def test_too_large_a_file_is_told_by_its_limit(
    data_officer: User, sign_in: SignIn, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(uploads, "upload_limit", lambda: 40)
    response = _send(sign_in(data_officer), tmp_path)
    assert response.status_code == 422
    assert "MB 的上限" in response.content.decode()
    assert not OccupationCoder.objects.exists()
