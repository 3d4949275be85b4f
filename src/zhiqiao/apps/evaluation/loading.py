"""Reads the judgements of a study for computing; who may see what is decided by the callers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from zhiqiao.apps.evaluation.computing import Asked, Given
from zhiqiao.apps.evaluation.models import (
    AnswerSheet,
    Judgement,
    StudyItem,
    StudyRound,
    WeightStudy,
)


@dataclass(frozen=True)
class Progress:
    """How far a round is: asked, began, submitted."""

    invited: int
    saved: int
    submitted: int

    @property
    def rate(self) -> float | None:
        """Return submitted over invited; None when nobody was asked."""
        return self.submitted / self.invited if self.invited else None

    @property
    def unfinished(self) -> int:
        """Return how many began and have not submitted; closing the round leaves them out."""
        return max(0, self.saved - self.submitted)


def asked_up_to(study: WeightStudy, number: int, *, items: Sequence[StudyItem] | None = None) -> Asked:
    """Return what the rounds up to `number` were told, submitted sheets only, in four queries at most."""
    tree = list(items if items is not None else study.items.all())
    invited: dict[int, int] = {}
    submitted: dict[int, list[str]] = {}
    sheets = AnswerSheet.objects.filter(round__study=study, round__number__lte=number)
    for row in sheets.select_related("round", "expert").order_by("round__number", "expert__code"):
        invited[row.round.number] = invited.get(row.round.number, 0) + 1
        submitted.setdefault(row.round.number, [])
        if row.submitted_at is not None:
            submitted[row.round.number].append(row.expert.code)
    by_id = {item.id: item for item in tree}
    rows = Judgement.objects.filter(
        sheet__round__study=study, sheet__round__number__lte=number, sheet__submitted_at__isnull=False
    )
    given = [
        Given(
            row.sheet.round.number,
            row.sheet.expert.code,
            by_id[row.item_id],
            by_id[row.other_id] if row.other_id else None,
            row.value,
            row.basis,
            row.familiarity,
        )
        for row in rows.select_related("sheet__round", "sheet__expert").order_by("id")
    ]
    return Asked(study, tree, number, invited, submitted, given)


def progress(rounds: Sequence[StudyRound]) -> dict[int, Progress]:
    """Return the progress by round id in one query."""
    found = {one.id: [0, 0, 0] for one in rounds}
    for round_id, saved, submitted in AnswerSheet.objects.filter(round__in=rounds).values_list(
        "round_id", "saved_at", "submitted_at"
    ):
        counts = found[round_id]
        counts[0] += 1
        counts[1] += saved is not None
        counts[2] += submitted is not None
    return {key: Progress(*counts) for key, counts in found.items()}
