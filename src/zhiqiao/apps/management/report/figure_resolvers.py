"""Evidence of a single figure of the report: what it is computed from, and the same figure computed once more."""

from __future__ import annotations

import re
from uuid import UUID

from django.http import Http404
from django.urls import reverse
from django.utils.html import format_html
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from zhiqiao.apps.management.balance.resolvers import owner_of
from zhiqiao.apps.management.errors import ManagementError
from zhiqiao.apps.management.models import ReportEdition
from zhiqiao.apps.management.report import gathering
from zhiqiao.apps.management.report.composing import facts_of, limits, printed, words
from zhiqiao.apps.management.report.figures import FIGURE, edition_of, figure_named, figure_uuid
from zhiqiao.apps.management.report.page import own_language
from zhiqiao.apps.management.report.reading import chapter_with
from zhiqiao.apps.management.report.resolvers import METHOD, edition_title, named_links
from zhiqiao.apps.management.report.selectors import readable
from zhiqiao.engines.report import Figures, FigureWords, Measured, Ref, Teller, end
from zhiqiao.infra.ui import formats
from zhiqiao.platform.data.api import Hop, Link, listed_postings, resolver
from zhiqiao.platform.governance.api import Actor, can

__all__ = ["figure_hop"]

_END = re.compile("-(low|high|mean|base)$")
_QUOTIENTS = {"share", "structure-share", "skill-share", "skill-share-before"}


@resolver(FIGURE, label=gettext_lazy("报告中的数字"))
def figure_hop(actor: Actor, uuid: UUID) -> Hop:
    """Return a figure of an edition; 404 for who may not read the edition, or a figure it does not have."""
    edition_id = edition_of(uuid)
    row = readable(actor).filter(pk=edition_id).first() if edition_id is not None else None
    name = figure_named(row, uuid) if row else None
    figure = Figures(facts_of(row)).get(name) if row and name else None
    if row is None or figure is None:
        raise Http404
    return _Told(actor, row, figure).hop(uuid)


def quotient(part: int | None, whole: int | None) -> float | None:
    """Return a share; None without a whole."""
    return part / whole if whole and part is not None else None


