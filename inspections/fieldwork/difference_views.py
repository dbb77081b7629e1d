"""What differs between two versions of a checklist, and what that would do to past visits."""

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from backend.common.views import StrictQuery
from inspections.checklists import rules
from inspections.checklists.serializers import difference
from inspections.checklists.views import NAME, for_the_department
from inspections.fieldwork import effect
from inspections.fieldwork.serializers import DifferenceWithEffectSerializer

OTHER = OpenApiParameter("other", NAME.type, NAME.location, description=NAME.description)


class ChecklistDifferenceView(StrictQuery):
    @extend_schema(
        operation_id="checklists_diff",
        summary="What differs from one version to another, and its effect on past scores",
        description="Past visits are scored anew by their kept answers; nothing is stored.",
        parameters=[NAME, OTHER],
        responses=DifferenceWithEffectSerializer,
        extensions={
            "x-roles": ["department"],
            "x-object": "visible",
            "x-problems": {422: ["other_checklist"]},
        },
    )
    def get(self, request: Request, name: str, other: str) -> Response:
        before, after = for_the_department(request, name), for_the_department(request, other)
        on_visits = effect.as_json(effect.effect(before, after))
        found = difference(before, after, rules.difference(before.content, after.content))
        return Response(DifferenceWithEffectSerializer({**found, "effect": on_visits}).data)
