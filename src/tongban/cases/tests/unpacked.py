"""An archive package as whoever receives it checks it: docs/reference/archive.md."""

import io
import subprocess
import zipfile
from pathlib import Path
from tempfile import TemporaryDirectory

from tongban.cases import bag


def faults(data: bytes) -> list[str]:
    """What `sha256sum` says of the unpacked package, and which files no manifest names; empty where all is well."""
    with TemporaryDirectory() as place:
        try:
            zipfile.ZipFile(io.BytesIO(data)).extractall(place)
        except zipfile.BadZipFile as error:
            return [str(error)]
        (folder,) = Path(place).iterdir()
        manifests = [one for one in (bag.TAG_MANIFEST, bag.MANIFEST) if (folder / one).exists()]
        done = subprocess.run(
            ["sha256sum", "--check", "--quiet", "--strict", bag.TAG_MANIFEST, bag.MANIFEST],
            cwd=folder, env={"LC_ALL": "C.UTF-8", "PATH": "/usr/bin:/bin"}, capture_output=True, text=True, check=False,
        )  # fmt: skip
        listed = {line.split("  ", 1)[1] for one in manifests for line in (folder / one).read_text().splitlines()}
        there = {str(one.relative_to(folder)) for one in folder.rglob("*") if one.is_file()}
        found = [*done.stdout.splitlines(), *done.stderr.splitlines()] if done.returncode else []
        return found + [f"{one}: not listed" for one in sorted(there - listed - {bag.TAG_MANIFEST})]
