"""Who may read a file is asked of the room that owns it."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator

from tongban.base.registry import Registry
from tongban.kernel.actor import Actor


class FileAccess(ABC):
    """Rights on the files of one kind of owner."""

    @abstractmethod
    def may_read(self, actor: Actor, owner_ref: str) -> bool:
        """Whether the actor may read the files of that owner; False where the owner is absent."""


#: By kind of owner; a kind that nobody registered is closed to everybody.
access: Registry[FileAccess] = Registry("files.access", FileAccess)  # type: ignore[type-abstract]


class ScannerUnavailableError(Exception):
    """A malware scanner does not answer, or answers what nobody understands."""


class Scanner(ABC):
    """A program that looks for malware."""

    @abstractmethod
    def find(self, data: bytes) -> str | None:
        """Return the name of what is in the bytes, or None.

        Raises:
            ScannerUnavailableError: it cannot be asked.
        """

    @abstractmethod
    def look(self) -> None:
        """Ask whether the scanner is there.

        Raises:
            ScannerUnavailableError: it is not.
        """


#: By name; `clamav` where `TONGBAN_CLAMAV` gives its address, another where the setting `FILE_SCANNER` names it.
scanners: Registry[Scanner] = Registry("files.scanners", Scanner)  # type: ignore[type-abstract]


class StoreUnavailableError(Exception):
    """The place where files are kept does not answer, is full, or refuses us."""


class Store(ABC):
    """A place that keeps bytes under paths such as `files/ab/cd/abcd…`; what it gets is encrypted already.

    Every method may raise `StoreUnavailableError`.
    """

    @abstractmethod
    def write(self, path: str, data: bytes) -> None:
        """Keep bytes durably, whole or not at all; the same path again replaces them."""

    @abstractmethod
    def read(self, path: str) -> bytes:
        """Return the bytes.

        Raises:
            FileNotFoundError: there are none.
        """

    @abstractmethod
    def remove(self, *paths: str) -> None:
        """Remove bytes; gone already is fine."""

    @abstractmethod
    def under(self, folder: str, *, older_than_s: float = 0) -> Iterator[str]:
        """Return the paths below a folder whose bytes have lain at least so long, seconds; order does not matter."""


#: By the scheme of the setting `FILES_STORE` (`s3` of `s3://bucket`); `folder`, below `VAR`, where it is empty.
stores: Registry[Store] = Registry("files.stores", Store)  # type: ignore[type-abstract]
