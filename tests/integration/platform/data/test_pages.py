"""Pages of the industry data: who sees what, the wizard with good and bad files, figures with evidence."""

from __future__ import annotations

import gzip
from collections.abc import Callable
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from tests.integration.platform.data.conftest import CSV, Upload
from zhiqiao.infra import storage
from zhiqiao.infra.config import config
from zhiqiao.infra.jobs.api import run_waiting
from zhiqiao.platform.data.models import ImportState, JobPosting, PostingImport, Skill, Source
from zhiqiao.platform.governance.api import User

SignIn = Callable[[User], Client]
LISTS = ["sources", "imports", "postings", "roles", "heat", "skills"]


def send(client: Client, content: bytes, *, name: str = "招聘.csv", **fields: object) -> object:
    """Send step 1 of the wizard with a new source."""
    data = {"source": "new", "name": "人社局", "licence_note": "仅限教学", **fields}
    return client.post(reverse("data:import_new"), {**data, "file": SimpleUploadedFile(name, content)})


@pytest.mark.parametrize("page", LISTS)
def test_an_empty_platform_says_what_will_be_here(
    alice: User, skills: Path, sign_in: SignIn, page: str
) -> None:
    assert sign_in(alice).get(reverse(f"data:{page}")).status_code == 200


@pytest.mark.parametrize("page", LISTS)
@pytest.mark.parametrize("who", ["student", "auditor", "secadmin"])
def test_a_student_or_administrator_finds_nothing_here(
    request: pytest.FixtureRequest, who: str, sign_in: SignIn, page: str
) -> None:
    assert sign_in(request.getfixturevalue(who)).get(reverse(f"data:{page}")).status_code == 404


def test_the_wizard_leads_from_file_to_result(alice: User, skills: Path, sign_in: SignIn) -> None:
    client = sign_in(alice)
    step = send(client, CSV.encode("gb18030"))
    posting_import = PostingImport.objects.get()
    columns = reverse("data:import_columns", args=[posting_import.uuid])
    assert step["Location"] == columns  # type: ignore[index]
    shown = client.get(columns)
    assert shown.context["form"]["text"].initial == "岗位描述"
    assert "Python开发工程师" in shown.content.decode()
    chosen = {name: field.initial for name, field in shown.context["form"].fields.items()}
    assert client.post(columns, chosen)["Location"] == reverse(
        "data:import_confirm", args=[posting_import.uuid]
    )
    confirm = client.get(reverse("data:import_confirm", args=[posting_import.uuid]))
    assert "仅限教学" in confirm.content.decode()
    page = reverse("data:import", args=[posting_import.uuid])
    assert client.post(confirm.request["PATH_INFO"])["Location"] == page
    assert client.get(page).context["item"].is_open
    assert client.get(reverse("data:import_progress", args=[posting_import.uuid])).status_code == 200
    run_waiting()
    result = client.get(page).content.decode()
    assert "5 = 3 + 1 + 1" in result
    assert client.get(reverse("data:import_progress", args=[posting_import.uuid]))["HX-Redirect"] == page


def test_the_mapping_of_the_source_is_offered_for_its_next_file(
    alice: User, import_file: Upload, sign_in: SignIn
) -> None:
    done = import_file(alice)
    client = sign_in(alice)
    data = {"source": str(done.source.uuid), "file": SimpleUploadedFile("next.csv", CSV.encode())}
    step = client.post(reverse("data:import_new"), data)
    assert client.get(step["Location"]).context["found"].remembered


@pytest.mark.parametrize(
    ("content", "name", "says"),
    [
        (b"", "empty.csv", "文件是空的"),
        ("职位名称,岗位描述\n".encode(), "header.csv", "只有表头"),
        (b"\x00" * 100_000, "zeros.csv", "文件内容不是表格文字"),
        (b"%PDF-1.7 \n%\xe2\xe3\xcf\xd3\n1 0 obj\n", "report.pdf", "PDF"),
        (b"<html><body><table><tr><td>a</td></tr></table></body></html>", "jobs.xls", "网页"),
        (gzip.compress(b"\x00" * 64 * 1024**2), "zeros.csv.gz", "文件内容不是表格文字"),
        (b"PK\x03\x04 broken", "broken.xlsx", ""),
    ],
    ids=["empty", "header only", "zeros", "pdf", "html as xls", "gzip of zeros", "broken xlsx"],
)
def test_a_broken_file_gets_a_clear_sentence_and_leaves_nothing(
    alice: User, skills: Path, sign_in: SignIn, content: bytes, name: str, says: str
) -> None:
    response = send(sign_in(alice), content, name=name)
    assert response.status_code == 422  # type: ignore[attr-defined]
    errors = " ".join(response.context["form"].errors["file"])  # type: ignore[attr-defined]
    assert says in errors
    assert len(errors) > 8
    assert not PostingImport.objects.exclude(state=ImportState.CANCELLED).exists()
    assert (
        not any((config().data / "uploads").glob("*"))
        or not PostingImport.objects.filter(
            uuid__in=[path.name for path in (config().data / "uploads").iterdir()]
        ).exists()
    )


