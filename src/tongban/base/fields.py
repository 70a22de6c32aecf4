"""Model fields whose values are encrypted on the way to the database, and the blind index beside them."""

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from django.core import checks
from django.core.serializers.json import DjangoJSONEncoder
from django.core.validators import MaxLengthValidator
from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models.expressions import Combinable, Expression

from tongban.base import keys

# Named as django-stubs names them: its plugin fills them in by `null`.
_ST = TypeVar("_ST", contravariant=True)  # noqa: PLC0105
_GT = TypeVar("_GT", covariant=True)  # noqa: PLC0105

if TYPE_CHECKING:

    class _Field(models.Field[_ST, _GT]):
        db_index: bool

    class _BinaryField(models.BinaryField[_ST, _GT]):
        db_index: bool

else:

    class _Field(models.Field):
        def __class_getitem__(cls, _parameters: Any) -> type:
            return cls

    class _BinaryField(models.BinaryField):
        def __class_getitem__(cls, _parameters: Any) -> type:
            return cls


class EncryptedField(_Field[_ST, _GT]):
    """What encrypted fields share: bytes in the database, bound to their model and field, never searched.

    Raises on reading: `kernel.crypto.CryptoError` if the stored value was altered or moved.
    """

    description = "Encrypted value"
    empty_strings_allowed = False

    def get_internal_type(self) -> str:
        """Stored as bytes."""
        return "BinaryField"

    @property
    def aad(self) -> bytes:
        """Where the value lives; a value copied into another field cannot be read there."""
        return f"{self.model._meta.label_lower}.{self.name}".encode()

    def check(self, **kwargs: Any) -> list[checks.CheckMessage]:
        """Refuse indexes: equal values have different ciphertexts."""
        found = list(super().check(**kwargs))
        if self.db_index or self.unique or self.primary_key:
            found.append(checks.Error("An encrypted field cannot be indexed; add a BlindIndexField.", obj=self))
        return found

    def get_lookup(self, lookup_name: str) -> Any:
        """Only `isnull` makes sense on ciphertext."""
        return super().get_lookup(lookup_name) if lookup_name == "isnull" else None

    def dump(self, value: Any) -> bytes:
        """Turn a value into the bytes that are encrypted."""
        raise NotImplementedError

    def load(self, data: bytes) -> Any:
        """Turn decrypted bytes back into the value."""
        raise NotImplementedError

    def get_db_prep_value(self, value: Any, connection: BaseDatabaseWrapper, prepared: bool = False) -> Any:  # noqa: ARG002
        """Encrypt on the way in."""
        if value is None or isinstance(value, Expression):
            return value
        return keys.ring().encrypt(self.dump(value), self.aad)

    def from_db_value(self, value: Any, _expression: Expression, _connection: BaseDatabaseWrapper) -> Any:
        """Decrypt on the way out."""
        if value is None:
            return None
        return self.load(keys.ring().decrypt(bytes(value), self.aad))


class EncryptedTextField(EncryptedField[_ST, _GT]):
    """Text (names, numbers, phones, addresses) that is encrypted at rest; `max_length` counts characters."""

    _pyi_private_set_type: str | Combinable
    _pyi_private_get_type: str
    _pyi_lookup_exact_type: str

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.max_length is not None:
            self.validators.append(MaxLengthValidator(self.max_length))

    def to_python(self, value: Any) -> Any:
        """Accept text and nothing."""
        return value if value is None or isinstance(value, str) else str(value)

    def dump(self, value: Any) -> bytes:
        """UTF-8."""
        return str(value).encode()

    def load(self, data: bytes) -> str:
        """UTF-8."""
        return data.decode()


class EncryptedJSONField(EncryptedField[_ST, _GT]):
    """JSON (a form's data, an applicant) that is encrypted at rest."""

    _pyi_private_set_type: Any
    _pyi_private_get_type: Any
    _pyi_lookup_exact_type: Any

    def dump(self, value: Any) -> bytes:
        """Compact JSON; dates and decimals as Django writes them."""
        return json.dumps(value, ensure_ascii=False, separators=(",", ":"), cls=DjangoJSONEncoder).encode()

    def load(self, data: bytes) -> Any:
        """JSON."""
        return json.loads(data)


class BlindIndexField(_BinaryField[_ST, _GT]):
    """The keyed index of an encrypted value (32 bytes, `base.keys.blind`), by which it is found again."""

    description = "Blind index"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("max_length", 32)
        kwargs.setdefault("db_index", not kwargs.get("unique", False))
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> tuple[str, str, Any, Any]:
        """Keep `db_index` explicit, because our default differs from Django's."""
        name, path, args, kwargs = super().deconstruct()
        changed: Mapping[str, Any] = {**kwargs, "db_index": self.db_index}
        return str(name), path, args, dict(changed)

    def from_db_value(self, value: Any, _expression: Expression, _connection: BaseDatabaseWrapper) -> bytes | None:
        """Give bytes whatever the driver gives."""
        return None if value is None else bytes(value)
