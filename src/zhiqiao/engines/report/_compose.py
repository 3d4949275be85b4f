"""Facts and words in, one document out; every sentence is filled from the facts and from nothing else."""

from __future__ import annotations

from zhiqiao.engines.documents import Cover, Document, Label
from zhiqiao.engines.report._closing import closing
from zhiqiao.engines.report._demand import demand
from zhiqiao.engines.report._editing import keyed
from zhiqiao.engines.report._facts import ReportFacts
from zhiqiao.engines.report._measures import ReportParameters
from zhiqiao.engines.report._opening import opening
from zhiqiao.engines.report._outlook import outlook
from zhiqiao.engines.report._standing import DRAFT, Standing, cover_lines, edition
from zhiqiao.engines.report._supply import supply
from zhiqiao.engines.report._teller import Teller
from zhiqiao.engines.report._words import Words


def compose(
    facts: ReportFacts, words: Words, limits: ReportParameters, standing: Standing = DRAFT
) -> Document:
    """Return the report in the language of the words, a draft unless signed; the same facts give the same document.

    Raises WordsError when the texts lack a sentence or want a value that the facts do not have.
    """
    tell = Teller(facts, words, limits)
    labels = (
        ()
        if facts.label is None
        else (Label(words.name(facts.label), "DemoData", {"scope": "postings"}, watermark=True),)
    )
    return Document(
        title=tell.text("title.title"),
        subtitle=tell.text("title.subtitle", region=words.name(facts.region), year=facts.year),
        organisation=words.name(facts.organisation),
        date=standing.signed_on or facts.date,
        language=words.language,
        edition=edition(tell, standing),
        digest=standing.digest,
        keywords=(tell.text("title.keyword_demand"), tell.text("title.keyword_forecast")),
        labels=labels,
        sources=tell.listed_sources(),
        cover=Cover(
            (
                (tell.text("title.prepared"), words.name(facts.organisation)),
                (tell.text("title.scope"), words.name(facts.region)),
                (
                    tell.text("title.data"),
                    tell.text("title.data_value", first=facts.months[0], last=facts.months[-1]),
                ),
                *cover_lines(tell, standing),
            )
        ),
        blocks=keyed(
            [*opening(tell), *demand(tell), *supply(tell), *outlook(tell), *closing(tell, standing)]
        ),
    )
