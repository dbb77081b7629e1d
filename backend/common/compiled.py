"""Query sets that are turned into SQL once per process: for what runs with every submission.

Making the SQL of a query set costs several times what the database needs to answer it.
"""

from collections import namedtuple
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from functools import cached_property
from typing import Any, NamedTuple
from uuid import UUID

from django.db import connection
from django.db.models import QuerySet, UUIDField

# Values that no query asks for, to be found again among the parameters of the SQL.
_STAND_INS: dict[type, Callable[[int], Any]] = {
    str: lambda n: f"stand-in {n}",
    int: lambda n: 31_001 + n,  # fits a small integer too
    date: lambda n: date(1, 1, 1 + n),
    datetime: lambda n: datetime(1, 1, 2 + n, tzinfo=UTC),
    UUID: lambda n: UUID(int=n),
}


class _Statement(NamedTuple):
    """``parameters``: the name of each that is given, or the value of one that never changes."""

    sql: str
    parameters: list[tuple[str, Any]]
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
        statement = self._statement
        given = {name: _as_parameter(value) for name, value in values.items()}
        parameters = [given[name] if name else value for name, value in statement.parameters]
        with connection.cursor() as cursor:
            cursor.execute(statement.sql, parameters)
            rows = cursor.fetchall()
        return map(statement.row, statement.convert(rows))

    def first(self, **values: Any) -> Any:
        return next(self(**values), None)

    @cached_property
    def _statement(self) -> _Statement:
        stand_ins = {
            name: _STAND_INS[kind](number)
            for number, (name, kind) in enumerate(self._arguments.items())
        }
        query = self._build(**stand_ins).query
        compiler = query.get_compiler(connection=connection)
        sql, parameters = compiler.as_sql()
        names = {_as_parameter(value): name for name, value in stand_ins.items()}
        converters = compiler.get_converters([column for column, *_ in compiler.select])
        row = namedtuple("Row", query.selected or ())  # type: ignore[misc]  # names of run time
        return _Statement(
            sql,
            [(names.get(value, ""), value) for value in parameters],
            lambda columns: row(*columns),
            lambda rows: compiler.apply_converters(rows, converters) if converters else rows,
        )


def _as_parameter(value: Any) -> Any:
    """``value`` as the driver takes it."""
    if isinstance(value, datetime):
        return connection.ops.adapt_datetimefield_value(value)
    if isinstance(value, date):
        return connection.ops.adapt_datefield_value(value)
    if isinstance(value, UUID):
        return UUIDField().get_db_prep_value(value, connection)
    return value
