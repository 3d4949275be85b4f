"""Editions of the published report: what each was made of, its texts, who did what, what evidence leads to.

Everything but the edition itself is only ever added. From publication on the database refuses every change of an
edition but its withdrawal, and every addition to it (see `FROZEN` and docs/adr/0012).
"""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from zhiqiao.infra.db import TenantModel, levels
from zhiqiao.infra.db.frozen import Frozen
from zhiqiao.platform.governance.api import ScopeFields


class EditionState(models.TextChoices):
    """Where an edition stands; texts change in a draft only."""

    DRAFT = "draft", _("草稿")
    IN_REVIEW = "in_review", _("待签发")
    SIGNED = "signed", _("已签发")
    PUBLISHED = "published", _("已发布")
    WITHDRAWN = "withdrawn", _("已撤回")


OPEN_STATES = (EditionState.DRAFT, EditionState.IN_REVIEW, EditionState.SIGNED)


class ReportEdition(TenantModel):
    """One edition of a year's report of a region; it belongs to the bureau."""

    data_levels = levels(
        "internal", personal=("made_by", "submitted_by", "signed_by", "published_by", "withdrawn_by")
    )
    scope_fields = ScopeFields(shared="is_published")

    region = models.CharField(max_length=64)
    region_zh = models.CharField(max_length=100)
    region_en = models.CharField(max_length=100)
    year = models.PositiveSmallIntegerField()
    number = models.PositiveSmallIntegerField(help_text="edition within the year, from 1")
    state = models.CharField(max_length=12, choices=EditionState, default=EditionState.DRAFT)
    is_published = models.BooleanField(
        default=False, help_text="published once; a withdrawn one stays readable"
    )
    is_demo = models.BooleanField(default=False)
    version = models.PositiveIntegerField(default=1, help_text="grows with every step and new figures")
    facts_digest = models.CharField(max_length=64, help_text="SHA-256 of the facts in force")
    facts_at = models.DateTimeField()
    first_month = models.CharField(max_length=7)
    last_month = models.CharField(max_length=7)
    versions = models.JSONField(default=dict, help_text="of methods, parameters and words")
    documents = models.JSONField(default=dict, help_text="language -> SHA-256 of the signed document")
    replaces = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="replaced_by")
    correction = models.CharField(max_length=500, blank=True, default="")
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    made_at = models.DateTimeField()
    submitted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    submitted_at = models.DateTimeField(null=True)
    signed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    signed_at = models.DateTimeField(null=True)
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    published_at = models.DateTimeField(null=True)
    withdrawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    withdrawn_at = models.DateTimeField(null=True)
    withdrawal = models.CharField(max_length=500, blank=True, default="")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["org_root_id", "region", "year", "number"], name="edition_number_once"
            ),
            models.UniqueConstraint(
                fields=["org_root_id", "region", "year"],
                condition=models.Q(state__in=["draft", "in_review", "signed"]),
                name="one_open_edition",
            ),
            models.CheckConstraint(
                condition=models.Q(signed_by__isnull=True) | ~models.Q(signed_by=models.F("submitted_by")),
                name="nobody_signs_what_they_prepared",
            ),
            models.CheckConstraint(
                condition=models.Q(is_published=False) | models.Q(state__in=["published", "withdrawn"]),
                name="published_editions_say_so",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.region} {self.year}/{self.number} {self.state}"


class EditionPart(TenantModel):
    """Bytes of an edition: its facts, the signed documents as data, the published files."""

    data_levels = levels("internal")
    scope_fields = ScopeFields()

    class Kind(models.TextChoices):
        """What the bytes are."""

        FACTS = "facts", _("数据快照")
        DOCUMENT = "document", _("签发文本")
        DOCX = "docx", "DOCX"
        PDF = "pdf", "PDF"
        XLSX = "xlsx", "XLSX"

    edition = models.ForeignKey(ReportEdition, on_delete=models.PROTECT, related_name="parts")
    kind = models.CharField(max_length=10, choices=Kind)
    language = models.CharField(max_length=2, blank=True, default="")
    sha256 = models.CharField(max_length=64)
    size = models.PositiveIntegerField(help_text="bytes of what the digest is of")
    content = models.BinaryField(help_text="facts and documents deflated, files as they are")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["edition", "kind", "language", "sha256"], name="edition_part_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.language} {self.sha256[:8]}"


