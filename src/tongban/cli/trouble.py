"""Trouble that a person can do something about, told in one sentence instead of a traceback.

Standard library only: used before the virtual environment exists.
"""

import errno
import shutil
import sys
from pathlib import Path

# Exit codes after BSD sysexits.h, so that scripts can tell the kinds of trouble apart.
EXIT_FAILED = 1
EXIT_USAGE = 64
EXIT_UNAVAILABLE = 69
EXIT_CANNOT_CREATE = 73
EXIT_TEMPORARY = 75
EXIT_CONFIGURATION = 78
EXIT_INTERRUPTED = 130

_MIB = 1024 * 1024


class Trouble(Exception):  # noqa: N818 - not an error of the program
    """Something outside the program is wrong; the sentence says what and what to do about it.

    Args:
        sentence: one clear Chinese sentence.
        english: the same in English, printed under it.
        code: the exit code of the command.
    """

    def __init__(self, sentence: str, english: str = "", *, code: int = EXIT_FAILED) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.english = english
        self.code = code


def tell(trouble: Trouble) -> int:
    """Print the trouble on standard error and return the exit code."""
    print(trouble.sentence, file=sys.stderr)
    if trouble.english:
        print(trouble.english, file=sys.stderr)
    return trouble.code


def from_os_error(error: OSError) -> Trouble | None:
    """Translate an error of the operating system that a person can mend; None for any other."""
    where = f"({error.filename})" if error.filename else ""
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return Trouble(
            f"磁盘空间已用完{where}，请清理出空间后重新运行。",
            f"The disk is full{where}.",
            code=EXIT_CANNOT_CREATE,
        )
    if error.errno == errno.EROFS:
        return Trouble(
            f"所在磁盘是只读的{where}，请换一个可写的位置，或用 TONGBAN_VAR 指定可写的文件夹。",
            f"The file system is read-only{where}.",
            code=EXIT_CANNOT_CREATE,
        )
    if error.errno in (errno.EACCES, errno.EPERM):
        return Trouble(
            f"当前用户没有权限读写{where}，请换用有权限的用户，或改正文件夹的属主后重新运行。",
            f"Permission denied{where}.",
            code=EXIT_CANNOT_CREATE,
        )
    return None


def require_disk(folder: Path, mib_needed: int) -> None:
    """Make sure that the disk under `folder` has room.

    Args:
        folder: any folder on that disk; the nearest existing parent is looked at.
        mib_needed: free space wanted, in MiB.

    Raises:
        Trouble: less is free.
    """
    existing = next(place for place in (folder, *folder.parents) if place.exists())
    mib_free = shutil.disk_usage(existing).free // _MIB
    if mib_free < mib_needed:
        raise Trouble(
            f"磁盘空间不足：{existing} 所在磁盘只剩 {mib_free} MB，至少需要 {mib_needed} MB，请清理后重新运行。",
            f"Not enough disk space under {existing}: {mib_free} MB free, {mib_needed} MB needed.",
            code=EXIT_CANNOT_CREATE,
        )
