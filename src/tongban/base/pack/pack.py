"""One city pack on disk: its files, read once, and the names that its sections define for one another."""

import hashlib
from collections.abc import Callable, Iterator, Sequence
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from tongban.base.pack.located import Document, Finding, PackFileError, read_csv, read_json, read_yaml

#: Largest file of a pack, bytes: a pack is written by people.
FILE_BYTES_MAX = 20 * 1024 * 1024


class Pack:
    """A folder with `city.yaml` and the files of the sections.

    Sections read files through it, so that a file is parsed once and an unreadable one is reported once (`faults`),
    and publish what they define (`define`), so that later sections can check their references (`resolve`).
    """

    def __init__(self, root: Path) -> None:
        self.root = root
        self.faults: list[Finding] = []
        self._documents: dict[str, Document | None] = {}
        self._names: dict[str, dict[str, Any]] = {}

    @property
    def name(self) -> str:
        """The folder's name, for example `zhuzhou`."""
        return self.root.resolve().name

    def files(self) -> Iterator[str]:
        """Every file of the pack, relative, sorted; hidden files and folders are not part of it."""
        for path in sorted(self.root.rglob("*")):
            relative = path.relative_to(self.root)
            if path.is_file() and not any(part.startswith(".") for part in relative.parts):
                yield relative.as_posix()

    def digest(self) -> str:
        """SHA-256 over names and bytes of all files, hex."""
        total = hashlib.sha256()
        for file in self.files():
            content = hashlib.sha256((self.root / file).read_bytes()).hexdigest()
            total.update(f"{file}\0{content}\n".encode())
        return total.hexdigest()

    def matching(self, pattern: str) -> list[str]:
        """The files that match `pattern` (`items/*.yaml`), sorted."""
        return [file for file in self.files() if Path(file).match(pattern)]

    def yaml(self, file: str, *, required: bool = False) -> Document | None:
        """The YAML file, or None when it is absent or unreadable (then `faults` says so)."""
        return self._read(file, read_yaml, required=required)

    def table(self, file: str, columns: Sequence[str], *, required: bool = False) -> Document | None:
        """The CSV file with exactly these columns, or None like `yaml`."""
        return self._read(file, lambda name, text: read_csv(name, text, columns), required=required)

    def json(self, file: str, *, required: bool = False) -> Document | None:
        """The JSON file, or None like `yaml`."""
        return self._read(file, read_json, required=required)

    def _read(self, file: str, reader: Callable[[str, str], Document], *, required: bool) -> Document | None:
        if file in self._documents:
            return self._documents[file]
        document: Document | None = None
        try:
            text = self._text(file)
            if text is not None:
                document = reader(file, text)
            elif required:
                self.faults.append(Finding(file, 1, "", "缺少这个文件", "见 cities/README.md"))
        except PackFileError as error:
            self.faults.extend(error.findings)
        self._documents[file] = document
        return document

    def _text(self, file: str) -> str | None:
        path = self.root / file
        if not path.is_file():
            return None
        if path.stat().st_size > FILE_BYTES_MAX:
            raise PackFileError([Finding(file, 1, "", f"文件超过 {FILE_BYTES_MAX // 1024 // 1024} MB", "拆成几个文件")])
        raw = path.read_bytes()
        try:
            return raw.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            line = raw.count(b"\n", 0, error.start) + 1
            raise PackFileError([Finding(file, line, "", "不是 UTF-8 编码", "另存为 UTF-8")]) from error

    def define(self, kind: str, name: str, value: Any) -> bool:
        """Publish `name` as a thing of `kind` for later sections; False when the name is taken already."""
        names = self._names.setdefault(kind, {})
        if name in names:
            return False
        names[name] = value
        return True

    def names(self, kind: str) -> dict[str, Any]:
        """Everything of `kind` that earlier sections defined."""
        return dict(self._names.get(kind, {}))

    def resolve(self, kind: str, name: str) -> Any | None:
        """What `name` stands for among the things of `kind`; None when nobody defined it."""
        return self._names.get(kind, {}).get(name)

    def unknown(self, kind: str, name: str, document: Document, path: Sequence[str | int], label: str) -> Finding:
        """The finding for a reference that leads nowhere, with the nearest name that exists."""
        near = get_close_matches(name, self._names.get(kind, {}), n=1)
        hint = f"是否应为 {near[0]}" if near else f"本包里没有定义这个{label}"
        return document.finding(path, f"找不到{label} {name}", hint)
