"""The roof: every mount point of the site."""

from backend.common.problems import django_problem

urlpatterns: list[object] = []

handler400 = django_problem(400)
handler403 = django_problem(403)
handler404 = django_problem(404)
handler500 = django_problem(500)
