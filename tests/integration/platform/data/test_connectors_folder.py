"""The watched folder: complete files once each, by whichever worker, never through a link; then done or failed."""

from __future__ import annotations

import datetime as dt
import os
import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tests.integration.platform.data.conftest import CSV, HEADER, ROWS
from tests.integration.platform.data.sources_cast import NewSource
from zhiqiao.infra.jobs.api import run_waiting
from zhiqiao.platform.data import collecting, connecting, connectors, jobs
from zhiqiao.platform.data.connectors import Collector
from zhiqiao.platform.data.connectors.inbox import Found, Inbox, InboxError, is_plain_folder
from zhiqiao.platform.data.errors import Refused
from zhiqiao.platform.data.models import (
    Connector,
    Delivery,
    DeliveryState,
    GuidelineWage,
    ImportState,
    JobPosting,
    PostingImport,
    Source,
)
from zhiqiao.platform.governance.api import Actor, AuditEvent, User

ActorOf = Callable[[User], Actor]
SignIn = Callable[[User], Client]
NOW = timezone.now()


@pytest.fixture
def watched(olga: User, new_source: NewSource, inbox: Path, actor_of: ActorOf) -> Connector:
    """A connector that watches the folder `monthly`."""
    return connecting.set_up(actor_of(olga), new_source(), "watched_folder", {"folder": "monthly"})


@pytest.fixture
def folder(inbox: Path) -> Path:
    """The watched folder."""
    path = inbox / "monthly"
    path.mkdir()
    return path


def look(times: int = 1, *, now: dt.datetime = NOW) -> None:
    for _ in range(times):
        collecting.collect_all(now=now)


def names(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()} if folder.exists() else set()


def test_a_file_is_taken_when_two_looks_see_the_same_and_put_away_when_it_is_in(
    watched: Connector, folder: Path
) -> None:
    (folder / "postings.csv").write_text(CSV, encoding="utf-8")
    look()
    assert not Delivery.objects.exists()
    look()
    assert Delivery.objects.get().state == DeliveryState.STARTED
    run_waiting()
    look()
    delivery = Delivery.objects.get()
    assert (delivery.state, delivery.rows, delivery.origin) == ("done", 5, {"file": "postings.csv"})
    assert delivery.posting_import is not None
    assert delivery.posting_import.kept == 3
    assert names(folder / "done") == {"postings.csv"}


def test_a_file_still_growing_is_left_alone(watched: Connector, folder: Path) -> None:
    for size in range(1, 4):
        (folder / "postings.csv").write_text(CSV * size, encoding="utf-8")
        look()
    assert not Delivery.objects.exists()


def test_a_renamed_file_is_taken_at_once_and_an_unfinished_one_never(
    watched: Connector, folder: Path
) -> None:
    (folder / "a.csv.ready").write_text(CSV, encoding="utf-8")
    (folder / "b.csv.part").write_text(CSV, encoding="utf-8")
    (folder / ".hidden.csv").write_text(CSV, encoding="utf-8")
    look(3)
    assert [row.name for row in Delivery.objects.all()] == ["a.csv"]
    assert names(folder) >= {"b.csv.part", ".hidden.csv"}


def test_the_same_bytes_under_another_name_come_in_once(watched: Connector, folder: Path) -> None:
    (folder / "a.csv.ready").write_text(CSV, encoding="utf-8")
    look()
    run_waiting()
    look()
    (folder / "b.csv.ready").write_text(CSV, encoding="utf-8")
    look(2)
    assert Delivery.objects.count() == PostingImport.objects.count() == 1
    assert names(folder / "done") == {"a.csv", "b.csv"}


