"""Pages of a long list."""

from __future__ import annotations

from typing import TypeVar

from django.core.paginator import Page, Paginator
from django.db.models import Model, QuerySet
from django.http import HttpRequest

Row = TypeVar("Row", bound=Model)

PAGE_SIZE = 50


def page_of(request: HttpRequest, rows: QuerySet[Row]) -> tuple[Page[Row], str]:
    """Return the asked page (the nearest one that exists) and the query string without its number."""
    query = request.GET.copy()
    query.pop("page", None)
    return Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page")), query.urlencode()
