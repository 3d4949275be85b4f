"""A tiny catalogue and a tiny file of postings, brought in by the product's own verbs."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.conftest import Places
from tests.integration.platform.data.sources_cast import dora, hanna, inbox, new_source, olga, otto
from tests.worlds import lay
from zhiqiao.infra.jobs.api import JobRun, run_waiting
from zhiqiao.platform.data import actions, catalogue, importing, uploads
from zhiqiao.platform.data.models import PostingImport, Source
from zhiqiao.platform.governance.api import Actor, User
from zhiqiao.platform.governance.sessions import actor_for, current_memberships

__all__ = ["dora", "hanna", "inbox", "new_source", "olga", "otto"]

SKILLS = """id,zh,en,kind,category,broader,aliases,match
python,Python,Python,tool,programming,,,
java,Java,Java,tool,programming,,,
docker,Docker,Docker,tool,programming,,,
ceramic-packaging,陶瓷芯片封装,ceramic chip packaging,ability,programming,,,
teamwork,团队合作,teamwork,soft,programming,,团队协作,
"""
PACK = {
    "industries.csv": "id,zh,en,lead,sort\nit,信息技术,IT,1,1\n",
    "chain_links.csv": "id,industry,zh,en\nsoftware,it,软件,Software\n",
    "job_roles.csv": (
        "id,chain_link,zh,en,title_patterns,occupation_code,occupation_name,skills\n"
        "developer,software,软件开发,Developer,开发工程师|程序员,2-02-10-03,计算机软件工程技术人员,python:0.8|java:0.5\n"
        "packer,software,封装工,Packer,封装,,,ceramic-packaging:1\n"
    ),
}
HEADER = "职位名称,公司,岗位描述,城市,薪资,发布日期\n"
ROWS = (
    "Python开发工程师,甲公司,任职要求：熟练掌握Python和Docker，有团队合作精神。,成都,8-12K,2026-01-05\n",
    "Java开发工程师,乙公司,任职要求：精通Java。联系电话13800138000。,重庆,10-15K,2026-02-06\n",
    "芯片封装技术员,丙公司,任职要求：掌握陶瓷芯片封装。,巴中,6-8K,2026-02-07\n",
    "芯片封装技术员,丙公司,任职要求：掌握陶瓷芯片封装。,巴中,6-8K,2026-02-07\n",
    "行政文员,丁公司,,巴中,,\n",
)
"""Five rows: three postings, one duplicate, one without a text (quarantined)."""
CSV = HEADER + "".join(ROWS)


def write_pack(folder: Path) -> Path:
    """Write a region pack and a skill folder of a few rows."""
    (folder / "skills").mkdir(parents=True)
    for name, text in PACK.items():
        (folder / name).write_text(text, encoding="utf-8")
    (folder / "skills" / "categories.csv").write_text(
        "id,zh,en\nprogramming,编程,Programming\n", encoding="utf-8"
    )
    (folder / "skills" / "programming.csv").write_text(SKILLS, encoding="utf-8")
    return folder


def load_pack(folder: Path) -> None:
    """Load the skills and posts of a pack."""
    catalogue.load_skills(folder / "skills")
    catalogue.load_industries(folder)


@pytest.fixture
def pack(tmp_path: Path) -> Path:
    """A region pack and a skill folder of a few rows."""
    return write_pack(tmp_path / "pack")


@pytest.fixture(scope="session")
def skills_world(
    request: pytest.FixtureRequest, places_world: Places | None, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Path | None]:
    """The tiny catalogue, loaded, beside the organisations of the cast; its folder."""

    def make() -> Path:
        folder = write_pack(tmp_path_factory.mktemp("world") / "pack")
        load_pack(folder)
        return folder

    yield from lay(request, make, or_bare=True)


@pytest.fixture
def skills(skills_world: Path | None, db: None, pack: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The tiny catalogue, loaded; imports are read with it. The test has a folder of its own."""
    monkeypatch.setattr(importing, "skills_folder", lambda: pack / "skills")
    if not skills_world:
        load_pack(pack)
    return pack


Upload = Callable[..., PostingImport]


def send(actor: Actor, sent: Path, text: str = CSV, *, name: str, shared: bool) -> PostingImport:
    """Bring a file up to the point where it can start, by way of a place for what is sent."""
    sent.write_text(text, encoding="utf-8")
    upload = uploads.Upload(sent, name, sent.stat().st_size, hashlib.sha256(text.encode()).hexdigest())
    source = Source.objects.filter(org_root_id=actor.org_root_id, is_shared=shared).first()
    posting_import = actions.receive_file(
        actor, source=source or actions.NewSource("人社局", "仅限教学", is_shared=shared), upload=upload
    )
    columns = {
        "title": "职位名称", "company": "公司", "text": "岗位描述", "city": "城市", "salary": "薪资",
        "published": "发布日期",
    }  # fmt: skip
    actions.save_columns(actor, posting_import, columns)
    return posting_import


@contextmanager
def reading_with(skills: Path, stage: Callable[[], object] | None = None) -> Iterator[None]:
    """Read with the skills of a pack, and with a stage in place of the learned one, while a world is made."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(importing, "skills_folder", lambda: skills / "skills")
        if stage:
            patch.setattr(importing, "learned_stage", stage)
        yield


def bring_in(user: User, text: str, folder: Path, *, shared: bool = False) -> PostingImport:
    """Import a file for a world."""
    actor = actor_for(user, current_memberships(user.id)[0])
    posting_import = send(actor, folder / "sent", text, name="postings.csv", shared=shared)
    actions.start_import(actor, posting_import)
    run_waiting()
    posting_import.refresh_from_db()
    return posting_import


@pytest.fixture
def upload(skills: Path, tmp_path: Path, actor_of: Callable[[User], Actor]) -> Upload:
    """Return a function that brings a file up to the point where it can start."""
    counter = iter(range(1000))

    def _upload(
        user: User, text: str = CSV, *, name: str = "postings.csv", shared: bool = False
    ) -> PostingImport:
        return send(actor_of(user), tmp_path / f"sent-{next(counter)}", text, name=name, shared=shared)

    return _upload


@pytest.fixture
def import_file(upload: Upload, actor_of: Callable[[User], Actor]) -> Upload:
    """Return a function that imports a file and gives back the finished import."""

    def _import(
        user: User, text: str = CSV, *, name: str = "postings.csv", shared: bool = False
    ) -> PostingImport:
        posting_import = upload(user, text, name=name, shared=shared)
        actions.start_import(actor_of(user), posting_import)
        run_waiting()
        posting_import.refresh_from_db()
        return posting_import

    return _import


@pytest.fixture
def last_run() -> Callable[[], JobRun]:
    """Return the newest background run."""
    return lambda: JobRun.objects.latest("id")
