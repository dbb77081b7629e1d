"""Derived measures: arithmetic over reported ones, in the words of the checklist."""

import ast
import operator
from collections import defaultdict
from collections.abc import Callable, Mapping
from fractions import Fraction
from functools import lru_cache

_OPERATIONS: Mapping[type[ast.operator], Callable[[Fraction, Fraction], Fraction]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
}


def value_of(formula: str, values: Mapping[str, Fraction]) -> Fraction | None:
    """``100 * PM01 / PM05`` with the ``values`` of a month; exact.

    None where a measure was not reported, and for a division by zero. Raises ValueError for what
    is no sum, difference, product or quotient of measures and whole numbers.
    """
    try:
        return _value(_parsed(formula), values)
    except (KeyError, ZeroDivisionError):
        return None


def is_formula(text: str) -> bool:
    """Whether ``value_of`` can read it."""
    try:
        value_of(text, defaultdict(Fraction))
    except (ValueError, RecursionError):
        return False
    return True


@lru_cache(maxsize=256)
def _parsed(formula: str) -> ast.expr:
    try:
        return ast.parse(formula, mode="eval").body
    except SyntaxError as error:
        raise ValueError(formula) from error


def _value(node: ast.expr, values: Mapping[str, Fraction]) -> Fraction:
    match node:
        case ast.BinOp(left, operation, right) if type(operation) in _OPERATIONS:
            calculate = _OPERATIONS[type(operation)]
            return calculate(_value(left, values), _value(right, values))
        case ast.Name(id=name):
            return values[name]
        case ast.Constant(value=int(number)) if not isinstance(number, bool):
            return Fraction(number)
    raise ValueError(ast.unparse(node))
