"""The first turn of the loop as people walk it: postings in, skills, gap, evidence both ways, a decision, a way out."""

from __future__ import annotations

import csv
import random
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.site import Site, Visit

pytestmark = pytest.mark.browser
HEAD = "head.software"
POSTINGS = 120
TITLES = ("Java开发工程师", "Java后端开发工程师", "高级Java开发工程师")
THINGS = [
    *("订单", "库存", "结算", "会员", "营销", "物流", "报表", "权限", "消息", "支付"),
    *("搜索", "推荐", "风控", "客服", "排班", "采购", "质检", "仓储", "档案", "预约"),
]
PLACES = [
    *("医院", "学校", "银行", "工厂", "景区", "商场", "车站", "农场", "港口", "社区"),
    *("酒店", "影院", "药房", "矿山", "电厂", "图书馆", "博物馆", "体育馆", "超市", "机场"),
]
#: In no module of the programme, asked for by every posting below: it must come out as a gap.
ASKED = "Kubernetes"


def _text(number: int) -> str:
    """Return a text that no other number has nearly: duplicates are found by what two texts share."""
    mixed = random.Random(number)
    things, places = mixed.sample(THINGS, 8), mixed.sample(PLACES, 8)
    duties = "；".join(f"为{place}建设{thing}系统" for place, thing in zip(places, things, strict=True))
    asked = f"熟悉Java与Spring Boot；熟悉{ASKED}和Docker的部署；了解MySQL"
    return f"岗位职责：{duties}。\n任职要求：{asked}。\n电话 13800138{number:03}"


def write_postings(path: Path) -> None:
    """Write a file of the shape people bring: Chinese heads, GB18030, one repeated and one unreadable row."""
    rows = [
        [
            TITLES[number % len(TITLES)],
            f"测试企业{number:03}有限公司",
            "成都",
            "8千-1.2万/月",
            f"2026-{number % 9 + 1:02}-15",
            _text(number),
        ]
        for number in range(POSTINGS)
    ]
    rows += [rows[0], ["", "没有描述的公司", "成都", "面议", "2026-01-01", ""]]
    with path.open("w", encoding="gb18030", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["职位名称", "公司名称", "工作城市", "薪资", "发布日期", "职位描述"])
        writer.writerows(rows)


