"""The courses of a plan from its tables: hours of terms settled, sums checked, courses of several tables joined."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import cast

from zhiqiao.engines.kernel import Number
from zhiqiao.engines.planfiles._cells import Codec
from zhiqiao.engines.planfiles._course_columns import read_columns
from zhiqiao.engines.planfiles._course_rows import CourseRow, CourseTable, RowReader, SumRow
from zhiqiao.engines.planfiles._grids import Grid
from zhiqiao.engines.planfiles._headings import Heading
from zhiqiao.engines.planfiles._reading import Reading
from zhiqiao.engines.planfiles._specs import kind_of
from zhiqiao.engines.planfiles._term_cells import term_hours
from zhiqiao.engines.planfiles._tree import Tree
from zhiqiao.engines.plans import Course
from zhiqiao.engines.tabular import fold_name

_ENOUGH = 3  # courses whose total tells what the numbers of a table's terms are
_TOTALS = ("合计", "总计", "共计", "总学时", "学时合计", "学分合计")
_SETTLED = {"hours": "学期学时", "weekly": "周学时"}


def read_course_table(
    grid: Grid, heading: Heading, rows: Iterable[int], reading: Reading, category: str | None
) -> CourseTable:
    """Read one table; `category` is what the heading above it names."""
    columns = read_columns(grid, heading, reading.words.tables["courses"], reading.notes)
    table = CourseTable(grid, heading, columns)
    reader = RowReader(table, reading, category)
    for row in rows:
        reader.read(row)
    _settle_terms(table, reading)
    for course in table.rows:
        _complete(course, table, reading)
    return table


def take_courses(tables: Sequence[CourseTable], reading: Reading) -> None:
    """Put the courses of all tables into the plan, with keys of their own, and check the sums."""
    courses: dict[str, Tree] = {}
    made_keys: list[str] = []
    for at, table in enumerate(tables):
        earlier = {str(course.get("name")): key for key, course in courses.items()} if at else {}
        for row in _in_order(table.rows):
            place = table.grid.place(row.row)
            key = str(row.data.get("key") or earlier.get(str(row.data["name"]), ""))
            if key and at and key in courses and courses[key].get("name") == row.data["name"]:
                _join(courses[key], row.data, table, row, reading)
                continue
            if not key:
                key = _free(len(courses) + 1, courses, tables)
                made_keys.append(key)
            elif key in courses:
                number = next(n for n in range(2, 10_000) if f"{key}-{n}" not in courses)
                reading.notes.add("key_twice", place, f"courses[{key}]", text=key, value=f"{key}-{number}")
                key = f"{key}-{number}"
            courses[key] = {"key": key, **{name: value for name, value in row.data.items() if name != "key"}}
            reading.places[f"courses[{key}]"] = place
        _check_sums(table, reading)
    if made_keys and tables:
        reading.notes.add("key_made", tables[0].grid.whole, value="、".join(made_keys[:2]))
    if tables:
        reading.tree["courses"] = list(courses.values())
        reading.names["courses"] = {key: str(course.get("name") or key) for key, course in courses.items()}
        _take_weeks(tables, reading)


def _in_order(rows: Sequence[CourseRow]) -> list[CourseRow]:
    """Return courses by their numbers where these count all of them, else as they stand."""
    numbers = [row.number for row in rows]
    if sorted(number for number in numbers if number is not None) == list(range(1, len(rows) + 1)):
        return sorted(rows, key=lambda row: cast("int", row.number))
    return list(rows)


def _free(number: int, courses: dict[str, Tree], tables: Sequence[CourseTable]) -> str:
    taken = {str(row.data.get("key")) for table in tables for row in table.rows} | set(courses)
    return next(key for n in range(number, 100_000) if (key := f"c{n:02d}") not in taken)


def _join(course: Tree, more: Tree, table: CourseTable, row: CourseRow, reading: Reading) -> None:
    place = table.grid.place(row.row)
    reading.notes.add("course_again", place, f"courses[{course['key']}]", text=course["name"])
    for name, value in more.items():
        if name not in course:
            course[name] = value
        elif course[name] != value and name != "key":
            headings = reading.words.tables["courses"].columns.get(name, (name,))
            is_shown = name not in {"terms", "activities"}
            codec, kind = Codec(reading.words, {}), kind_of(Course, name if is_shown else "name")
            reading.notes.add(
                "course_differs",
                place,
                f"courses[{course['key']}].{name}",
                text=course["name"],
                field=headings[0],
                first=codec.write(kind, course[name]) if is_shown else "…",
                second=codec.write(kind, value) if is_shown else "…",
            )


def _settle_terms(table: CourseTable, reading: Reading) -> None:
    """Decide what numbers alone in columns of terms are, by the heading or by each course's total."""
    open_ = [
        row for row in table.rows if any("alone" in part and not column.meaning for column, part in row.cells)
    ]
    by_total = {id(row): _meaning_by_total(row, table) for row in open_}
    settled = {meaning for meaning in by_total.values() if meaning}
    sure = sum(1 for meaning in by_total.values() if meaning)
    common = next(iter(settled)) if len(settled) == 1 and sure >= _ENOUGH else ""
    if settled:
        named = "、".join(_SETTLED[meaning] for meaning in sorted(settled))
        reading.notes.add("term_cell_by_total", table.grid.whole, value=named)
    for row in table.rows:
        if not row.cells:
            continue
        terms: list[Tree] = []
        for column, part in row.cells:
            meaning = column.meaning or by_total.get(id(row)) or common
            if "alone" in part and not meaning:
                place = table.grid.place(row.row, column.head.left)
                hours = row.data.get("hours", "—")
                reading.notes.add("unclear_term_cell", place, "courses", text=part["alone"], hours=hours)
                continue
            terms.append({"term": column.number, **_term(part, meaning, table.weeks.get(column.number))})
        if terms:
            row.data["terms"] = sorted(terms, key=lambda term: cast("int", term["term"]))


