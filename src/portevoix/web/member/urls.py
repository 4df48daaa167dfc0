"""Addresses of the member pages."""

from django.urls import path

from portevoix.web.member import accounts, feed, hours, me, results, shares, sheet, suggesting

urlpatterns = [
    path("", feed.to_share, name="to_share"),
    path("stories/<slug:code>/share", sheet.share_sheet, name="share_sheet"),
    path("stories/<slug:code>/draft", sheet.keep_draft, name="share_draft"),
    path("shares/<slug:code>/thanks", shares.thanks, name="thanks"),
    path("shares/<slug:code>/take-back", shares.take_back, name="take_back"),
    path("shares/<slug:code>/restore", shares.restore, name="restore"),
    path("shares/<slug:code>/move", shares.move, name="move_post"),
    path("shares/<slug:code>/figures", shares.read_figures, name="read_figures"),
    path("shares/<slug:code>/answer", shares.answer, name="answer_post"),
    path("suggest", suggesting.suggest, name="suggest"),
    *results.urlpatterns,
    path("me", me.me, name="me"),
    path("me/topics", me.topics, name="my_topics"),
    path("me/reading", me.reading, name="my_reading"),
    path("me/programme", me.programme, name="my_programme"),
    path("me/data", me.data, name="my_data"),
    path("me/hours", hours.my_hours, name="my_hours"),
    path("me/accounts", accounts.accounts, name="accounts"),
    path("me/accounts/<slug:network>", accounts.connect, name="connect"),
    path("me/accounts/<slug:network>/password", accounts.connect_with_password, name="connect_with_password"),
    path("me/accounts/<slug:network>/callback", accounts.come_back, name="come_back"),
    path("me/accounts/<slug:network>/callback/<str:host>", accounts.come_back, name="come_back_from"),
    path("me/sign-ins/<slug:code>", accounts.confirm_account, name="confirm_account"),
    path("me/connected/<slug:code>/disconnect", accounts.disconnect, name="disconnect"),
]
