"""Fills an empty installation from a region pack: catalogue, organisations, and in demo mode people and postings."""

from __future__ import annotations

import datetime as dt
import hashlib
import logging
import shutil
from pathlib import Path

from django.utils import timezone

from zhiqiao import packs
from zhiqiao.apps.evaluation import api as evaluation
from zhiqiao.apps.teaching import api as teaching
from zhiqiao.infra.config import config
from zhiqiao.infra.jobs.api import run_waiting
from zhiqiao.packs.postings import write_postings
from zhiqiao.platform.data import api as data
from zhiqiao.platform.governance import api as governance

log = logging.getLogger(__name__)


def pack_folder(region: str) -> Path:
    """Return the folder of a region pack, shipped or from ZHIQIAO_REGION_PATH; raises FileNotFoundError."""
    return packs.region_folder(region, config().region_path)


def load(region: str, *, demo: bool, today: dt.date) -> None:
    """Load a region; every step looks for what is there, so a half-finished first run is completed by the next."""
    pack = pack_folder(region)
    data.load_skills(packs.folder("common", "skills"))
    data.load_industries(pack)
    data.load_regional(pack)
    if not demo:
        return
    governance.load_organisations(pack, is_demo=True)
    governance.load_demo_people(pack, today=today)
    data.load_programmes(pack, is_demo=True)
    data.load_supply(pack, is_demo=True)
    teaching.load_demo_plans(now=timezone.now())
    data.load_demo_survey(pack, now=timezone.now())
    evaluation.load_demo_studies(pack, now=timezone.now())
    data.load_frameworks(pack, is_demo=True)
    _load_demo_postings(pack)


def _load_demo_postings(pack: Path) -> None:
    """Bring the synthetic postings in as any other file, once, in the name of the pack's data officer."""
    acting = governance.demo_actor(governance.Role.DATA_OFFICER)
    if acting is None or data.demo_import_is_live():
        return
    folder = config().data / "tmp"
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "demo-postings.jsonl"
    write_postings(pack, path)
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    copy = path.with_suffix(".upload")
    shutil.copyfile(path, copy)
    upload = data.Upload(copy, "演示招聘信息.jsonl", copy.stat().st_size, digest)
    data.import_demo_postings(acting, upload)
    run_waiting()
    path.unlink()
    log.info("demo postings loaded")
