"""A data folder that stands at the first migrations is brought up to date and keeps its rows."""

from __future__ import annotations

from uuid import UUID

import pytest
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.state import StateApps

from zhiqiao.cli import _django
from zhiqiao.infra.jobs.api import runs
from zhiqiao.platform.data.models import JobPosting

OURS = ("governance", "jobs", "data", "management")


@pytest.mark.django_db
def test_models_and_migrations_agree() -> None:
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


@pytest.mark.django_db(transaction=True)
def test_rows_of_the_first_schema_survive_the_way_to_the_newest() -> None:
    executor = MigrationExecutor(connection)
    first = [key for key in executor.loader.graph.nodes if key[0] in OURS and key[1].startswith("0001")]
    newest = [key for key in executor.loader.graph.leaf_nodes() if key[0] in OURS]
    executor.migrate(first)
    old = MigrationExecutor(connection).loader.project_state(first).apps
    run = old.get_model("jobs", "JobRun").objects.create(kind="old", title="旧任务", params={"a": 1})
    posting = _posting(old)
    MigrationExecutor(connection).migrate(newest)
    assert JobPosting.objects.get(uuid=posting).folded_title == "java开发"
    kept = runs().get(uuid=run.uuid)
    assert (kept.kind, kept.title, kept.params) == ("old", "旧任务", {"a": 1})


def _posting(old: StateApps) -> UUID:
    """Write a posting as the first schema has it."""
    source = old.get_model("data", "Source").objects.create(org_root_id=1, key="old", name="旧来源")
    posting_import = old.get_model("data", "PostingImport").objects.create(
        org_root_id=1, source=source, file_name="old.csv"
    )
    row = old.get_model("data", "JobPosting").objects.create(
        org_root_id=1, posting_import=posting_import, key="1", title="ＪＡＶＡ開發"
    )
    return UUID(str(row.uuid))


@pytest.mark.django_db
def test_this_program_knows_every_applied_migration() -> None:
    assert _django.unknown_migrations() == []
