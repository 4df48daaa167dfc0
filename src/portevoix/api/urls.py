"""Addresses for other programs."""

from django.urls import path

from portevoix.api import conversions, script

urlpatterns = [
    path("api/v1/conversions", conversions.conversions, name="api_conversions"),
    path("api/v1/conversions/browser", conversions.conversions_of_browsers, name="api_browser_conversions"),
    path("pv.js", script.pv_js, name="pv_js"),
]