def test_a_file_that_is_no_table_goes_to_failed_with_the_reason_and_leaves_nothing(
    watched: Connector, folder: Path, olga: User, sign_in: SignIn
) -> None:
    (folder / "report.csv.ready").write_bytes(b"%PDF-1.7 \n%\xe2\xe3\xcf\xd3\n1 0 obj\n")
    look()
    delivery = Delivery.objects.get()
    assert delivery.state == DeliveryState.FAILED
    assert "PDF" in delivery.reason["zh"]
    assert delivery.reason["zh"] != delivery.reason["en"]
    assert not PostingImport.objects.exists()
    assert names(folder / "failed") == {"report.csv", "report.csv.reason.txt"}
    assert AuditEvent.objects.filter(action="deliveries.failed", succeeded=False).exists()
    page = sign_in(olga).get(reverse("data:source_tab", args=[watched.source.uuid, "connectors"]))
    assert "PDF" in page.content.decode()


def test_columns_that_nobody_can_tell_fail_with_a_clear_sentence(watched: Connector, folder: Path) -> None:
    (folder / "x.csv.ready").write_text("甲,乙\n1,2\n", encoding="utf-8")
    look()
    assert Delivery.objects.get().reason["zh"].startswith("请指出哪一列是岗位描述")
    assert Delivery.objects.get().reason["en"].isascii()


