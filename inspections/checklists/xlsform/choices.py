"""The sheet ``choices``: the options of items, and codes that have a name."""

from collections.abc import Iterator

from inspections.checklists.nodes import Mapping, Node, list_at, mapping_at, text_at
from inspections.checklists.xlsform.layout import LIST_NAME, NAMED_LISTS
from inspections.checklists.xlsform.sheets import Book, Row, Table, check_head, quoted

PASSES = "pass_fail"  # the list that other forms have for it; it needs no rows
_NAME, _LABEL = "name", "label.vi"
_COLUMNS = (LIST_NAME, _NAME, _LABEL, "label.en")


class Choices:
    """Labels of options are for the author: a checklist knows options by their codes."""

    def __init__(self, book: Book, table: Table | None) -> None:
        self._book = book
        self._lists: dict[str, list[Row]] = {}
        self._used: set[str] = set()
        if table is None:
            return
        check_head(book, table, lambda name: name in _COLUMNS)
        for row in table.rows:
            if self._is_whole(row):
                self._lists.setdefault(row.cells[LIST_NAME].text, []).append(row)
        for row in self._lists.get(PASSES, ()):
            if row.cells[_NAME].text not in ("pass", "fail"):
                book.refuse(
                    row.cells[_NAME],
                    "unknown_value",
                    "Chỉ nhận: pass, fail.",
                    "One of: pass, fail.",
                )

    def use(self, name: str) -> bool:
        """Whether there is such a list of options."""
        self._used.add(name)
        return name in self._lists and name not in NAMED_LISTS

    def options(self, name: str, at: Node) -> Node:
        entries: list[Node] = [row.cells[_NAME] for row in self._lists[name]]
        return list_at(at, entries)

    def named(self) -> Iterator[tuple[str, Mapping]]:
        """Commodities and other codes with their names."""
        for name in NAMED_LISTS:
            rows = self._lists.get(name)
            if not rows:
                continue
            found = mapping_at(rows[0].start)
            for row in rows:
                blank = text_at(row.gaps.get(_LABEL, row.start), "")
                found.entries += [row.cells[_NAME], row.cells.get(_LABEL, blank)]
            yield name, found

    def refuse_unused(self) -> None:
        """A list that no item names is one whose name is mistyped somewhere."""
        for name in self._lists.keys() - self._used - {*NAMED_LISTS, PASSES}:
            shown = quoted(name)
            self._book.refuse(
                self._lists[name][0].cells[LIST_NAME],
                "unused_list",
                f"Không tiêu chí nào dùng danh sách {shown}.",
                f"No item uses the list {shown}.",
            )

    def _is_whole(self, row: Row) -> bool:
        whole = True
        for column in (LIST_NAME, _NAME):
            if column not in row.cells:
                self._book.refuse(
                    row.gaps.get(column, row.start),
                    "missing_key",
                    f'Thiếu khóa "{column}".',
                    f'The key "{column}" is missing.',
                )
                whole = False
        return whole
