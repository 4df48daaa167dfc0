"""What networks report, in words: each figure from one end to the other, and who says so."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from portevoix.analytics.reported import IMPRESSIONS, REACTIONS, Range
from portevoix.web.charts import isolated
from portevoix.web.templatetags.words import number

_LABELS = {IMPRESSIONS: gettext_lazy("Impressions"), REACTIONS: gettext_lazy("Reactions")}


def reported_words(ranges: list[Range]) -> list[dict[str, Any]]:
    """One entry a figure: its label, both ends, and what it is added up from."""
    return [{"label": _LABELS[one.key], "ends": _ends(one), "source": _source(one)} for one in ranges]


def _ends(one: Range) -> str:
    return _("%(highest)s to %(total)s") % {"highest": number(one.highest), "total": number(one.total)}


def _source(one: Range) -> str:
    words = ngettext("%(count)s post on %(networks)s", "%(count)s posts on %(networks)s", one.post_count)
    return words % {"count": number(one.post_count), "networks": isolated(", ".join(one.networks))}
