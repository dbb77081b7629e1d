"""All that the department may ask of the API: see ``stage``."""

import pytest
import schemathesis

from tests import cast as world
from tests.api_schema.walks.stage import Stage, check_that_all_went_well_once, operations_of

pytestmark = pytest.mark.django_db


@operations_of("department")
def test_the_department_finds_no_broken_promise(case: schemathesis.Case, stage: Stage) -> None:
    stage.send(case, world.DEPARTMENT)


def test_every_operation_has_once_gone_well() -> None:
    check_that_all_went_well_once("department")
