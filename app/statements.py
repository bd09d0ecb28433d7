"""Statements that are compiled already, found again by what they are.

SQLAlchemy keeps the SQL of a statement under all that the statement is made of, and hashes that anew whenever it is
executed, which takes up to a tenth of a page. Most of ours are put together once, when the application is imported:
each time they are the very same object, and so is what SQLAlchemy takes for their key.
"""

from collections.abc import Hashable
from typing import Any, Final, TypeAlias

#: More than there are. When it is full, everything is compiled anew.
AT_MOST: Final = 5_000

#: The dialect, what the statement is made of, the names of its parameters, and how it is executed.
Key: TypeAlias = tuple[Any, ...]


class CompiledStatements(dict[Key, Any]):
    """For SQLAlchemy's execution option `compiled_cache`, which asks by `get` and adds by `[]=`."""

    def __init__(self) -> None:
        self._by_identity: dict[Hashable, tuple[Key, Any]] = {}

    def get(self, key: Key, default: Any = None) -> Any:
        known = self._by_identity.get(_identity(key))
        return known[1] if known else super().get(key, default)

    def __setitem__(self, key: Key, compiled: Any) -> None:
        if len(self) >= AT_MOST:
            self.clear()
            self._by_identity.clear()
        super().__setitem__(key, compiled)
        # With its key, whose parts stay alive by that: nothing else can get the identity of one of them.
        self._by_identity[_identity(key)] = key, compiled


def _identity(key: Key) -> Hashable:
    dialect, statement, *rest = key
    return id(dialect), id(statement), *rest
