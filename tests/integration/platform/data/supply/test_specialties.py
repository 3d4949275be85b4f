"""The specialty directory from a table: good rows go in by edition, bad ones are named, editions stand side by side."""

from __future__ import annotations

from collections.abc import Callable

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from tests.conftest import Places
from tests.factories import person_with
from zhiqiao.engines.rules import State
from zhiqiao.platform.data.api import specialty_directory
from zhiqiao.platform.data.models import Specialty
from zhiqiao.platform.governance.models import Role, User

SignIn = Callable[[User], Client]
TABLE = """专业代码,专业名称,层次,专业类,目录版本,停用的入学年份,核对情况,出处
510203,软件技术,高职,计算机类,2021,,已核对原文,职业教育专业目录（2021年）
10203,应用化工技术,高职,,2021,,,
610102,应用电子技术,本科,,2015,2022,,
610101,电子信息工程技术,高职,,2015,2022,,
730701,电子商务,中职,,2021,,已核对原文,
"""


def test_an_edition_is_checked_first_and_its_good_rows_written(
    data_officer: User, alice: User, places: Places, sign_in: SignIn
) -> None:
    client, url = sign_in(data_officer), reverse("data:specialty_import")
    page = client.post(url, {"file": SimpleUploadedFile("目录.csv", TABLE.encode())}).content.decode()
    assert not Specialty.objects.exists()
    for words in ("有 3 处错误", "专业代码应为六位数字", "请写“中职”或“高职”", "就要写明核对的是哪份文件"):
        assert words in page, words
    client.post(url, {"verb": "commit"})
    assert set(Specialty.objects.values_list("edition", "code", "level", "state")) == {
        ("2021", "510203", "higher", "confirmed"),
        ("2015", "610101", "higher", "verify"),
    }
    corrected = "代码,专业名称,层次,版本\n510203,软件技术（新）,高职,2021\n510203,软件技术,高职,2027\n"
    client.post(url, {"file": SimpleUploadedFile("b.csv", corrected.encode())})
    client.post(url, {"verb": "commit"})
    known = specialty_directory(["510203", "610101", "999999"])
    assert {edition: known.find("510203", edition).name for edition in ("2021", "2027")} == {  # type: ignore[union-attr]
        "2021": "软件技术（新）",
        "2027": "软件技术",
    }
    assert known.find("610101", "2015").retired_from == 2022  # type: ignore[union-attr]
    assert known.find("999999", "2021") is None
    listed = sign_in(alice).get(reverse("data:specialties"), {"edition": "2027"}).content.decode()
    assert "软件技术" in listed
    assert "软件技术（新）" not in listed
    of_school = person_with(Role.DATA_OFFICER, places.school)
    assert {sign_in(one).get(url).status_code for one in (alice, of_school)} == {404}


def test_codes_that_nobody_imported_are_those_of_the_demo_and_not_confirmed(db: None) -> None:
    shipped = specialty_directory(["510203"]).find("510203", "2021")
    assert shipped is not None
    assert shipped.state is State.VERIFY
