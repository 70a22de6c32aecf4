"""CSV files read as sheets: one file, or a ZIP with one for each sheet. Pure."""

from __future__ import annotations

import csv
import io
import zipfile
import zlib
from typing import Final

from tongban.catalogue.exchange import cells
from tongban.catalogue.exchange.grids import Grid
from tongban.catalogue.exchange.workbook import ROWS_MAX, UnreadableError

#: Files of one ZIP, and bytes of all together.
_FILES_MAX: Final = 20
_UNPACKED_BYTES_MAX: Final = 512 * 1024 * 1024
_FIELD_MAX: Final = 1 << 20
_UTF8_NAME: Final = 0x800
_ENCRYPTED: Final = 0x1


def decoded(data: bytes) -> str:
    """The text of a file: UTF-8 or UTF-16 with or without a mark, else GB 18030, which holds GBK and GB 2312.

    Raises:
        UnreadableError: none of them.
    """
    codecs = ["utf-16"] if data.startswith((b"\xff\xfe", b"\xfe\xff")) else ["utf-8-sig", "gb18030"]
    for codec in codecs:
        try:
            text = data.decode(codec)
        except UnicodeDecodeError:
            continue
        if "\x00" not in text:
            return text
    raise UnreadableError("文件不是文本，或者编码不认识。请另存为 UTF-8 编码的 CSV，或者 .xlsx。")


def grid(title: str, data: bytes) -> Grid:
    """One CSV file as a sheet; commas, semicolons or tabs stand between its columns.

    Raises:
        UnreadableError: not a table, or more rows than are read.
    """
    text = decoded(data)
    first = text[: text.find("\n")] if "\n" in text else text
    separator = max(",;\t，", key=first.count)
    csv.field_size_limit(_FIELD_MAX)
    rows: list[list[str]] = []
    try:
        for row in csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True):
            rows.append([cells.unguarded(cells.text(cell)) for cell in row])
            if len(rows) > ROWS_MAX:
                raise UnreadableError(f"“{title}”超过 {ROWS_MAX} 行，请分成几个文件。")
    except csv.Error as error:
        raise UnreadableError(f"“{title}”第 {len(rows) + 1} 行的引号不成对，读不下去。请检查双引号。") from error
    return Grid(title, rows)


def packed(data: bytes) -> list[Grid]:
    """The CSV files of a ZIP, each a sheet that bears its name.

    Raises:
        UnreadableError: damaged, locked, another kind of file inside, or larger than the bounds.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            entries = [one for one in archive.infolist() if not one.is_dir()]
            if not entries or not all(_name(one).lower().endswith(".csv") for one in entries):
                raise UnreadableError(
                    "这是压缩文件，里面不是表格。请解压后导入其中的 .xlsx、.csv 或 .yaml 文件，不要只改文件名。"
                )
            if any(one.flag_bits & _ENCRYPTED for one in entries):
                raise UnreadableError("压缩文件有密码。请去掉密码后再导入。")
            if len(entries) > _FILES_MAX or sum(one.file_size for one in entries) > _UNPACKED_BYTES_MAX:
                raise UnreadableError("压缩文件展开后过大，不能导入。请分成几个文件。")
            return [grid(_title(_name(one)), _content(archive, one)) for one in entries]
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError) as error:
        raise UnreadableError("压缩文件不完整或者已损坏。请重新导出后再导入。") from error


def _content(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> bytes:
    with archive.open(entry) as file:
        # What the list of parts says of sizes need not be true.
        content = file.read(entry.file_size + 1)
    if len(content) > entry.file_size:
        raise UnreadableError("压缩文件展开后过大，不能导入。请分成几个文件。")
    return content


def _name(entry: zipfile.ZipInfo) -> str:
    """The name of a part; programs for Chinese wrote names in GBK without saying so."""
    if entry.flag_bits & _UTF8_NAME:
        return entry.filename
    try:
        return entry.filename.encode("cp437").decode("gb18030")
    except UnicodeError:
        return entry.filename


def _title(name: str) -> str:
    return name.rpartition("/")[2].rpartition(".")[0]