def test_a_failed_file_can_be_sent_again(
    watched: Connector, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("zhiqiao.platform.data.uploads.upload_limit", lambda: 10)
    (folder / "a.csv.ready").write_text(CSV, encoding="utf-8")
    look()
    assert "上限" in Delivery.objects.get().reason["zh"]
    monkeypatch.undo()
    (folder / "a.csv.ready").write_text(CSV, encoding="utf-8")
    look()
    run_waiting()
    assert PostingImport.objects.get().state == ImportState.LIVE


@pytest.mark.parametrize("link", ["file", "folder"])
def test_a_link_is_never_followed_out_of_the_inbox(
    watched: Connector, folder: Path, tmp_path: Path, link: str
) -> None:
    secret = tmp_path / "secret"
    secret.mkdir()
    (secret / "postings.csv").write_text(CSV, encoding="utf-8")
    if link == "file":
        (folder / "a.csv").symlink_to(secret / "postings.csv")
    else:
        folder.rmdir()
        folder.symlink_to(secret)
    look(3)
    assert not PostingImport.objects.exists()
    assert (secret / "postings.csv").exists()
    if link == "file":
        assert Delivery.objects.get().state == DeliveryState.REFUSED
        assert (folder / "failed" / "a.csv").is_symlink()
    else:
        assert "链接" in Connector.objects.get().trouble["zh"]


def test_a_fifo_does_not_hang_the_worker(watched: Connector, folder: Path) -> None:
    os.mkfifo(folder / "pipe.csv")
    look(2)
    assert Delivery.objects.get().state == DeliveryState.REFUSED


@pytest.mark.parametrize(
    ("folder", "is_plain"),
    [
        ("a", True),
        ("人社局/月报", True),
        ("", False),
        ("/etc", False),
        ("../x", False),
        ("a/../../b", False),
        (".working", False),
        ("a\\b", False),
        ("a\x00b", False),
    ],
)
def test_only_a_folder_below_the_inbox_is_taken(
    folder: str, is_plain: bool, tmp_path: Path, new_source: NewSource, olga: User, actor_of: ActorOf
) -> None:
    assert is_plain_folder(folder) is is_plain
    if not is_plain:
        with pytest.raises(InboxError):
            Inbox(tmp_path, folder)
        with pytest.raises(Refused):
            connecting.set_up(actor_of(olga), new_source(), "watched_folder", {"folder": folder})


def test_an_organisation_watches_below_its_own_inbox_only(
    watched: Connector, inbox: Path, places: object
) -> None:
    from zhiqiao.infra import storage

    other = storage.inbox("school-b") / "monthly"
    other.mkdir(exist_ok=True)
    (other / "postings.csv.ready").write_text(CSV, encoding="utf-8")
    look(2)
    assert not Delivery.objects.exists()


def test_a_file_a_dead_worker_took_is_offered_again(watched: Connector, folder: Path) -> None:
    (folder / "a.csv").write_text(CSV, encoding="utf-8")
    taken = Inbox(folder.parent, "monthly").take(Found("a.csv", 1, 1, is_file=True))
    assert taken is not None
    look(2)
    assert not Delivery.objects.exists()
    look(now=timezone.now() + dt.timedelta(hours=1))
    assert Delivery.objects.get().name == "a.csv"


@pytest.mark.django_db(transaction=True)
def test_two_workers_bring_one_file_in_once(watched: Connector, folder: Path) -> None:
    (folder / "a.csv.ready").write_text(CSV, encoding="utf-8")
    kind = connectors.collector("watched_folder")
    assert isinstance(kind, Collector)
    start, faults = threading.Barrier(2), []

    def work() -> None:
        try:
            start.wait()
            collecting.collect(Connector.objects.select_related("source").get(), kind, now=timezone.now())
        except Exception as error:
            faults.append(error)
        finally:
            connection.close()

    workers = [threading.Thread(target=work) for _ in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert faults == []
    assert Delivery.objects.count() == PostingImport.objects.count() == 1


def test_a_second_worker_finds_the_claim_and_does_nothing(watched: Connector, tmp_path: Path) -> None:
    from zhiqiao.platform.data.delivering import Item, deliver

    Delivery.objects.create(connector=watched, org_root_id=watched.org_root_id, key="k", name="a.csv")
    path = tmp_path / "x.csv"
    path.write_text(CSV, encoding="utf-8")
    assert deliver(watched, Item("k", "a.csv", path, "d", 1)).state == DeliveryState.TAKEN
    assert not PostingImport.objects.exists()


def test_a_source_of_wages_gets_its_table_by_the_same_way(
    olga: User, new_source: NewSource, inbox: Path, actor_of: ActorOf
) -> None:
    source = new_source(kind="wage_guideline")
    connecting.set_up(actor_of(olga), source, "watched_folder", {"folder": "wages"})
    (inbox / "wages").mkdir()
    table = "职业,地区,年份,中位数,单位\n软件开发,巴中市,2025,4000,元/月\n"
    (inbox / "wages" / "w.csv.ready").write_text(table, encoding="utf-8")
    look()
    assert GuidelineWage.objects.get().median == 4000
    assert names(inbox / "wages" / "done") == {"w.csv"}


def test_the_schedule_looks_and_a_switched_off_connector_does_not(
    watched: Connector, folder: Path, olga: User, sign_in: SignIn
) -> None:
    (folder / "a.csv.ready").write_text(HEADER + ROWS[0], encoding="utf-8")
    address = reverse("data:connector_switch", args=[watched.source.uuid, "watched_folder"])
    assert sign_in(olga).post(address).status_code == 302
    look(2)
    assert not Delivery.objects.exists()
    sign_in(olga).post(address)
    from zhiqiao.infra.jobs.api import enqueue

    enqueue(jobs.COLLECT, owner_id=None, org_root_id=None, title="x", params={})
    run_waiting()
    assert JobPosting.objects.count() == 1


def test_a_source_whose_terms_forbid_collection_is_not_looked_at(watched: Connector, folder: Path) -> None:
    (folder / "a.csv.ready").write_text(CSV, encoding="utf-8")
    Source.objects.update(collection_terms="forbidden")
    look(2)
    assert not Delivery.objects.exists()
    assert (folder / "a.csv.ready").exists()


def test_the_page_sets_it_up_and_says_what_is_wrong(
    olga: User, dora: User, new_source: NewSource, inbox: Path, sign_in: SignIn
) -> None:
    address = reverse("data:connector", args=[new_source().uuid, "watched_folder"])
    assert sign_in(dora).get(address).status_code == 404
    client = sign_in(olga)
    wrong = client.post(address, {"folder": "../x"})
    assert wrong.status_code == 422
    assert "相对路径" in wrong.content.decode()
    assert client.post(address, {"folder": "monthly"}).status_code == 302
    assert "monthly" in client.get(address).content.decode()
    assert client.get(address.replace("watched_folder", "upload")).status_code == 404


def test_a_name_that_is_no_utf8_is_taken_like_any_other(watched: Connector, folder: Path) -> None:
    raw = os.fsencode(folder) + b"/" + "招聘.csv".encode("gbk")
    Path(os.fsdecode(raw)).write_text(CSV, encoding="utf-8")
    look(2)
    run_waiting()
    look()
    delivery = Delivery.objects.get()
    assert (delivery.state, delivery.name) == ("done", "%D5%D0%C6%B8.csv")
    assert names(folder / "done") == {"%D5%D0%C6%B8.csv"}


@pytest.mark.parametrize("name", ["长" * 80 + ".csv", "长" * 80 + ".ready"])
def test_a_name_as_long_as_a_name_can_be_blocks_nothing(watched: Connector, folder: Path, name: str) -> None:
    (folder / name).write_text(CSV, encoding="utf-8")
    (folder / "中.csv.ready").write_text(HEADER + ROWS[0].replace("甲", "己"), encoding="utf-8")
    look(2)
    run_waiting()
    look()
    assert Delivery.objects.filter(name="中.csv", state="done").exists()
    assert Delivery.objects.count() == 2
    assert not list((folder / ".working").iterdir())
    (left,) = (path for path in (folder / "done").iterdir() if path.name != "中.csv")
    assert left.name.startswith("长" * 60)


def test_a_file_of_a_long_name_that_fails_has_its_reason_beside_it(watched: Connector, folder: Path) -> None:
    (folder / ("长" * 82 + ".csv")).write_text("", encoding="utf-8")
    look(2)
    run_waiting()
    look()
    assert len(list((folder / "failed").glob("*.reason.txt"))) == 1


def test_a_folder_that_can_not_be_read_is_said_to_be_one(watched: Connector, inbox: Path) -> None:
    (inbox / "monthly").write_text("a file where the folder should be", encoding="utf-8")
    look()
    watched.refresh_from_db()
    assert "文件夹" in watched.trouble["zh"]
    assert "mail" not in watched.trouble["en"].lower()


def test_a_fault_of_one_connector_keeps_no_other_from_its_files(
    watched: Connector,
    folder: Path,
    inbox: Path,
    olga: User,
    new_source: NewSource,
    actor_of: ActorOf,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    connecting.set_up(actor_of(olga), new_source(name="乙"), "watched_folder", {"folder": "other"})
    (inbox / "other").mkdir()
    (inbox / "other" / "a.csv.ready").write_text(CSV, encoding="utf-8")
    kind = connectors.collector("watched_folder")
    assert kind is not None
    whole = type(kind).look

    def breaks(self: object, link: object) -> object:
        if link.options["folder"] == "monthly":  # type: ignore[attr-defined]  # a Link
            raise ZeroDivisionError
        return whole(self, link)  # type: ignore[arg-type]  # the connector and its Link

    monkeypatch.setattr(type(kind), "look", breaks)
    look()
    assert Delivery.objects.get().name == "a.csv"
    watched.refresh_from_db()
    assert watched.trouble["zh"]


@pytest.mark.parametrize("taken", ["monthly", "monthly/", "monthly/done", "monthly/failed/x"])
def test_two_connectors_do_not_share_a_folder(
    watched: Connector, olga: User, new_source: NewSource, actor_of: ActorOf, taken: str
) -> None:
    with pytest.raises(Refused, match="monthly"):
        connecting.set_up(actor_of(olga), new_source(name="乙"), "watched_folder", {"folder": taken})
    connecting.set_up(actor_of(olga), new_source(name="丙"), "watched_folder", {"folder": "monthly/b"})
