"""Keeps the English catalogues: extract texts, compile them, check that nothing is missing.

The msgid is the Chinese wording in the code. Every Django package that owns texts has one catalogue,
`<package>/locale/en/LC_MESSAGES/django.po`. Usage: python tools/messages.py extract|compile|check
"""

from __future__ import annotations

import io
import re
import sys
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.conf import settings
from django.utils.translation.template import templatize

ROOT = Path(__file__).resolve().parents[1]
SOURCE = ROOT / "src" / "zhiqiao"
#: One catalogue per Django package; the longest folder that holds a file owns its texts.
PACKAGES = tuple(path.parent for path in sorted(SOURCE.rglob("apps.py")))
KEYWORDS = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
}
CJK = re.compile(r"[\u3400-\u9fff]")
PLACEHOLDER = re.compile(r"%\((\w+)\)[sd]|(?<!%)%[sd]")
#: Names of languages stand in their own script.
OWN_NAMES = {"中文"}


def main(verb: str) -> int:
    """Run one verb over all catalogues; return the exit code."""
    if not settings.configured:
        settings.configure(USE_I18N=True)
    if verb == "extract":
        return max((_extract(package) for package in PACKAGES), default=0)
    if verb == "compile":
        return max((_compile(package) for package in PACKAGES), default=0)
    if verb == "check":
        faults = [fault for package in PACKAGES for fault in check(package)]
        print("\n".join(faults) or "translations: complete")
        return 1 if faults else 0
    print(__doc__)
    return 2


def catalogue_path(package: Path) -> Path:
    """Return where a package keeps its English catalogue."""
    return package / "locale" / "en" / "LC_MESSAGES" / "django.po"


def used(package: Path) -> Catalog:
    """Return the texts that a package uses, with the files that use them."""
    found = Catalog(locale="en")
    for path in _files(package):
        source = path.read_text(encoding="utf-8")
        if path.suffix == ".html":
            # what templatize leaves between the texts is indented at random, which a tokenizer refuses
            source = "\n".join(map(str.lstrip, templatize(source, origin=str(path)).splitlines()))
        rows = extract("python", io.BytesIO(source.encode()), KEYWORDS, ["译注"], {"encoding": "utf-8"})
        for _line, text, comments, context in rows:
            place = path.relative_to(ROOT).as_posix()
            found.add(text, locations=[(place, 0)], auto_comments=comments, context=context)
    return found


def _files(package: Path) -> Iterator[Path]:
    inner = [other for other in PACKAGES if other != package and other.is_relative_to(package)]
    for path in sorted((*package.rglob("*.py"), *package.rglob("*.html"))):
        if "migrations" not in path.parts and not any(path.is_relative_to(other) for other in inner):
            yield path


def stored(package: Path) -> Catalog:
    """Return the catalogue on disk, empty when there is none."""
    path = catalogue_path(package)
    if not path.exists():
        return Catalog(locale="en")
    with path.open("rb") as source:
        return read_po(source, locale="en")


def _extract(package: Path) -> int:
    """Bring the catalogue up to date; translations of texts still used stay."""
    texts, old = used(package), stored(package)
    path = catalogue_path(package)
    if not len(texts):
        path.unlink(missing_ok=True)
        return 0
    new = Catalog(locale="en", project="zhiqiao", header_comment=f"# English texts of {package.name}.")
    for message in sorted((m for m in texts if m.id), key=_sort_key):
        known = old.get(message.id, message.context)
        kept = (
            known.string if known and not known.fuzzy else ("" if isinstance(message.id, str) else ("", ""))
        )
        places = sorted({(place, 0) for place, _ in message.locations})
        comments = message.auto_comments
        new.add(
            message.id,
            kept,
            locations=places,
            auto_comments=comments,
            context=message.context,
            flags=_flags(message),
        )
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(_as_po(new))
    missing = sum(not _translated(message) for message in new if message.id)
    print(f"{path.relative_to(ROOT)}: {len(new)} texts, {missing} to translate")
    return 0


def _sort_key(message: Message) -> tuple[str, str]:
    first = message.id if isinstance(message.id, str) else message.id[0]
    return min((place for place, _ in message.locations), default=""), first


def _flags(message: Message) -> list[str]:
    texts = [message.id] if isinstance(message.id, str) else list(message.id)
    return ["python-format"] if any(PLACEHOLDER.search(text) for text in texts) else []


def _as_po(catalogue: Catalog) -> bytes:
    """Write without dates and line numbers, so that a catalogue changes only when texts do."""
    out = io.BytesIO()
    write_po(out, catalogue, width=110, omit_header=True, include_lineno=False)
    header = (
        f"{catalogue.header_comment}\n"
        'msgid ""\nmsgstr ""\n"Language: en\\n"\n"MIME-Version: 1.0\\n"\n'
        '"Content-Type: text/plain; charset=utf-8\\n"\n"Plural-Forms: nplurals=2; plural=(n != 1);\\n"\n\n'
    )
    return header.encode() + out.getvalue()


def _compile(package: Path) -> int:
    path = catalogue_path(package)
    if path.exists():
        with path.with_suffix(".mo").open("wb") as out:
            write_mo(out, stored(package))
    return 0


def check(package: Path) -> list[str]:
    """Return what is wrong with a package's catalogue, one line each."""
    texts, known = used(package), stored(package)
    name = catalogue_path(package).relative_to(ROOT)
    faults = []
    for message in (m for m in texts if m.id):
        entry = known.get(message.id, message.context)
        faults += [f"{name}: {fault}: {message.id!r}" for fault in _faults(message, entry)]
    unused = (m for m in known if m.id and texts.get(m.id, m.context) is None)
    return faults + [f"{name}: no longer used: {message.id!r}" for message in unused]


def _faults(message: Message, entry: Message | None) -> list[str]:
    if entry is None:
        return ["missing; run `make messages`"]
    if entry.fuzzy:
        return ["fuzzy"]
    if not _translated(entry):
        return ["not translated"]
    texts = [entry.string] if isinstance(entry.string, str) else list(entry.string)
    ids = [message.id] if isinstance(message.id, str) else list(message.id)
    if any(CJK.search(text) for text in texts) and not OWN_NAMES.intersection(texts):
        return ["Chinese in the English text"]
    wanted = {mark.group() for text in ids for mark in PLACEHOLDER.finditer(text)}
    given = {mark.group() for text in texts for mark in PLACEHOLDER.finditer(text)}
    return [f"placeholders differ: {sorted(wanted ^ given)}"] if wanted != given else []


def _translated(entry: Message) -> bool:
    return bool(entry.string) if isinstance(entry.string, str) else all(entry.string)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1] if len(sys.argv) == 2 else ""))
