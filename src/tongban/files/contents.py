"""The bytes of a kept file, decrypted."""

from __future__ import annotations

import hashlib
import logging

from django.utils.translation import gettext as _

from tongban.files import problems, sealing, storage
from tongban.files.models import StoredFile
from tongban.kernel.crypto import CryptoError
from tongban.kernel.problems import NotFound

logger = logging.getLogger(__name__)


def content(file: StoredFile) -> bytes:
    """Return a file's bytes.

    Raises:
        NotFound: the bytes are gone.
        FileRefusal: `file_unreadable`, they were altered where they lie; `file_store_unavailable`.
    """
    try:
        lying = storage.read(file.storage_key)
        data = lying if file.data_key is None else sealing.unseal(lying, file.data_key, file.storage_key)
        if hashlib.sha256(data).hexdigest() != file.sha256:
            raise CryptoError("other bytes than were kept")
    except FileNotFoundError as error:
        raise NotFound(_("这个文件"), code="file_not_found") from error
    except CryptoError as error:
        logger.exception("the bytes of %s cannot be read", file)
        raise problems.unreadable() from error
    return data
