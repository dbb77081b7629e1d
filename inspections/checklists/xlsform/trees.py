"""From a row of cells to the nested tree that the shapes read."""

from collections.abc import Callable, Collection
from typing import Any

from inspections.checklists.nodes import Mapping, Node, Scalar, list_at, mapping_at, text_at
from inspections.checklists.shapes import Flag, ListOf, OneOf, Record, Shape
from inspections.checklists.xlsform.layout import Path, leaf
from inspections.checklists.xlsform.sheets import Row

Tree = dict[str, Any]  # of Trees and Nodes
Gaps = dict[Path, Node]
PathOf = Callable[[str], Path | None]

_FLAGS = {"yes": "true", "true": "true", "no": "false", "false": "false"}


def row_tree(row: Row, path_of: PathOf, shape: Shape) -> Tree:
    """The cells of a row by their paths; columns without a path are left out."""
    tree: Tree = {}
    for name, cell in row.cells.items():
        if path := path_of(name):
            insert(tree, path, value(cell, leaf(shape, path)))
    return tree


def insert(tree: Tree, path: Path, node: Node) -> None:
    for step in path[:-1]:
        tree = tree.setdefault(step, {})
    tree[path[-1]] = node


def value(cell: Scalar, shape: Shape | None) -> Node:
    """A cell as the shape wants it: codes with spaces between, yes and no, a single =."""
    match shape:
        case ListOf():
            return list_at(cell, [text_at(cell, word) for word in cell.text.split()])
        case Flag():
            return text_at(cell, _FLAGS.get(cell.text.lower(), cell.text))
        case OneOf() if cell.text == "=" and "==" in shape.values:
            return text_at(cell, "==")
    return cell


def mapping(tree: Tree, at: Node, gaps: Gaps | None = None, below: Path = ()) -> Mapping:
    """``tree`` as nodes, of which each stands where its first cell does; ``gaps`` by their paths,
    of which ``below`` is the one that leads here.
    """
    grown = mapping_at(at)
    for step, child in tree.items():
        grown.entries += [text_at(_first(child), step), _grown(child, gaps, (*below, step))]
    for path, node in (gaps or {}).items():
        if path[: len(below)] == below and path[len(below)] not in tree:
            grown.gaps.setdefault(path[len(below)], node)
    return grown


def record(
    row: Row, path_of: PathOf, shape: Record, tree: Tree | None = None, apart: Collection[str] = ()
) -> Mapping:
    """The record of a row: what is missing is missed at its empty cell; a list may be empty.

    ``tree``: its cells, where something was done to them; ``apart``: keys that are no cells.
    """
    tree = row_tree(row, path_of, shape) if tree is None else tree
    gaps = {path: node for name, node in row.gaps.items() if (path := path_of(name))}
    for name, inner in shape.required.items():
        if isinstance(inner, ListOf) and inner.least == 0 and name not in (*tree, *apart):
            place = gaps.get((name,), row.start)
            tree[name] = list_at(place)
    return mapping(tree, row.start, gaps)


def _grown(child: Tree | Node, gaps: Gaps | None, below: Path) -> Node:
    """Numbered steps are the entries of a list, in their order."""
    if isinstance(child, Node):
        return child
    if all(step.isdecimal() for step in child):
        steps = sorted(child, key=int)
        entries = [_grown(child[step], gaps, (*below, step)) for step in steps]
        return list_at(_first(child), entries)
    return mapping(child, _first(child), gaps, below)


def _first(child: Tree | Node) -> Node:
    while not isinstance(child, Node):
        child = next(iter(child.values()))
    return child
