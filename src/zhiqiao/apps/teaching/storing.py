"""The rows of a version in the database, as a document and back; only what changed is written."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from zhiqiao.apps.teaching.document import Content, Document
from zhiqiao.apps.teaching.models import PlanRow, PlanVersion

__all__ = ["Stored", "load", "write_new"]

#: Room between the places of two rows, so that most insertions move none.
STEP = 1024


class Stored:
    """The rows of a version as they lie in the database, with the document that is made of them."""

    def __init__(self, version: PlanVersion, rows: Iterable[PlanRow]) -> None:
        self._version = version
        self._rows = {(row.table, row.key): row for row in rows}
        self._before = _contents(self._rows)
        self.document = document_of_rows(self._rows.values())

    def save(self) -> None:
        """Write what the document holds now and the database does not."""
        wanted = {
            (table, key): content
            for table, rows in self.document.tables.items()
            for key, content in rows.items()
        }
        gone = [row.pk for name, row in self._rows.items() if name not in wanted]
        if gone:
            PlanRow.objects.filter(pk__in=gone).delete()
        changed, added = [], []
        for name, place in self._places().items():
            row, content = self._rows.get(name), wanted[name]
            if row is None:
                added.append(_row(self._version, name, place, content))
            elif (row.place, self._before[name]) != (place, content):
                row.place, row.content = place, content
                changed.append(row)
        if len(changed) == 1:
            changed[0].save(update_fields=["place", "content", "updated_at"])
        elif changed:
            PlanRow.objects.bulk_update(changed, ["place", "content"], batch_size=100)
        PlanRow.objects.bulk_create(added)

    def _places(self) -> dict[tuple[str, str], int]:
        found = {}
        for table, rows in self.document.tables.items():
            known = {key: row.place for key in rows if (row := self._rows.get((table, key)))}
            found.update({(table, key): place for key, place in placed(list(rows), known).items()})
        return found


def placed(order: Sequence[str], known: Mapping[str, int]) -> dict[str, int]:
    """Return places in an order, keeping as many of the known ones as stand in it."""
    found: dict[str, int] = {}
    last = 0
    for at, key in enumerate(order):
        place = known.get(key, 0)
        if place <= last:
            later = next((known[next_] for next_ in order[at + 1 :] if known.get(next_, 0) > last), None)
            place = last + STEP if later is None else (last + later) // 2
        if place == last:
            return {key: (number + 1) * STEP for number, key in enumerate(order)}
        found[key] = last = place
    return found


def load(version: PlanVersion) -> Stored:
    """Read the rows of a version."""
    return Stored(version, PlanRow.objects.filter(version=version).order_by("table", "place"))


def write_new(version: PlanVersion, document: Document) -> None:
    """Write all rows of a version that has none."""
    PlanRow.objects.bulk_create(
        _row(version, (table, key), (number + 1) * STEP, content)
        for table, rows in document.tables.items()
        for number, (key, content) in enumerate(rows.items())
    )


def document_of_rows(rows: Iterable[PlanRow]) -> Document:
    """Return rows, in their order, as a document."""
    document = Document()
    for row in rows:
        document.rows(row.table)[row.key] = row.content
    return document


def _contents(rows: Mapping[tuple[str, str], PlanRow]) -> dict[tuple[str, str], Content]:
    # changes put new contents in place of old ones and never change one, so that nothing has to be copied
    return {name: row.content for name, row in rows.items()}


def _row(version: PlanVersion, name: tuple[str, str], place: int, content: Content) -> PlanRow:
    return PlanRow(
        org_root_id=version.org_root_id,
        version=version,
        table=name[0],
        key=name[1],
        place=place,
        content=content,
    )
