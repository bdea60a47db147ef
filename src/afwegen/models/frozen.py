"""A mapping that keeps its order and cannot change."""

from collections.abc import Iterator, Mapping
from typing import Generic, TypeVar, final

__all__ = ["FrozenMap"]

K = TypeVar("K")
V_co = TypeVar("V_co", covariant=True)


@final
class FrozenMap(Mapping[K, V_co], Generic[K, V_co]):
    """
    Keep a mapping's content and order, equal to any mapping with the same content.

    ``types.MappingProxyType`` neither pickles nor hashes on Python 3.11, and a persistent map forgets the order.

    >>> FrozenMap({"b": 1, "a": 2})
    {'b': 1, 'a': 2}
    """

    __slots__ = ("_items",)

    def __init__(self, items: Mapping[K, V_co]) -> None:
        self._items = dict(items)

    def __getitem__(self, key: K) -> V_co:
        return self._items[key]

    def __iter__(self) -> Iterator[K]:
        return iter(self._items)

    def __len__(self) -> int:
        return len(self._items)

    def __hash__(self) -> int:
        return hash(frozenset(self._items.items()))

    def __repr__(self) -> str:
        return repr(self._items)
