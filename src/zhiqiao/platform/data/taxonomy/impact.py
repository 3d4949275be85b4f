"""What a change would do to the mentions of all live imports, worked out before anybody decides."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass

import pyarrow.parquet as pq

from zhiqiao.engines import jobmining
from zhiqiao.infra import storage
from zhiqiao.platform.data import lake
from zhiqiao.platform.data.mined_with import learned_stage
from zhiqiao.platform.data.models import ImportState, PostingImport

__all__ = ["ImpactView", "measure", "read_impact"]

_EXAMPLES = 6
_BATCH = 500
_COLUMNS = ("posting_id", "text", "text_kind")


@dataclass(frozen=True)
class ImpactView:
    """The measured impact of a change from one version of the catalogue to another.

    `examples` name import, posting, span and what happens there; the sentences stay in the lake.
    """

    old: str
    new: str
    added: int
    moved: int
    lost: int
    postings: int
    looked_at: int
    imports: int
    examples: tuple[tuple[str, str, int, int, str], ...] = ()

    @property
    def is_nothing(self) -> bool:
        """Tell whether no mention changes."""
        return not (self.added or self.moved or self.lost)


def measure(
    old: jobmining.Taxonomy,
    new: jobmining.Taxonomy,
    *,
    rules: jobmining.Rules,
    progress: Callable[[int, int], None],
) -> ImpactView:
    """Mine the touched postings of all live imports with both versions; `progress` may raise to stop."""
    imports = list(PostingImport.objects.filter(state=ImportState.LIVE).order_by("id"))
    total = sum(row.kept for row in imports)
    surfaces = jobmining.changed_surfaces(old, new)
    added = moved = lost = postings = done = 0
    examples: list[tuple[str, str, int, int, str]] = []
    for row in imports:
        path = storage.import_folder(row.uuid) / lake.POSTINGS
        if not path.exists():
            continue
        with pq.ParquetFile(path) as file:
            for batch in file.iter_batches(_BATCH, columns=list(_COLUMNS), use_threads=False):
                found = jobmining.impact_of(
                    batch,
                    old=old,
                    new=new,
                    rules=rules,
                    surfaces=surfaces,
                    learned=learned_stage(),
                    examples=_EXAMPLES - len(examples),
                )
                added, moved, lost = added + found.added, moved + found.moved, lost + found.lost
                postings, done = postings + found.postings, done + batch.num_rows
                examples += [(str(row.uuid), *item) for item in found.examples]
                progress(done, total)
    return ImpactView(
        old.version, new.version, added, moved, lost, postings, done, len(imports), tuple(examples)
    )


def written(impact: ImpactView) -> dict[str, object]:
    """Return an impact as it is stored."""
    return asdict(impact)


def read_impact(stored: dict[str, object]) -> ImpactView | None:
    """Return a stored impact, None when it was not worked out yet."""
    if not stored:
        return None
    examples = stored.get("examples", [])
    assert isinstance(examples, list | tuple)
    fields = {name: value for name, value in stored.items() if name != "examples"}
    return ImpactView(**fields, examples=tuple(tuple(item) for item in examples))  # type: ignore[arg-type]  # as written
