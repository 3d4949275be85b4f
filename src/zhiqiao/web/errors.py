"""Error pages in plain words: what happened, what was kept, what to do."""

from __future__ import annotations

from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.translation import gettext as _


def _page(request: HttpRequest, *, status: int, title: str, text: str) -> HttpResponse:
    return render(
        request, "web/error.html", {"heading": title, "text": text, "status": status}, status=status
    )


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Say that the request could not be read."""
    text = _("浏览器发来的内容不完整或已损坏，没有保存任何改动。请返回上一页再试。")
    if isinstance(exception, RequestDataTooBig):
        text = _("发来的内容太大，没有保存任何改动。请减小文件或缩短文字后再试。")
    return _page(request, status=400, title=_("没有看懂这次请求"), text=text)


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:  # noqa: ARG001
    """Say that the role may see but not do this."""
    text = _(
        "您当前的身份可以查看，但不能做这一步，没有保存任何改动。可以换一个身份，或请本机构的管理员处理。"
    )
    return _page(request, status=403, title=_("当前身份不能这样做"), text=text)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:  # noqa: ARG001
    """Say that the page is not there, or not for this person."""
    text = _("地址可能有误，内容可能已被移走，或者您当前的身份看不到它。可以从首页或搜索重新进入。")
    return _page(request, status=404, title=_("没有找到这个页面"), text=text)


def too_many(request: HttpRequest) -> HttpResponse:
    """Say that the same thing was tried too often."""
    text = _("短时间内尝试的次数太多，为了安全先停一停；账号没有改动。请过十五分钟再试。")
    return _page(request, status=429, title=_("请稍后再试"), text=text)


def broken(request: HttpRequest) -> HttpResponse:  # noqa: ARG001
    """Say that we failed, without asking the database for anything."""
    return HttpResponse(render_to_string("web/broken.html", {}), status=500)


def csrf_failed(request: HttpRequest, reason: str = "") -> HttpResponse:  # noqa: ARG001
    """Say that a form was sent from a page that is too old."""
    text = _("这个页面打开得太久，或浏览器不允许保存 Cookie，没有保存任何改动。请返回上一页，刷新后再提交。")
    return _page(request, status=403, title=_("表单已过期"), text=text)