class EditionText(TenantModel):
    """One change of one text by a person; the newest of a key is in force."""

    data_levels = levels("internal", personal=("by",))
    scope_fields = ScopeFields()

    edition = models.ForeignKey(ReportEdition, on_delete=models.PROTECT, related_name="texts")
    language = models.CharField(max_length=2)
    key = models.CharField(max_length=120)
    number = models.PositiveIntegerField(help_text="changes of this text so far, this one included")
    before = models.TextField()
    after = models.TextField(null=True, help_text="null: as generated")  # noqa: DJ001 - empty would be a text
    generated = models.TextField(help_text="what was generated when the person wrote")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["edition", "language", "key", "number"], name="edition_text_number_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.language} {self.key} {self.number}"


class EditionStep(TenantModel):
    """Something a person did with an edition as a whole."""

    data_levels = levels("internal", personal=("by",))
    scope_fields = ScopeFields()

    class Verb(models.TextChoices):
        """What was done."""

        MADE = "made", _("编制")
        REMADE = "remade", _("重新编制")
        SUBMITTED = "submitted", _("已提交")
        RETURNED = "returned", _("已退回")
        SIGNED = "signed", _("已签发")
        PUBLISHED = "published", _("已发布")
        WITHDRAWN = "withdrawn", _("已撤回")

    edition = models.ForeignKey(ReportEdition, on_delete=models.PROTECT, related_name="steps")
    verb = models.CharField(max_length=10, choices=Verb)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    reason = models.CharField(max_length=500, blank=True, default="")

    class Meta:
        indexes: ClassVar = [models.Index(fields=["edition", "at"], name="edition_step_order")]

    def __str__(self) -> str:
        return f"{self.verb} {self.at:%Y-%m-%d}"


class EditionBlock(TenantModel):
    """A text, table or chart of an edition as something evidence can lead to."""

    data_levels = levels("internal")
    scope_fields = ScopeFields()

    edition = models.ForeignKey(ReportEdition, on_delete=models.PROTECT, related_name="blocks")
    key = models.CharField(max_length=120)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["edition", "key"], name="edition_block_once"),
        ]

    def __str__(self) -> str:
        return self.key


class EditionRating(TenantModel):
    """Marks one person gave a published edition; the newest of a person counts."""

    data_levels = levels("internal", personal=("by", "comment"))
    scope_fields = ScopeFields(owner="by")

    edition = models.ForeignKey(ReportEdition, on_delete=models.PROTECT, related_name="ratings")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    number = models.PositiveSmallIntegerField(help_text="sheets of this person so far, this one included")
    marks = models.JSONField(help_text="criterion -> mark")
    comment = models.CharField(max_length=500, blank=True, default="")
    rubric_version = models.CharField(max_length=40)
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["edition", "by", "number"], name="edition_rating_once"),
        ]

    def __str__(self) -> str:
        return f"{self.edition_id} {self.number}"


_PUBLISHED = "OLD.state IN ('published', 'withdrawn')"
_CLOSED = (
    f"EXISTS (SELECT 1 FROM {ReportEdition._meta.db_table} e "  # noqa: S608 - no input
    "WHERE e.id = NEW.edition_id AND e.state IN ('published', 'withdrawn'))"
)

#: A withdrawal is the one thing that may still happen to a published edition.
FROZEN = (
    Frozen(
        ReportEdition,
        "published editions are never changed or removed",
        rows=_PUBLISHED,
        open=("state", "version", "withdrawn_by_id", "withdrawn_at", "withdrawal", "updated_at"),
        door="OLD.state = 'published' AND NEW.state = 'withdrawn' AND NEW.withdrawal <> ''",
    ),
    Frozen(EditionPart, "parts of editions are never changed or removed", into=_CLOSED),
    Frozen(EditionText, "changes of texts are never changed or removed", into=_CLOSED),
    Frozen(EditionBlock, "blocks of editions are never changed or removed", into=_CLOSED),
    Frozen(EditionRating, "ratings of editions are never changed or removed"),
    Frozen(EditionStep, "steps of editions are never changed or removed"),
)
