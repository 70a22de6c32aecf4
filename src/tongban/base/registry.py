"""Registries: small typed places where a lower room lets upper rooms put things at start."""

from collections.abc import Iterator
from typing import Generic, TypeVar

T = TypeVar("T")

_all: "dict[str, Registry[object]]" = {}


class Registry(Generic[T]):
    """Things of one base class by key, filled in `AppConfig.ready`, closed when the program has started.

    `name` is "room.thing" ("files.access"); a key is registered once.
    """

    def __init__(self, name: str, base: type[T], *, required: bool = False) -> None:
        if name in _all:
            raise ValueError(f"registry {name} exists already")
        self.name = name
        self.base = base
        self.required = required
        self._things: dict[str, T] = {}
        _all[name] = self  # type: ignore[assignment]

    def register(self, key: str, thing: T) -> T:
        """Put a thing in, or a subclass of the base class.

        Raises:
            TypeError: it is not of the base class.
            ValueError: the key is taken by something else.
            RuntimeError: the program has started.
        """
        if _frozen:
            raise RuntimeError(f"{self.name} is closed: register in AppConfig.ready")
        fits = issubclass(thing, self.base) if isinstance(thing, type) else isinstance(thing, self.base)
        if not fits:
            raise TypeError(f"{self.name} takes {self.base.__name__}, not {thing!r}")
        if self._things.get(key, thing) is not thing:
            raise ValueError(f"{self.name} has {key} already")
        self._things[key] = thing
        return thing

    def get(self, key: str) -> T | None:
        """Give the thing under a key, or None."""
        return self._things.get(key)

    def __getitem__(self, key: str) -> T:
        return self._things[key]

    def __contains__(self, key: str) -> bool:
        return key in self._things

    def __iter__(self) -> Iterator[str]:
        return iter(sorted(self._things))

    def __len__(self) -> int:
        return len(self._things)

    def items(self) -> list[tuple[str, T]]:
        """Give everything, by key."""
        return sorted(self._things.items(), key=lambda pair: pair[0])

    def values(self) -> list[T]:
        """Give every thing, in the order of the keys."""
        return [thing for _, thing in self.items()]


_frozen: list[bool] = []


def freeze() -> None:
    """Close all registries; the processes call it once the apps are ready."""
    if not _frozen:
        _frozen.append(True)


def all_registries() -> "list[Registry[object]]":
    """Give every registry, by name (for the doctor)."""
    return [_all[name] for name in sorted(_all)]


def check() -> list[str]:
    """Say in words which registries lack what they need; empty if none does."""
    return [
        f"登记处 {registry.name} 为空：没有任何功能模块登记"
        for registry in all_registries()
        if registry.required and not len(registry)
    ]
