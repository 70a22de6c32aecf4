"""What a file is by its bytes, and its records. Pure."""

from __future__ import annotations

import io
import zipfile
from typing import Final, Literal

from tongban.catalogue.exchange import plain_yaml, records, separated, workbook
from tongban.catalogue.exchange.dictionaries import Dictionary
from tongban.catalogue.exchange.records import Reading
from tongban.catalogue.exchange.workbook import UnreadableError

Format = Literal["xlsx", "csv", "yaml"]
FORMATS: Final[tuple[Format, ...]] = ("xlsx", "csv", "yaml")
BYTES_MAX: Final = 50 * 1024 * 1024
_ZIP: Final = b"PK\x03\x04"
#: Files that people hand in by mistake, by how they begin.
_OTHERS: Final = (
    (
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
        "这是旧版 Excel（.xls）文件或者有密码的文件。请另存为不带密码的 .xlsx 后再导入。",
    ),
    (b"%PDF-", "这是 PDF 文件，不能导入。请用表格软件里的原文件。"),
    (b"Rar!", "这是 RAR 压缩文件。请解压后导入其中的 .xlsx、.csv 或 .yaml 文件。"),
    (b"7z\xbc\xaf", "这是 7z 压缩文件。请解压后导入其中的 .xlsx、.csv 或 .yaml 文件。"),
    (b"\x1f\x8b", "这是压缩文件。请解压后导入其中的 .xlsx、.csv 或 .yaml 文件。"),
    (b"\x89PNG", "这是图片，不能导入。请用表格软件里的原文件。"),
    (b"\xff\xd8\xff", "这是图片，不能导入。请用表格软件里的原文件。"),
    (b"MZ", "这是程序，不能导入。"),
)


def format_of(name: str, data: bytes) -> Format:
    """Which format the bytes show; between texts the name decides.

    Raises:
        UnreadableError: too large, empty, or none of them.
    """
    if len(data) > BYTES_MAX:
        raise UnreadableError(f"文件超过 {BYTES_MAX // 1024 // 1024} MB。请分成几个文件导入。")
    if not data.strip():
        raise UnreadableError("这个文件是空的。请检查原文件。")
    for mark, sentence in _OTHERS:
        if data.startswith(mark):
            raise UnreadableError(sentence)
    if data.startswith(_ZIP):
        return "xlsx" if _is_workbook(data) else "csv"
    if name.lower().endswith((".yaml", ".yml")):
        return "yaml"
    return "yaml" if data.lstrip(b"\xef\xbb\xbf").startswith(b"format: tongban") else "csv"


def _is_workbook(data: bytes) -> bool:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = set(archive.namelist())
    except (zipfile.BadZipFile, OSError, ValueError) as error:
        raise UnreadableError("文件不完整，打不开。请在原来的软件里确认能打开，再导入。") from error
    return "xl/workbook.xml" in names or any(name.startswith("xl/") for name in names)


def read(name: str, data: bytes, form: Format, dictionary: Dictionary) -> Reading:
    """The records of a file in a format; a workbook has been screened before.

    Raises:
        UnreadableError: it is not in that format, or too large.
    """
    if form == "yaml":
        return plain_yaml.read(name, separated.decoded(data))
    if form == "xlsx":
        return records.read(workbook.grids(data), dictionary)
    if data.startswith(_ZIP):
        return records.read(separated.packed(data), dictionary)
    title = name.replace("\\", "/").rpartition("/")[2].rpartition(".")[0] or "事项"
    return records.read([separated.grid(title, data)], dictionary)
