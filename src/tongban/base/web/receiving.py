"""Where an upload lies while it comes in: small ones in memory, others in a file without a name.

Django's own temporary files have names, and stay readable on the disk when the process is killed.
"""

from __future__ import annotations

import tempfile
from typing import IO, Any

from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler


class NamelessUploadHandler(FileUploadHandler):
    """Keeps an upload in a file that no path leads to; it is gone with the request, or with the process."""

    taken: IO[bytes]

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        """Begin one."""
        super().new_file(*args, **kwargs)
        self.taken = tempfile.TemporaryFile()  # noqa: SIM115 - closed with the request's other files

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:  # noqa: ARG002
        """Add what came; nothing is left for another handler."""
        self.taken.write(raw_data)

    def file_complete(self, file_size: int) -> UploadedFile[bytes]:
        """Hand it over, from its start."""
        self.taken.seek(0)
        return UploadedFile(
            file=self.taken,
            name=self.file_name,
            content_type=self.content_type,
            size=file_size,
            charset=self.charset,
            content_type_extra=self.content_type_extra,
        )
