"""Training plans as files that people open: printed in the usual outline as XLSX and DOCX, and read back from such
files, also from those that people made. What a plan must hold is judged elsewhere.
"""

from __future__ import annotations

from zhiqiao.engines.planfiles._errors import PlanFileError
from zhiqiao.engines.planfiles._files import PlanFormat, format_of, import_plan, plan_docx, plan_xlsx
from zhiqiao.engines.planfiles._notes import Note, Place
from zhiqiao.engines.planfiles._read import Imported
from zhiqiao.engines.planfiles._wordings import NoteKind
from zhiqiao.engines.planfiles._words import Words, read_words

__all__ = [
    "Imported",
    "Note",
    "NoteKind",
    "Place",
    "PlanFileError",
    "PlanFormat",
    "Words",
    "format_of",
    "import_plan",
    "plan_docx",
    "plan_xlsx",
    "read_words",
]