class _Told:
    """A figure of an edition, told to a person."""

    def __init__(self, actor: Actor, row: ReportEdition, figure: Measured) -> None:
        self._actor, self._row, self._figure = actor, row, figure
        self._language = own_language()
        self._facts = facts_of(row)
        self._known = Figures(self._facts)
        self._words = FigureWords(Teller(self._facts, words(self._language), limits()))
        self._printed = printed(row, self._language)

    def hop(self, uuid: UUID) -> Hop:
        row, figure = self._row, self._figure
        postings = self._postings()
        return Hop(
            kind=FIGURE,
            uuid=uuid,
            title=self._words.title(figure),
            facts=[*self._around(), *postings, (_("数据快照里的值"), self._text(figure))],
            how=" ".join(part for part in (self._formula(), self._words.how(figure)) if part),
            method=METHOD,
            method_version=row.versions.get("report_limits", ""),
            at=row.facts_at,
            basis=[
                *self._rests(),
                *self._stored(),
                Link("report_edition", row.uuid, edition_title(row), _("数据快照")),
            ],
            url=self._place(),
            value=self._shown(),
            recompute=self._again,
            is_demo=row.is_demo,
        )

    def _text(self, figure: Measured) -> str:
        return figure.text(self._language)

    def _shown(self) -> str:
        """Return the figure as the report prints it; as it stands in the facts where it is not printed itself."""
        return self._printed.figures.get(self._figure.name) or self._text(self._figure)

    def _around(self) -> list[tuple[str, object]]:
        """Return the interval around a figure, from its middle or from one of its ends."""
        measure, colon, scope = self._figure.name.partition(":")
        middle = _END.sub("", measure) + colon + scope
        low, high = self._known.get(end("low", middle)), self._known.get(end("high", middle))
        if low is None or high is None:
            return []
        found = self._known.get(middle)
        rows: list[tuple[str, object]] = [(_("中值"), self._text(found))] if found else []
        return [*rows, (_("区间"), f"{self._text(low)} – {self._text(high)}")]

    def _formula(self) -> str:
        parts = [part for name in self._figure.rests if (part := self._known.get(name))]
        if self._figure.measure not in _QUOTIENTS or len(parts) != 2:
            return ""
        part, whole = parts
        return _("%(part)s ÷ %(whole)s，即“%(part_title)s”除以“%(whole_title)s”。") % {
            "part": self._text(part),
            "whole": self._text(whole),
            "part_title": self._words.title(part),
            "whole_title": self._words.title(whole),
        }

    def _rests(self) -> list[Link]:
        parts = [part for name in self._figure.rests if (part := self._known.get(name))]
        return [
            Link(FIGURE, figure_uuid(self._row.pk, part.name), self._words.title(part), self._text(part))
            for part in parts
        ]

    def _refs(self) -> list[Ref]:
        return [self._facts.evidence[name] for name in self._figure.refs]

    def _stored(self) -> list[Link]:
        """Return the stored results that the figure was taken from, as far as this person may see them."""
        links = []
        for ref in self._refs():
            try:
                links.append(Link(ref.kind, UUID(ref.key), "", _("编制时的依据")))
            except ValueError:
                continue  # the list of postings
        return named_links(self._actor, links)

    def _postings(self) -> list[tuple[str, object]]:
        """Return the way to the postings behind the figure, with how many there are now."""
        query = next((ref.query for ref in self._refs() if ref.kind == "postings"), None)
        if query is None or not can(self._actor, "postings.read"):
            return []
        count = listed_postings(self._actor, query).count()
        text = _("逐条查看，现在 %(count)s 条") % {"count": formats.number(count)}
        address = f"{reverse('data:postings')}?{urlencode(query)}"
        return [(_("招聘信息"), format_html('<a class="zq-textlink" href="{}">{}</a>', address, text))]

    def _place(self) -> str:
        chapter = chapter_with(self._printed, self._figure.name)
        query = urlencode({"lang": self._language, "chapter": chapter})
        return f"{reverse('management:report', args=[self._row.uuid])}?{query}"

    def _again(self) -> str:
        """Return the figure computed once more from the records of now, in the name of the bureau.

        A count is the length of its list of postings, a share that of two lists. Everything else is gathered as for a
        draft: a reader of one school does not see the course tables of others, and gets nothing but the figure that
        the report already shows.
        """
        figure, bureau = self._figure, owner_of(self._row)
        counts = [self._counted(name, bureau) for name in self._parts()]
        if None not in counts:
            value = quotient(*counts) if figure.measure in _QUOTIENTS else counts[0]
            return _("不再列入") if value is None else figure.written(value, self._language)
        try:
            fresh = self._gathered(bureau)
        except ManagementError as error:
            return str(error)
        return self._text(fresh) if fresh else _("不再列入")

    def _gathered(self, bureau: Actor) -> Measured | None:
        """Return the figure of facts gathered now: computed anew, else with the stored results they take over.

        What scenarios start from beside the counts is stored with the forecast only, and of the skills of a post the
        stored balance may list others of equal weight.
        """
        year, today = self._row.year, self._facts.date
        for anew in (False,) if self._figure.evidence == "scenario" else (True, False):
            facts = gathering.gather_facts(bureau, year, today=today, anew=anew)
            fresh = Figures(facts).get(self._figure.name)
            if fresh is not None:
                return fresh
        return None

    def _parts(self) -> tuple[str, ...]:
        """Return the counts that the figure is made of: itself, or the two that it is the quotient of."""
        return self._figure.rests if self._figure.measure in _QUOTIENTS else (self._figure.name,)

    def _counted(self, name: str, bureau: Actor) -> int | None:
        """Return how many postings a count has now; None for a figure that is no length of a list."""
        figure = self._known.get(name)
        ref = self._facts.evidence[figure.refs[0]] if figure and figure.counted and figure.refs else None
        return listed_postings(bureau, ref.query).count() if ref and ref.kind == "postings" else None
