"""Query sets that are turned into SQL once per process: for what runs with every submission.

Making the SQL of a query set costs several times what the database needs to answer it.
"""

from collections import namedtuple
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cached_property, lru_cache
from itertools import islice
from operator import itemgetter
from typing import Any, Generic, NamedTuple, TypeVar
from uuid import UUID

from django.db import connection
from django.db.models import QuerySet, UUIDField

from backend.common.statements import fetch

T = TypeVar("T")
Rows = list[Any]

# Values that no query asks for, to be found again among the parameters of the SQL.
_STAND_INS: dict[type, Callable[[int], Any]] = {
    str: lambda n: f"stand-in {n}",
    int: lambda n: 31_001 + n,  # fits a small integer too
    date: lambda n: date(1, 1, 1 + n),
    datetime: lambda n: datetime(1, 1, 2 + n, tzinfo=UTC),
    UUID: lambda n: UUID(int=n),
}


class _Statement(NamedTuple):
    """``parameters``: the name of each that is given, or the value of one that never changes.

    ``types``: of each column, as the database names it.
    """

    sql: str
    parameters: list[tuple[str, Any]]
    types: list[str]
    row: Callable[..., Any]
    convert: Callable[[Any], Any]


class Compiled:
    """``build`` gives a query set of ``values()``; its arguments are of the types named here.

    Called with values for them it gives the rows as named tuples. The SQL may not depend on the
    values: no None, and no list of varying length.
    """

    def __init__(self, build: Callable[..., QuerySet[Any, Any]], **arguments: type) -> None:
        self._build, self._arguments = build, arguments

    def __call__(self, **values: Any) -> Iterator[Any]:
        rows = fetch(self.statement.sql, self.parameters(values))
        return map(self.statement.row, self.statement.convert(rows))

    def first(self, **values: Any) -> Any:
        return next(self(**values), None)

    def parameters(self, values: Mapping[str, Any]) -> list[Any]:
        given = {name: _as_parameter(value) for name, value in values.items()}
        return [given[name] if name else value for name, value in self.statement.parameters]

    @cached_property
    def statement(self) -> _Statement:
        stand_ins = {
            name: _STAND_INS[kind](number)
            for number, (name, kind) in enumerate(self._arguments.items())
        }
        query = self._build(**stand_ins).query
        compiler = query.get_compiler(connection=connection)
        sql, parameters = compiler.as_sql()
        names = {_as_parameter(value): name for name, value in stand_ins.items()}
        columns = [column for column, *_ in compiler.select]
        converters = compiler.get_converters(columns)
        row = namedtuple("Row", query.selected or ())  # type: ignore[misc]  # names of run time
        return _Statement(
            sql,
            [(names.get(value, ""), value) for value in parameters],
            [_type(column) for column in columns],
            row._make,  # noqa: SLF001 (public, and named so lest it be taken for a column)
            lambda rows: compiler.apply_converters(rows, converters) if converters else rows,
        )


@dataclass(frozen=True, slots=True)
class Question(Generic[T]):
    """Query sets with the values to ask them with; ``answer`` takes the rows of each."""

    asked: Sequence[tuple[Compiled, Mapping[str, Any]]]
    answer: Callable[..., T]


def ask(*questions: Question[Any]) -> list[Any]:
    """The answer to each; PostgreSQL is asked once, and keeps no order of rows."""
    asked = [one for question in questions for one in question.asked]
    rows = iter(_rows_of(asked))
    return [question.answer(*islice(rows, len(question.asked))) for question in questions]


def _rows_of(asked: Sequence[tuple[Compiled, Mapping[str, Any]]]) -> list[Rows]:
    if connection.vendor != "postgresql" or len(asked) < 2:
        return [list(compiled(**values)) for compiled, values in asked]
    sql, columns = _union(tuple(compiled for compiled, _ in asked))
    found: list[Rows] = [[] for _ in asked]
    for row in fetch(sql, [p for compiled, values in asked for p in compiled.parameters(values)]):
        found[row[0]].append(columns[row[0]](row))
    return [
        list(map(compiled.statement.row, compiled.statement.convert(rows)))
        for (compiled, _), rows in zip(asked, found, strict=True)
    ]


@lru_cache(maxsize=256)
def _union(asked: tuple[Compiled, ...]) -> tuple[str, list[Callable[[Any], Any]]]:
    """One statement, and how to take the columns of each query set out of a row.

    The first column is the position of the query set. Those of one type share theirs.
    """
    places: list[list[int]] = []
    shared: list[str] = []
    for compiled in asked:
        own: list[int] = []
        for kind in compiled.statement.types:
            free = (n for n, other in enumerate(shared) if other == kind and n not in own)
            if (place := next(free, None)) is None:
                place = len(shared)
                shared.append(kind)
            own.append(place)
        places.append(own)
    parts = []
    for number, (compiled, own) in enumerate(zip(asked, places, strict=True)):
        columns = [f"c{own.index(n)}" if n in own else f"NULL::{t}" for n, t in enumerate(shared)]
        names = ", ".join(f"c{position}" for position in range(len(own)))
        inner = compiled.statement.sql
        parts.append(
            f"SELECT {number}, {', '.join(columns)} FROM ({inner}) q ({names})"  # noqa: S608 (ours)
        )
    return " UNION ALL ".join(parts), [_taker([n + 1 for n in own]) for own in places]


def _taker(places: list[int]) -> Callable[[Any], Any]:
    if len(places) == 1:
        return lambda row: (row[places[0]],)
    return itemgetter(*places)


def _type(column: Any) -> str:
    """Without its length, which values of another column need not have."""
    return str(column.output_field.db_type(connection)).partition("(")[0]


def _as_parameter(value: Any) -> Any:
    """``value`` as the driver takes it."""
    if isinstance(value, datetime):
        return connection.ops.adapt_datetimefield_value(value)
    if isinstance(value, date):
        return connection.ops.adapt_datefield_value(value)
    if isinstance(value, UUID):
        return UUIDField().get_db_prep_value(value, connection)
    return value
