"""A statement that was put together once is compiled once, and found again without a look at what it is made of."""

from collections.abc import Hashable
from typing import Any

import pytest
from sqlalchemy import Integer, bindparam, create_engine, select

from app import statements
from app.config import Settings
from app.statements import CompiledStatements, Key

_DIALECT = object()
_TOLD = select(bindparam("number", type_=Integer))


class Part:
    """Of a statement; counts how often it is looked at."""

    looks = 0

    def __hash__(self) -> int:
        self.looks += 1
        return 1

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Part)


def _key(statement: tuple[Part, ...], *parameters: str) -> Key:
    return _DIALECT, statement, parameters, False, False


@pytest.fixture
def compiled() -> CompiledStatements:
    return CompiledStatements()


def test_the_same_statement_is_found_without_a_look(compiled: CompiledStatements) -> None:
    statement = (part := Part(),)
    compiled[_key(statement, "a")] = "SELECT"
    looks = part.looks
    assert compiled.get(_key(statement, "a")) == "SELECT"
    assert part.looks == looks


def test_an_equal_statement_is_found_too(compiled: CompiledStatements) -> None:
    compiled[_key((Part(),), "a")] = "SELECT"
    assert compiled.get(_key((Part(),), "a")) == "SELECT"


def test_other_parameters_or_ways_are_another_statement(compiled: CompiledStatements) -> None:
    statement = (Part(),)
    compiled[_key(statement, "a")] = "SELECT"
    assert compiled.get(_key(statement, "b")) is None
    assert compiled.get((_DIALECT, statement, ("a",), False, True)) is None
    assert compiled.get((object(), statement, ("a",), False, False)) is None


def test_it_never_holds_more_than_it_may(
    compiled: CompiledStatements, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(statements, "AT_MOST", 3)
    keys = [_key((Part(),), str(number)) for number in range(4)]
    for key in keys:
        compiled[key] = key[2]
        assert len(compiled) <= 3
    assert [compiled.get(key) for key in keys] == [None, None, None, ("3",)]


def test_sqlalchemy_asks_for_the_same_each_time(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    identity, asked = statements._identity, list[Hashable]()

    def noted(key: Key) -> Hashable:
        asked.append(identity(key))
        return asked[-1]

    monkeypatch.setattr(statements, "_identity", noted)
    options: Any = settings.flask()["SQLALCHEMY_ENGINE_OPTIONS"]
    engine = create_engine(settings.database_url, **options)
    with engine.connect() as connection:
        numbers = [connection.scalar(_TOLD, {"number": number}) for number in (1, 2, 3)]
    engine.dispose()
    assert numbers == [1, 2, 3]
    assert len(asked) == 4, "one is added, and all three are asked for"
    assert len(set(asked)) == 1