def _term(part: dict[str, Number], meaning: str, weeks: Number | None) -> dict[str, Number]:
    if "alone" not in part:
        return part
    if meaning == "hours":
        return {"hours": part["alone"]}
    return {"weeks": weeks, "weekly_hours": part["alone"]} if weeks else {"weekly_hours": part["alone"]}


def _meaning_by_total(row: CourseRow, table: CourseTable) -> str:
    """Return what makes the terms add to the total of the course: hours of the term or hours a week; blank for both."""
    total = row.data.get("hours")
    sums = []
    for meaning in ("hours", "weekly"):
        parts = [
            term_hours(_term(part, meaning, table.weeks.get(column.number))) for column, part in row.cells
        ]
        sums.append(None if None in parts else sum(cast("list[Number]", parts), 0))
    fits = [found is not None and found == total for found in sums]
    return "hours" if fits == [True, False] else "weekly" if fits == [False, True] else ""


def _complete(row: CourseRow, table: CourseTable, reading: Reading) -> None:
    """Fill what follows from the other figures of a course and say so; tell where they do not add up."""
    data, place = row.data, table.grid.place(row.row)
    hours, theory, practice = (
        cast("Number | None", data.get(name)) for name in ("hours", "theory", "practice")
    )
    parts = cast("dict[str, Number]", data.get("activities") or {})
    if practice is None and parts and table.columns.has("lab"):
        practice = data["practice"] = sum(value for name, value in parts.items() if name != "lecture")
        _derived(reading, row, table, "practice", ("实验 + 实训", "labs and training"))
    elif hours is not None and (theory is None) != (practice is None) and not _is_said_unknown(row, table):
        rest = hours - (theory if theory is not None else cast("Number", practice))
        name = "theory" if theory is None else "practice"
        if rest >= 0:
            data[name] = rest
            _derived(reading, row, table, name, ("总学时减去另一部分", "the total less the other part"))
            theory, practice = cast("Number", data["theory"]), cast("Number", data["practice"])
    if None not in {hours, theory, practice} and cast("Number", theory) + cast("Number", practice) != hours:
        values = {"theory": theory, "practice": practice, "hours": hours}
        reading.notes.add("hours_do_not_add", place, "courses", **values)
    found = [term_hours(term) for term in cast("list[dict[str, Number]]", data.get("terms") or [])]
    if found and None not in found and hours is not None:
        total = sum(cast("list[Number]", found), 0)
        if total != hours:
            reading.notes.add("terms_do_not_add", place, "courses", found=total, hours=hours)


