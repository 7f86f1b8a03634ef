"""All addresses. The fronts name their own below their prefix."""

from django.urls import include, path

urlpatterns = [
    # the gallery of components
]
