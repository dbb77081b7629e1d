"""One import: all rows or none, and a rehearsal that does the same and keeps nothing."""

from collections.abc import Callable, Hashable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from django.db import transaction

from backend.common.errors import DomainError, FieldError
from backend.common.text import Bilingual
from markets.errors import ImportInvalid
from markets.imports.columns import CellError, Column, Row, Values, fault, read_rows
from markets.imports.tables import Line


class Importer(Protocol):
    """What one kind of file means.

    ``begin`` comes first. ``steps`` run one after the other over all rows in the order of
    ``rank``, each through the lifecycle, and say whether they changed anything; ``finish``
    follows when no row is bad. ``tell`` ends what is kept.
    """

    @property
    def columns(self) -> Sequence[Column]: ...

    @property
    def steps(self) -> Sequence[Callable[[Values], bool]]: ...

    def begin(self, rows: Sequence[Values]) -> None:
        """Lock what the rows name, all of it in one order, and look at it as it is now."""

    def key(self, values: Values) -> Hashable:
        """What makes two rows speak of the same thing."""

    def knows(self, values: Values) -> bool:
        """Whether the thing was there before the import."""

    def rank(self, values: Values) -> Any:
        """Rows that others depend on come first."""

    def finish(self) -> None: ...

    def tell(self) -> None:
        """Write one entry of the audit trail for the whole file."""


@dataclass(frozen=True, slots=True)
class Report:
    """Counts of rows; with ``dry_run`` of what would have been."""

    dry_run: bool
    rows: int
    created: int
    updated: int
    unchanged: int


@transaction.atomic
def run(importer: Importer, lines: Sequence[Line], *, dry_run: bool) -> Report:
    """Import ``lines``, or raise ImportInvalid with every bad row and change nothing."""
    rows, faults = read_rows(lines, importer.columns)
    importer.begin([row.values for row in rows])
    faults.extend(_repeated(importer, rows))
    created = {row.index for row in rows if not importer.knows(row.values)}
    changed: set[int] = set()
    bad: set[int] = {row.index for row in rows if any(row.line == item.line for item in faults)}
    for step in importer.steps:
        for row in sorted(rows, key=lambda row: importer.rank(row.values)):
            if row.index in bad:
                continue
            try:
                if step(row.values):
                    changed.add(row.index)
            except CellError as error:
                faults.append(fault(row, error.column or _name(importer), error.code, error.detail))
                bad.add(row.index)
            except DomainError as error:
                faults.extend(_of_domain_error(importer, row, error))
                bad.add(row.index)
    if faults:
        raise ImportInvalid(errors=sorted(faults, key=lambda item: item.line or 0))
    importer.finish()
    if dry_run:
        transaction.set_rollback(True)
    else:
        importer.tell()
    return Report(
        dry_run=dry_run,
        rows=len(rows),
        created=len(created),
        updated=len(changed - created),
        unchanged=len(rows) - len(created | changed),
    )


def _repeated(importer: Importer, rows: Sequence[Row]) -> Iterator[FieldError]:
    seen: dict[Hashable, int] = {}
    for row in rows:
        first = seen.setdefault(importer.key(row.values), row.line)
        if first != row.line:
            detail = Bilingual(f"Trùng với dòng {first}", f"The same as line {first}")
            yield fault(row, _name(importer), "duplicate_row", detail)


def _of_domain_error(importer: Importer, row: Row, error: DomainError) -> Iterator[FieldError]:
    for item in error.errors:
        column = item.pointer.removeprefix("/")
        known = column if column in row.values else _name(importer)
        yield fault(row, known, item.code, item.detail)
    if not error.errors:
        yield fault(row, _name(importer), error.code, error.detail or error.title)


def _name(importer: Importer) -> str:
    """The column that names the thing: it stands for a whole row, as every file has it."""
    return next(column.name for column in importer.columns if column.required)
