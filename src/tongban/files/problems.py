"""Why a file is not taken."""

from __future__ import annotations

from django.utils.translation import gettext as _

from tongban.kernel.problems import Refusal


class FileRefusal(Refusal):
    """A file that cannot be kept; the sentence says how to hand in one that can."""

    status_default = 422


def empty() -> FileRefusal:
    """Nothing in it."""
    return FileRefusal("file_empty", _("这个文件是空的。请检查原文件能否打开，再重新上传。"))


def too_large(max_bytes: int) -> FileRefusal:
    """More bytes than are taken."""
    megabytes = max_bytes // (1024 * 1024)
    sentence = _("文件超过 %(megabytes)s MB。请分成几份上传，或者把扫描分辨率调到 200 dpi 后重新扫描。") % {
        "megabytes": megabytes
    }
    return FileRefusal("file_too_large", sentence, status=413, data={"max_bytes": max_bytes})


def not_allowed(found: str) -> FileRefusal:
    """Another kind of file."""
    return FileRefusal(
        "file_type_not_allowed",
        _("这是%(found)s，不能作为材料。请另存为 PDF、OFD、DOCX 或 XLSX，或者拍照上传 JPG、PNG 图片。")
        % {"found": _(found)},
    )


def mismatch(extension: str, found: str) -> FileRefusal:
    """The name says one thing, the content another."""
    return FileRefusal(
        "file_type_mismatch",
        _("文件名以 .%(extension)s 结尾，内容却是%(found)s。请用原来的软件重新导出，不要只改文件名。")
        % {"extension": extension, "found": _(found)},
    )


def damaged() -> FileRefusal:
    """Cut off or broken."""
    return FileRefusal("file_damaged", _("文件不完整或已损坏，打不开。请重新导出或重新拍照后上传。"))


def encrypted() -> FileRefusal:
    """Locked by a password."""
    return FileRefusal("file_encrypted", _("文件有密码保护，工作人员打不开。请去掉密码后重新上传。"))


def too_many_pixels(millions: int) -> FileRefusal:
    """A picture that would fill the memory of whoever looks at it."""
    return FileRefusal(
        "file_too_many_pixels",
        _("图片超过 %(millions)s 百万像素。请把相机调到普通清晰度重新拍。") % {"millions": millions},
    )


def archive_truncated() -> FileRefusal:
    """An archive without its end: the transfer or the copy broke off."""
    return FileRefusal("file_archive_truncated", _("文件没有传完整，打不开。请在原来的软件里确认能打开，再重新上传。"))


def unpacks_too_large() -> FileRefusal:
    """An archive that would fill the memory or the disk of whoever opens it."""
    return FileRefusal("file_unpacks_too_large", _("文件展开后过大，不能接收。请另存为 PDF 后上传。"))


def has_macros() -> FileRefusal:
    """A program inside a document."""
    return FileRefusal(
        "file_has_macros", _("文件里有宏或程序，不能接收。请另存为不带宏的 DOCX、XLSX，或者 PDF 后上传。")
    )


def links_outside() -> FileRefusal:
    """A document that fetches parts of itself from elsewhere."""
    return FileRefusal(
        "file_links_outside",
        _("文件引用了外部的模板、图片或数据，工作人员看到的可能与您的不同。请把内容放进文件，或者另存为 PDF 后上传。"),
    )


def infected() -> FileRefusal:
    """The scanner found malware."""
    return FileRefusal(
        "file_infected", _("文件里查出病毒，没有保存。请先用杀毒软件清理电脑或手机，再换一份没有病毒的文件上传。")
    )


def scan_unavailable() -> FileRefusal:
    """The scanner does not answer; nothing is taken unseen."""
    return FileRefusal(
        "file_scan_unavailable", _("查毒服务暂时没有回应，文件没有保存。请过几分钟再上传；已交的文件都在。"), status=503
    )


def not_shown() -> FileRefusal:
    """Its pages cannot be drawn within the bounds of time and memory."""
    return FileRefusal(
        "file_not_shown", _("这个文件在页面里显示不出来，可能过大或者内容异常。请下载后用本机软件打开核对。")
    )


def too_long_to_copy(pages: int) -> FileRefusal:
    """A copy of so many pages is not made while somebody waits."""
    return FileRefusal(
        "file_too_long_to_copy",
        _("超过 %(pages)s 页的文件不能生成水印件。请打开原文件，打印所需的页，再加注用途。") % {"pages": pages},
    )


def busy() -> FileRefusal:
    """Others are being drawn."""
    return FileRefusal("file_busy", _("正在看材料的人较多，请稍等几秒再翻页。"), status=503)


def page_words() -> str:
    """What is not found where a page is asked that the file does not have."""
    return _("这一页")


def upload_quota() -> FileRefusal:
    """Too much under way at once."""
    return FileRefusal("upload_quota", _("没有传完的文件太多。请先把它们传完或取消，再上传新的。"), status=429)


def upload_used() -> FileRefusal:
    """A file was made of it already."""
    return FileRefusal("upload_used", _("这个文件已经收下，不用再交一次。"), status=409)


def unreadable() -> FileRefusal:
    """The bytes were altered where they lie."""
    return FileRefusal("file_unreadable", _("这个文件暂时读不出来。请联系技术支持检查存储。"), status=503)


def store_unavailable() -> FileRefusal:
    """The place where files are kept does not answer."""
    return FileRefusal(
        "file_store_unavailable", _("存放文件的地方暂时没有回应。请过几分钟再试；已交的文件都在。"), status=503
    )


def not_a_picture(number: int) -> FileRefusal:
    """A page to be bound is a document itself."""
    return FileRefusal(
        "file_not_a_picture",
        _("第 %(number)s 个不是 JPG 或 PNG 图片，不能合成一份 PDF。请把它单独上传。") % {"number": number},
    )


def too_many_pages(most: int) -> FileRefusal:
    """More pages than are bound at once."""
    return FileRefusal("file_too_many_pages", _("一份 PDF 最多合成 %(most)s 页。其余的请另合成一份。") % {"most": most})
