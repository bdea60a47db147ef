"""The addresses of the example."""

from django.contrib import admin
from django.urls import path
from meetings import views

urlpatterns = [
    path("", views.begin, name="begin"),
    path("sessions/<str:key>/", views.show, name="show"),
    path("sessions/<str:key>/problems/", views.report, name="report"),
    path("admin/", admin.site.urls),
]
