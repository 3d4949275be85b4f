"""Writing a checked table with many rows, and clearing away tables that nobody came back for."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from django.utils import timezone, translation
from django.utils.translation import gettext_noop

from zhiqiao.engines import tabular
from zhiqiao.infra import storage
from zhiqiao.infra.jobs.api import JobContext, JobFailed, JobRun, enqueue, job
from zhiqiao.platform.data.errors import Conflict
from zhiqiao.platform.data.supply import importing
from zhiqiao.platform.data.supply.targets import TARGETS
from zhiqiao.platform.governance.api import Actor, actor_for, current_memberships

__all__ = ["queue", "sweep_tables"]

WRITE = "supply.write_table"
_TITLE = gettext_noop("写入表格：%(file)s")
_CHANGED = gettext_noop("检查之后，平台上的数据有变化，没有写入。请重新上传、检查。")
_GONE = gettext_noop("检查过的文件已不在，请重新上传。")
_NOT_YOU = gettext_noop("您已不再有填报这些数据的身份，没有写入。")
#: A table is checked and written in one sitting.
_KEEP = dt.timedelta(days=1)


def queue(actor: Actor, verb: str, upload: UUID, *, name: str, fingerprint: str, url: str) -> JobRun:
    """Queue the writing of a checked table; `url` is the page where it was checked."""
    return enqueue(
        WRITE,
        owner_id=actor.user_id,
        org_root_id=actor.org_root_id,
        title=_TITLE,
        title_values={"file": name},
        params={
            "verb": verb,
            "upload": str(upload),
            "name": name,
            "fingerprint": fingerprint,
            "membership": actor.membership_id,
            "language": actor.language,
            "url": url,
        },
        exclusive=f"supply:{actor.org_root_id}",
    )


@job(WRITE)
def write_table(
    context: JobContext,
    *,
    verb: str,
    upload: str,
    name: str,
    fingerprint: str,
    membership: int,
    language: str,
    url: str,
) -> dict[str, object]:
    """Write the good rows of a checked table; the others wait in the quarantine file."""
    context.progress(0, 1, gettext_noop("写入"))
    path = storage.table_path(UUID(upload))
    if not path.exists():
        raise JobFailed(_GONE)
    actor = _actor(context.run.owner_id, membership)
    with translation.override(language):
        try:
            outcome = importing.commit(
                actor,
                TARGETS[verb](actor),
                path,
                name=name,
                fingerprint=fingerprint,
                quarantine=path.with_suffix(".csv"),
            )
        except Conflict as error:
            raise JobFailed(_CHANGED) from error
        except tabular.TableError as error:
            raise JobFailed(_GONE) from error
    path.unlink(missing_ok=True)
    rejected = len({fault.row for fault in outcome.faults})
    return {"written": outcome.written, "rejected": rejected, "url": url}


def sweep_tables() -> int:
    """Remove tables that nobody came back for; return how many files."""
    removed = 0
    for path in storage.tables().iterdir():
        if path.stat().st_mtime < (timezone.now() - _KEEP).timestamp():
            path.unlink(missing_ok=True)
            removed += 1
    return removed


def _actor(user_id: int | None, membership: int) -> Actor:
    """Return who asked, as long as the membership under which it was asked still holds."""
    for held in current_memberships(user_id) if user_id is not None else ():
        if held.pk == membership:
            return actor_for(held.user, held)
    raise JobFailed(_NOT_YOU)