@pytest.fixture(scope="module")
def postings(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("postings") / "招聘信息2026.csv"
    write_postings(path)
    return path


@pytest.fixture(scope="module")
def visit(site: Site) -> Iterator[Visit]:
    """The programme head's browser for the whole journey, in Chinese."""
    with site.visit() as made:
        made.sign_in(HEAD)
        yield made
        assert made.faults == []


@pytest.fixture(scope="module")
def imported(visit: Visit, postings: Path) -> str:
    """Bring the file through the wizard; return the address of the import's page."""
    page = visit.page
    page.goto("/data/imports/")
    page.get_by_role("link", name="导入招聘信息").first.click()
    page.get_by_label("数据来源").select_option(label="登记一个新来源")
    page.get_by_label("新来源的名称").fill("人社局 2026 年招聘信息")
    page.get_by_label("许可说明").fill("市人社局提供，仅限本校教学研究")
    page.locator("input[type=file]").set_input_files(postings)
    page.get_by_role("button", name="上传并核对").click()
    expect(page.get_by_label("岗位描述")).to_have_value("职位描述")
    expect(page.get_by_label("职位名称")).to_have_value("职位名称")
    page.get_by_role("button", name="下一步").click()
    expect(page.get_by_text("市人社局提供，仅限本校教学研究")).to_be_visible()
    page.get_by_role("button", name="开始导入").click()
    expect(page.get_by_role("heading", name="结果")).to_be_visible(timeout=60_000)
    return page.url


def open_programme(page: Page, name: str) -> None:
    page.goto("/programmes/")
    page.get_by_role("link", name=name, exact=True).click()


def open_gap_line(page: Page, *, programme: str = "软件技术", search: str = "在表内搜索") -> Locator:
    """Open the evidence of the asked skill in the gap list; return the drawer."""
    open_programme(page, programme)
    page.get_by_placeholder(search).fill(ASKED)
    page.get_by_placeholder(search).press("Enter")
    row = page.locator("tr", has=page.get_by_role("link", name=ASKED, exact=True)).filter(visible=True)
    expect(row).to_have_count(1)
    row.locator(".zq-evidence").first.click()
    drawer = page.locator("#zq-drawer")
    expect(title(drawer)).to_contain_text(ASKED)
    return drawer


def title(drawer: Locator) -> Locator:
    return drawer.locator("[data-zq-title]")


def walk(drawer: Locator, kind: str, text: str | re.Pattern[str] = "") -> None:
    """Follow a link of the drawer to a hop of this kind and wait until it is shown."""
    link = (
        drawer.locator(f"a[href^='/evidence/{kind}/']:not([href*='recompute'])").filter(has_text=text).first
    )
    with drawer.page.expect_response(lambda answer: f"/evidence/{kind}/" in answer.url) as answer:
        link.click()
    assert answer.value.ok


def test_every_row_of_the_file_is_accounted_for(visit: Visit, imported: str) -> None:
    visit.page.goto(imported)
    expect(visit.page.locator("main")).to_contain_text(f"{POSTINGS + 2} = {POSTINGS} + 1 + 1")
    expect(visit.page.locator("main")).to_contain_text("下载隔离的行")


def test_the_same_file_again_adds_nothing(visit: Visit, imported: str, postings: Path) -> None:
    page = visit.page
    page.goto("/data/imports/new/")
    page.get_by_label("数据来源").select_option(label="人社局 2026 年招聘信息")
    page.locator("input[type=file]").set_input_files(postings)
    page.get_by_role("button", name="上传并核对").click()
    expect(page.get_by_text("已沿用这个来源上次确认的对应关系")).to_be_visible()
    page.get_by_role("button", name="下一步").click()
    page.get_by_role("button", name="开始导入").click()
    expect(page.get_by_text("这个文件此前已经导入过")).to_be_visible(timeout=60_000)


def test_a_posting_shows_its_skills_in_the_text_and_no_telephone(visit: Visit, imported: str) -> None:
    page = visit.page
    page.goto(imported)
    page.get_by_role("link", name="逐条查看这个来源的招聘信息").click()
    page.locator("main tbody").get_by_role("link", name=TITLES[0]).first.click()
    marks = page.locator("mark").all_inner_texts()
    assert {"Java", "Spring Boot", ASKED, "Docker", "MySQL"} <= set(marks)
    assert "13800138" not in page.locator("main").inner_text()


def test_the_gap_counts_the_new_postings_by_itself(visit: Visit, imported: str) -> None:
    drawer = _recomputed(visit.page)
    expect(drawer).to_contain_text("未开设")
    expect(drawer.locator("mark").first).to_have_text(ASKED)


def _recomputed(page: Page) -> Locator:
    """Wait until the gap has been computed with the imported postings, which happens behind the page."""
    for _attempt in range(30):
        open_programme(page, "软件技术")
        page.get_by_placeholder("在表内搜索").fill(ASKED)
        page.get_by_placeholder("在表内搜索").press("Enter")
        page.wait_for_load_state("networkidle")
        if (
            page.locator("main tbody")
            .get_by_role("link", name=ASKED, exact=True)
            .filter(visible=True)
            .count()
        ):
            break
        page.wait_for_timeout(500)
    return open_gap_line(page)


def test_the_drawer_walks_from_the_gap_to_a_sentence_and_back_up(visit: Visit, imported: str) -> None:
    drawer = _recomputed(visit.page)
    gap = title(drawer).inner_text()
    walk(drawer, "skill_demand")
    expect(title(drawer)).to_contain_text(f"{ASKED} 的需求")
    walk(drawer, "posting", "测试企业")
    expect(drawer.locator("mark", has_text=ASKED)).to_be_visible()
    walk(drawer, "skill", re.compile(rf"^\W*{ASKED}"))
    expect(title(drawer)).to_have_text(ASKED)
    walk(drawer, "skill_demand", re.compile("开发工程师"))
    walk(drawer, "gap_line")
    expect(title(drawer)).to_have_text(gap)
    walk(drawer, "proposal", ASKED)
    expect(title(drawer)).to_contain_text(ASKED)
    for _step in range(6):
        with visit.page.expect_response(lambda answer: "/evidence/" in answer.url):
            drawer.locator("#zq-drawer-back").click()
    expect(title(drawer)).to_have_text(gap)
    expect(drawer.locator("#zq-drawer-back")).to_be_hidden()


def test_a_figure_computed_anew_agrees(visit: Visit, imported: str) -> None:
    drawer = _recomputed(visit.page)
    drawer.get_by_role("link", name="从原始记录重新计算").click()
    expect(drawer).to_contain_text("一致：从原始记录重新计算得到同样的值")


def _open_proposals(page: Page) -> None:
    open_programme(page, "软件技术")
    page.locator("main").get_by_role("link", name="调整建议", exact=True).click()


def test_proposals_are_accepted_edited_and_rejected(visit: Visit, imported: str) -> None:
    page = visit.page
    _recomputed(page)
    _open_proposals(page)
    cards = page.locator("main .zq-card", has_text="待处理").filter(has_text=ASKED)
    wanted = cards.first.locator("a[href^='/programmes/proposals/']").first.get_attribute("href") or ""
    others = [
        href
        for href in page.locator("main a[href^='/programmes/proposals/']").evaluate_all(
            "all => all.map(one => one.getAttribute('href'))"
        )
        if href != wanted
    ]

    page.goto(wanted)
    page.get_by_label(f"{ASKED}的学时").fill("12")
    page.get_by_role("button", name="采纳", exact=True).click()
    expect(page.get_by_role("heading", name="处理结果")).to_be_visible()
    decided = page.locator("dl").filter(has_text="处理人")
    expect(decided).to_contain_text("采纳")
    expect(decided).to_contain_text("12 学时")
    decided.locator("a[href^='/programmes/modules/']").click()
    expect(page.locator("main")).to_contain_text(ASKED)

    page.goto(others[0])
    page.get_by_role("button", name="驳回", exact=True).click()
    expect(page.locator("main [role=alert], main .zq-note").first).to_contain_text("理由")
    expect(page.get_by_role("heading", name="处理结果")).to_be_hidden()
    assert "/decide/" in visit.faults.pop()  # Chromium notes the refused request
    page.get_by_label("理由").fill("学时已满，放到下一学年")
    page.get_by_role("button", name="驳回", exact=True).click()
    expect(page.locator("dl").filter(has_text="处理人")).to_contain_text("学时已满，放到下一学年")


def test_the_way_fits_a_phone_and_speaks_english(
    site: Site, imported: str, overflow: Callable[[Page], int]
) -> None:
    with site.visit(language="en", width=360) as visit:
        page = visit.sign_in(HEAD)
        for path in ("/", "/data/imports/new/", imported, "/data/skills/", "/data/postings/", "/data/roles/"):
            page.goto(path)
            assert overflow(page) == 0, path
        open_programme(page, "Software Technology")
        addresses = [page.url, *(f"{page.url}{tab}/" for tab in ("proposals", "courses", "matrix"))]
        for address in addresses:
            page.goto(address, wait_until="networkidle")
            assert overflow(page) == 0, address
        page.goto(addresses[0])
        page.locator(".zq-evidence").first.click()
        expect(page.locator("#zq-drawer")).to_be_visible()
        assert overflow(page) == 0
        assert visit.faults == []


def test_a_student_reaches_nothing_of_it(site: Site, visit: Visit, imported: str) -> None:
    page = visit.page
    open_programme(page, "软件技术")
    gap = page.url
    figure = page.locator(".zq-evidence").first.get_attribute("href") or ""
    page.goto("/data/postings/")
    posting = page.locator("main tbody a[href^='/data/postings/']").first.get_attribute("href") or ""
    addresses = [
        *("/data/imports/", "/data/imports/new/", imported, f"{imported}withdraw/", f"{imported}rejected/"),
        *(
            "/data/skills/",
            "/data/skills/?export=csv",
            "/data/postings/?export=xlsx",
            posting,
            "/data/sources/",
        ),
        *("/programmes/", gap, f"{gap}?export=csv", f"{gap}proposals/", f"{gap}courses/", f"{gap}matrix/"),
        *(figure, "/people/", "/audit/", "/jobs/", "/organisations/", "/api/postings", "/api/imports"),
    ]
    with site.visit() as student:
        student.sign_in("student.software1")
        reached = {path: student.context.request.get(path).status for path in addresses}
    assert reached == dict.fromkeys(addresses, 404)


def test_a_withdrawn_import_leaves_its_proposals_stale(visit: Visit, imported: str) -> None:
    page = visit.page
    page.goto(imported)
    page.get_by_role("link", name="撤回这次导入…").click()
    page.get_by_label("撤回原因").fill("来源方要求删除")
    page.locator("main form button[type=submit]").click()
    if page.locator("#zq-confirm").is_visible():
        page.locator("#zq-confirm button").last.click()
    expect(page.locator("main")).to_contain_text("来源方要求删除")
    _open_proposals(page)
    for _attempt in range(30):
        if page.locator("main").get_by_text(re.compile("依据已变化|已失效|过期")).count():
            break
        page.wait_for_timeout(500)
        page.reload()
    expect(page.locator("main").get_by_text(re.compile("依据已变化|已失效|过期")).first).to_be_visible()
