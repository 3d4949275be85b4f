"""What people decided about postings: the post of a title, and postings that do not count."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from zhiqiao.infra.db import BaseModel, ScopeFields, TenantModel, levels
from zhiqiao.platform.data.models.industry import JobRole
from zhiqiao.platform.data.models.postings import JobPosting


class TitleCorrectionQuerySet(models.QuerySet["TitleCorrection"]):
    """Corrections by whether they hold."""

    def standing(self) -> TitleCorrectionQuerySet:
        """Keep corrections that nobody took back; of two for one title the later one holds."""
        return self.filter(undone_at__isnull=True)


class TitleCorrection(TenantModel):
    """A person's word that a title means a post (岗位) or none (`role` empty); the machine learns it.

    It reaches the imports of its organisation and, when regional, those shared with the region. With `posting_uuid`
    it is about one posting only and is not learnt.
    """

    data_levels = levels("internal", personal=("person", "undone_by"))
    scope_fields = ScopeFields(owner="person_id", shared="is_regional")

    folded_title = models.CharField(max_length=300, db_index=True)
    title = models.CharField(max_length=300, help_text="As it stood in the posting that was looked at.")
    role = models.ForeignKey(JobRole, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    posting_uuid = models.UUIDField(null=True, blank=True, db_index=True)
    is_regional = models.BooleanField(default=False)
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    reason = models.CharField(max_length=300, blank=True, default="")
    undone_at = models.DateTimeField(null=True, blank=True)
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    objects = TitleCorrectionQuerySet.as_manager()

    def __str__(self) -> str:
        return self.title


class CorrectedPosting(BaseModel):
    """A posting whose post a correction decides, with what the machine had said, so that it can come back."""

    data_levels = levels("public")

    posting = models.OneToOneField(JobPosting, on_delete=models.CASCADE, related_name="corrected")
    correction = models.ForeignKey(TitleCorrection, on_delete=models.PROTECT, related_name="postings")
    is_near = models.BooleanField(default=False, help_text="The title only has the same words.")
    mined_role = models.ForeignKey(
        JobRole, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    mined_confidence = models.FloatField(null=True, blank=True)

    def __str__(self) -> str:
        return f"{self.posting_id}:{self.correction_id}"


class PostingExclusion(TenantModel):
    """A person's word that a posting does not count in any figure; taken away when it counts again."""

    data_levels = levels("internal", personal=("person",))
    scope_fields = ScopeFields(owner="person_id")

    posting_uuid = models.UUIDField(unique=True)
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    reason = models.CharField(max_length=300)

    def __str__(self) -> str:
        return str(self.posting_uuid)
