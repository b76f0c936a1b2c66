"""The staff portal's addresses about databases."""

from django.urls import path

from databases.views.badge import Badge
from databases.views.changes import Changes
from databases.views.database import DatabaseDetail
from databases.views.matrix import Matrix
from databases.views.status import Status

app_name = "databases"
urlpatterns = [
    path("databases/", Matrix.as_view(), name="matrix"),
    path("databases/changes/", Changes.as_view(), name="changes"),
    path("databases/status/", Status.as_view(), name="status"),
    path("databases/<int:pk>/", DatabaseDetail.as_view(), name="database"),
    path("databases/<int:pk>/badge.svg", Badge.as_view(), name="badge"),
]
