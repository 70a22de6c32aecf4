"""Files in an object store that speaks Amazon's S3 protocol: most clouds' and MinIO, Ceph and the like.

The library is asked for only where `FILES_STORE` names such a store, so nobody else pays for it.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from django.conf import settings

from tongban.files.registries import Store, StoreUnavailableError

if TYPE_CHECKING:
    from obstore.store import S3Store as Client

#: Within these a person still waits: to connect, for one file of the largest size, and for everything with retries.
_CONNECT: Final = timedelta(seconds=3)
_REQUEST: Final = timedelta(seconds=25)
_ALL: Final = timedelta(seconds=30)
_RETRIES: Final = 2


class S3Store(Store):
    """Each path is an object of the bucket that the setting `FILES_STORE` names, below its prefix."""

    def write(self, path: str, data: bytes) -> None:
        """Put an object; stores of this kind show it whole or not at all."""
        with _answering() as client:
            import obstore

            try:
                obstore.put(client, path, data, use_multipart=False)
            except FileNotFoundError as error:
                raise StoreUnavailableError("the bucket does not exist") from error

    def read(self, path: str) -> bytes:
        """Get an object whole."""
        with _answering() as client:
            import obstore

            return bytes(obstore.get(client, path).bytes())

    def remove(self, *paths: str) -> None:
        """Delete objects, up to a thousand in a request."""
        if paths:
            with _answering() as client:
                import obstore

                obstore.delete(client, list(paths))

    def under(self, folder: str, *, older_than_s: float = 0) -> Iterator[str]:
        """List objects, a thousand in a request."""
        before = time.time() - older_than_s
        with _answering() as client:
            import obstore

            for some in obstore.list(client, folder):
                yield from (one["path"] for one in some if one["last_modified"].timestamp() <= before)


@contextmanager
def _answering() -> Iterator[Client]:
    """Give the client; whatever goes wrong besides an absent object is the store's not being there."""
    import obstore.exceptions

    try:
        yield _client(settings.FILES_STORE, tuple(settings.FILES_S3.items()))
    except FileNotFoundError:
        raise
    except obstore.exceptions.BaseError as error:
        raise StoreUnavailableError(str(error).partition("\n")[0]) from error


@lru_cache(maxsize=4)
def _client(address: str, said: tuple[tuple[str, str], ...]) -> Client:
    """Make a client, once in each process; it keeps connections and may be used by many threads."""
    from obstore.store import S3Store as Client

    bucket, _slash, prefix = address.removeprefix("s3://").partition("/")
    told = dict(said)
    return Client(
        bucket,
        prefix=prefix.strip("/") or None,
        endpoint=told["endpoint"] or None,
        region=told["region"],
        access_key_id=told["key"],
        secret_access_key=told["secret"],
        virtual_hosted_style_request=bool(told["by_host"]),
        client_options={
            "allow_http": told["endpoint"].startswith("http://"),
            "connect_timeout": _CONNECT,
            "timeout": _REQUEST,
            **({"root_certificate": told["authority"]} if told["authority"] else {}),
        },
        retry_config={"max_retries": _RETRIES, "retry_timeout": _ALL},
    )
