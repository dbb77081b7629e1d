"""Query parameters that are read without a filter."""

import pytest
from rest_framework.request import Request
from rest_framework.test import APIRequestFactory

from backend.common.errors import Malformed
from backend.common.parameters import flag


def asked(query: str) -> bool:
    return flag(Request(APIRequestFactory().get(f"/{query}")), "dry_run")


@pytest.mark.parametrize(
    ("query", "value"), [("", False), ("?dry_run=false", False), ("?dry_run=true", True)]
)
def test_a_flag_is_on_when_it_is_true(query: str, value: bool) -> None:
    assert asked(query) is value


@pytest.mark.parametrize("value", ["", "1", "True", "yes", "true "])
def test_any_other_word_is_refused_by_name(value: str) -> None:
    with pytest.raises(Malformed) as refused:
        asked(f"?dry_run={value}")

    [error] = refused.value.errors
    assert (error.code, error.detail.en) == ("invalid_parameter", "dry_run: true or false")
