"""What LinkedIn tells its author of a post: one figure a request, and only where LinkedIn opened them to the operator.

Source: Microsoft Learn, member post statistics (versions 202603 to 202609): the metric comes back as a word, or, in older
versions, as an object around the word.
"""

from collections.abc import Mapping
from urllib.parse import quote

from portevoix.core.outgoing import Answer
from portevoix.networks.direct import Grant
from portevoix.networks.failures import Absent
from portevoix.networks.linkedin.answers import API, failure_of, headers
from portevoix.networks.publishing import counts
from portevoix.networks.wire import Wire, object_of, text_at

SCOPE = "r_member_postAnalytics"
METRICS = {
    "IMPRESSION": "impressions",
    "MEMBERS_REACHED": "reached",
    "REACTION": "likes",
    "COMMENT": "replies",
    "RESHARE": "reposts",
}


def read_figures(urn: str, grant: Grant, wire: Wire) -> dict[str, int]:
    """The figures of a post; none where LinkedIn does not open them to us. `Absent` when the post is gone."""
    figures: dict[str, int] = {}
    if SCOPE not in grant.scopes:
        return figures
    for metric in METRICS:
        answer = wire.read("GET", _address(urn, metric), headers=headers(grant))
        if answer.status == 403:
            return {}
        if answer.status == 404:
            raise Absent
        if answer.status != 200:
            raise failure_of(answer, grant)
        figures |= _figure(answer, metric)
    return figures


def _address(urn: str, metric: str) -> str:
    # By hand: the brackets and the colon belong to LinkedIn's syntax, the name inside them is encoded.
    kind = "ugc" if ":ugcPost:" in urn else "share"
    entity = f"({kind}:{quote(urn, safe='')})"
    return (
        f"{API}/rest/memberCreatorPostAnalytics?q=entity&entity={entity}&queryType={metric}&aggregation=TOTAL"
    )


def _figure(answer: Answer, metric: str) -> dict[str, int]:
    elements = object_of(answer).get("elements")
    for element in elements if isinstance(elements, list) else []:
        if isinstance(element, Mapping) and _metric(element.get("metricType")) == metric:
            return counts({metric: element.get("count")}, METRICS)
    return {}


def _metric(kind: object) -> str:
    return text_at(next(iter(kind.values()), "")) if isinstance(kind, Mapping) else text_at(kind)