def test_a_file_over_the_limit_is_refused_and_not_kept(
    alice: User, skills: Path, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("zhiqiao.platform.data.uploads.upload_limit", lambda: 1000)
    response = send(sign_in(alice), b"a,b\n" * 1000)
    assert response.status_code == 422  # type: ignore[attr-defined]
    assert "上限" in " ".join(response.context["form"].errors["file"])  # type: ignore[attr-defined]
    assert not PostingImport.objects.exists()


def test_an_announced_length_over_the_limit_is_refused_before_writing(
    alice: User, skills: Path, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("zhiqiao.platform.data.uploads.upload_limit", lambda: 1000)
    monkeypatch.setattr("zhiqiao.platform.data.uploads._FORM_ALLOWANCE", 0)
    wrote: list[bytes] = []
    monkeypatch.setattr(
        "zhiqiao.platform.data.uploads.TemporaryFileUploadHandler.receive_data_chunk", wrote.append
    )
    assert send(sign_in(alice), b"a,b\n" * 1000).status_code == 422  # type: ignore[attr-defined]
    assert wrote == []


def test_the_upload_is_guarded_against_forgery(alice: User, skills: Path) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(alice)
    assert send(client, CSV.encode()).status_code == 403  # type: ignore[attr-defined]
    assert not PostingImport.objects.exists()


def test_an_old_source_with_the_name_of_a_new_one_is_asked_about(
    alice: User, skills: Path, sign_in: SignIn
) -> None:
    client = sign_in(alice)
    send(client, CSV.encode(), name="a.csv")
    source = PostingImport.objects.get().source
    response = send(client, CSV.encode(), name="b.csv", source=str(source.uuid))
    assert set(response.context["form"].errors) == {"source"}  # type: ignore[attr-defined]
    assert PostingImport.objects.count() == 1


def test_a_new_source_needs_a_name_and_a_licence_note(alice: User, skills: Path, sign_in: SignIn) -> None:
    response = send(sign_in(alice), CSV.encode(), name="a.csv", licence_note="")
    assert set(response.context["form"].errors) == {"licence_note"}  # type: ignore[attr-defined]
    assert not Source.objects.exists()


def test_a_file_without_a_text_column_stops_at_step_two(alice: User, skills: Path, sign_in: SignIn) -> None:
    client = sign_in(alice)
    columns = send(client, "公司,城市\n甲,成都\n".encode())["Location"]  # type: ignore[index]
    response = client.post(columns, {"company": "公司"})
    assert response.status_code == 422
    assert "岗位描述" in str(response.context["form"].non_field_errors())
    assert storage.upload_path(PostingImport.objects.get().uuid).exists()


def test_the_quarantine_file_can_be_taken_and_is_audited(
    alice: User, import_file: Upload, sign_in: SignIn
) -> None:
    done = import_file(alice)
    response = sign_in(alice).get(reverse("data:import_rejected", args=[done.uuid]))
    text = b"".join(response.streaming_content).decode("utf-8-sig")  # type: ignore[attr-defined]
    assert "行政文员" in text
    assert "_reason" in text.splitlines()[0]


def test_a_corrected_quarantine_file_goes_in_again(alice: User, import_file: Upload) -> None:
    done = import_file(alice)
    text = (storage.import_folder(done.uuid) / "rejected.csv").read_text(encoding="utf-8-sig")
    fixed = text.replace("行政文员,丁公司,,", "行政文员,丁公司,任职要求：会用Python。,")
    again = import_file(alice, fixed, name="rejected.csv")
    assert (again.rows_in, again.kept) == (1, 1)


def test_a_colleague_school_sees_shared_sources_but_not_their_imports(
    alice: User, charlie: User, import_file: Upload, sign_in: SignIn
) -> None:
    shared = import_file(alice, shared=True)
    client = sign_in(charlie)
    assert [row.name for row in client.get(reverse("data:sources")).context["table"].matching] == ["人社局"]
    assert client.get(reverse("data:imports")).context["table"].total == 0
    assert client.get(reverse("data:import", args=[shared.uuid])).status_code == 404
    assert client.get(reverse("data:postings")).context["table"].total == 3


def test_a_stranger_sees_nothing_that_is_not_shared(
    alice: User, charlie: User, import_file: Upload, sign_in: SignIn
) -> None:
    own = import_file(alice)
    client = sign_in(charlie)
    assert client.get(reverse("data:postings")).context["table"].total == 0
    assert client.get(reverse("data:sources")).context["table"].total == 0
    posting = JobPosting.objects.filter(posting_import=own).first()
    assert posting is not None
    for kind, uuid in (("posting", posting.uuid), ("posting_import", own.uuid)):
        assert client.get(reverse("evidence", args=[kind, uuid])).status_code == 404
    assert client.get(reverse("data:posting", args=[posting.uuid])).status_code == 404
    page = client.get(reverse("data:skill", args=["python"]))
    assert page.context["line"].count is None
    assert "Python开发工程师" not in page.content.decode()


@pytest.mark.parametrize(
    ("query", "titles"),
    [
        ({"role": "developer"}, {"Python开发工程师", "Java开发工程师"}),
        ({"city": "巴中市"}, {"芯片封装技术员"}),
        ({"month": "2026-02"}, {"Java开发工程师", "芯片封装技术员"}),
        ({"skill": "docker"}, {"Python开发工程师"}),
        ({"q": "丙公司"}, {"芯片封装技术员"}),
        ({"role": "developer", "skill": "java"}, {"Java开发工程师"}),
    ],
)
def test_postings_are_narrowed(
    alice: User, import_file: Upload, sign_in: SignIn, query: dict[str, str], titles: set[str]
) -> None:
    import_file(alice)
    table = sign_in(alice).get(reverse("data:postings"), query).context["table"]
    assert {row.title for row in table.matching} == titles


def test_a_posting_shows_its_text_with_the_skills_marked(
    alice: User, import_file: Upload, sign_in: SignIn
) -> None:
    import_file(alice)
    posting = JobPosting.objects.get(title="Python开发工程师")
    page = sign_in(alice).get(reverse("data:posting", args=[posting.uuid])).content.decode()
    assert f'<a href="{reverse("data:skill", args=["docker"])}"' in page
    assert "2-02-10-03 计算机软件工程技术人员" in page


def test_a_skill_shows_demand_posts_months_and_sentences(
    alice: User, import_file: Upload, sign_in: SignIn
) -> None:
    import_file(alice)
    context = sign_in(alice).get(reverse("data:skill", args=["python"])).context
    assert (context["line"].count, context["line"].total) == (1, 3)
    assert [(str(role.name), role.count, role.total) for role in context["page"].roles] == [
        ("软件开发", 1, 2)
    ]
    assert context["page"].months == (("2026-01", 1, 1), ("2026-02", 0, 2))
    (sentence,) = context["sentences"]
    assert ("Python", True) in sentence.text_parts


def test_without_dates_the_trend_is_unknown(alice: User, import_file: Upload, sign_in: SignIn) -> None:
    import_file(alice, "职位名称,公司,岗位描述,城市,薪资,发布日期\n开发工程师,甲,要求：Python,成都,面议,\n")
    response = sign_in(alice).get(reverse("data:skill", args=["python"]))
    assert response.context["months"] is None
    assert "看不出趋势" in response.content.decode()


def test_the_heat_map_shares_are_those_of_the_posts(
    alice: User, import_file: Upload, sign_in: SignIn
) -> None:
    import_file(alice)
    data = sign_in(alice).get(reverse("data:heat")).context["data"]
    row, column = data["y"].index("软件开发 (2)"), data["x"].index("Python")
    assert (data["values"][row][column], data["counts"][row][column]) == (50.0, 1)


@pytest.mark.parametrize(("who", "may"), [("alice", True), ("bob", False), ("officer", True)])
def test_export_follows_its_own_permission(
    request: pytest.FixtureRequest, who: str, may: bool, alice: User, import_file: Upload, sign_in: SignIn
) -> None:
    import_file(alice, shared=True)
    response = sign_in(request.getfixturevalue(who)).get(reverse("data:postings"), {"export": "csv"})
    assert response.headers.get("Content-Type", "").startswith("text/csv") is may


def test_withdrawing_names_what_is_lost_and_asks_why(
    alice: User, import_file: Upload, sign_in: SignIn
) -> None:
    done = import_file(alice)
    client = sign_in(alice)
    address = reverse("data:import_withdraw", args=[done.uuid])
    assert "3 条招聘信息" in client.get(address).content.decode()
    assert client.post(address, {"reason": ""}).status_code == 422
    client.post(address, {"reason": "来源方要求删除"})
    assert client.get(reverse("data:postings")).context["table"].total == 0
    run_waiting()
    assert "来源方要求删除" in client.get(reverse("data:import", args=[done.uuid])).content.decode()


@pytest.mark.parametrize("who", ["bob", "charlie", "student"])
def test_others_find_no_verb_on_the_import(
    request: pytest.FixtureRequest, who: str, alice: User, import_file: Upload, sign_in: SignIn
) -> None:
    done = import_file(alice)
    client = sign_in(request.getfixturevalue(who))
    for name in ("import_withdraw", "import_rejected", "import_columns", "import_confirm"):
        assert client.get(reverse(f"data:{name}", args=[done.uuid])).status_code == 404
    assert client.post(reverse("data:import_cancel", args=[done.uuid])).status_code == 404


def test_every_page_is_complete_in_english(alice: User, import_file: Upload, sign_in: SignIn) -> None:
    done = import_file(alice)
    client = sign_in(alice)
    client.cookies["zq_language"] = "en"
    skill = Skill.objects.get(key="python")
    addresses = [reverse(f"data:{name}") for name in LISTS]
    addresses += [reverse("data:import", args=[done.uuid]), reverse("data:skill", args=[skill.key])]
    for address in addresses:
        response = client.get(address)
        assert response.status_code == 200, address
