"""Chart data of the results page as plain dictionaries; every chart has its table twin."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _

from zhiqiao.apps.evaluation.results import RatingRow, WeightRow, in_per_cent


def weight_bar(rows: Sequence[WeightRow], *, demo: bool) -> dict[str, object]:
    """Return the weights of the lowest items, the greatest first."""
    top = sorted((row for row in rows if row.is_leaf), key=lambda row: -row.weight)
    return {
        "title": _("权重"),
        "unit": "%",
        "category_title": _("条目"),
        "categories": [row.name for row in top],
        "links": [_evidence(row.uuid) for row in top],
        "series": [{"name": _("权重"), "data": [in_per_cent(row.weight) for row in top]}],
        "demo": demo,
    }


def rating_bar(rows: Sequence[RatingRow], *, demo: bool) -> dict[str, object]:
    """Return the mean ratings."""
    return {
        "title": _("平均分"),
        "unit": _("分"),
        "category_title": _("条目"),
        "categories": [row.name for row in rows],
        "links": [_evidence(row.uuid) for row in rows],
        "series": [
            {
                "name": _("平均分"),
                "data": [None if row.mean is None else round(row.mean, 2) for row in rows],
                "count": [row.answers for row in rows],
            }
        ],
        "demo": demo,
    }


def _evidence(uuid: UUID) -> str:
    return reverse("evidence", args=["study_item", uuid])
