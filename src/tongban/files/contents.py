"""The bytes of a kept file, decrypted."""

from __future__ import annotations

import hashlib
import logging

from tongban.files import problems, sealing, storage
from tongban.files.models import StoredFile
from tongban.kernel.crypto import CryptoError

logger = logging.getLogger(__name__)


def content(file: StoredFile) -> bytes:
    """Return a file's bytes.

    Raises:
        FileNotFoundError: the bytes are gone.
        FileRefusal: `file_unreadable`, they were altered where they lie or the key is not here.
    """
    lying = storage.read(file.storage_key)
    try:
        data = lying if file.data_key is None else sealing.unseal(lying, file.data_key, file.storage_key)
        if hashlib.sha256(data).hexdigest() != file.sha256:
            raise CryptoError("other bytes than were kept")
    except CryptoError as error:
        logger.exception("the bytes of %s cannot be read", file)
        raise problems.unreadable() from error
    return data
