"""Addresses of the member pages."""

from django.urls import path

from portevoix.web.member import feed, me, results, shares, sheet, suggesting

urlpatterns = [
    path("", feed.to_share, name="to_share"),
    path("stories/<slug:code>/share", sheet.share_sheet, name="share_sheet"),
    path("stories/<slug:code>/draft", sheet.keep_draft, name="share_draft"),
    path("shares/<slug:code>/thanks", shares.thanks, name="thanks"),
    path("shares/<slug:code>/take-back", shares.take_back, name="take_back"),
    path("shares/<slug:code>/restore", shares.restore, name="restore"),
    path("suggest", suggesting.suggest, name="suggest"),
    *results.urlpatterns,
    path("me", me.me, name="me"),
    path("me/topics", me.topics, name="my_topics"),
    path("me/reading", me.reading, name="my_reading"),
    path("me/programme", me.programme, name="my_programme"),
    path("me/data", me.data, name="my_data"),
]