def _is_said_unknown(row: CourseRow, table: CourseTable) -> bool:
    heads = [head for name in ("theory", "practice") if (head := table.columns.first(name))]
    return any(fold_name(table.grid.text(row.row, head.left)) in {"未知", "不详"} for head in heads)


def _derived(
    reading: Reading, row: CourseRow, table: CourseTable, name: str, source: tuple[str, str]
) -> None:
    head = table.columns.first(name)
    place = table.grid.place(row.row, head.left if head else None)
    field = reading.words.tables["courses"].columns[name][0]
    reading.notes.add("derived", place, "courses", field=field, source=source[0], source_en=source[1])


def _check_sums(table: CourseTable, reading: Reading) -> None:
    """Compare rows of sums with the courses above them; the plan's own sums become its summary."""
    begin = 0
    for at, told in enumerate(table.sums):
        is_total = _is_total(table, at, begin)
        courses = table.rows[: told.before] if is_total else table.rows[begin : told.before]
        for name in told.figures:
            _compare(table, told, name, courses, reading)
        if not told.computed and "hours" in told.figures:
            _summarise(table, told, courses, reading, is_total=is_total)
        begin = told.before


def _is_total(table: CourseTable, at: int, begin: int) -> bool:
    """Tell whether a row sums up the whole table: no course since the sum before it, or the last one and called so."""
    told = table.sums[at]
    if told.before == begin and at:
        return True
    is_named = any(fold_name(told.label).endswith(fold_name(word)) for word in _TOTALS)
    return is_named and told.before == len(table.rows) and at == len(table.sums) - 1


def _compare(
    table: CourseTable, told: SumRow, name: str, courses: Sequence[CourseRow], reading: Reading
) -> None:
    head = table.columns.first(name)
    place = table.grid.place(told.row, head.left if head else None)
    parts = [course.data.get(name) for course in courses]
    if None in parts:
        reading.notes.add("subtotal_unchecked", place, "summary", label=told.label)
    elif (found := sum(cast("list[Number]", parts), 0)) != (value := told.figures[name]):
        reading.notes.add("subtotal_differs", place, "summary", label=told.label, told=value, found=found)


def _summarise(
    table: CourseTable, told: SumRow, courses: Sequence[CourseRow], reading: Reading, *, is_total: bool
) -> None:
    summary = cast("Tree", reading.tree.setdefault("summary_of_table", {}))
    place = table.grid.place(told.row)
    if is_total:
        summary |= {name: told.figures[name] for name in ("hours", "credits") if name in told.figures}
    else:
        categories = {course.data.get("category") for course in courses}
        if len(categories) != 1 or None in categories:
            return
        by_category = cast("Tree", summary.setdefault("by_category", {}))
        category = str(categories.pop())
        by_category[category] = cast("Number", by_category.get(category, 0)) + told.figures["hours"]
    reading.notes.add("summary_from_table", place, "summary", label=told.label, told=told.figures["hours"])


def _take_weeks(tables: Sequence[CourseTable], reading: Reading) -> None:
    """Keep teaching weeks that the headings give, where no table of terms does."""
    weeks = {number: value for table in tables for number, value in table.weeks.items()}
    if weeks and "terms" not in reading.tree:
        reading.tree["terms"] = [{"number": n, "teaching_weeks": value} for n, value in sorted(weeks.items())]
