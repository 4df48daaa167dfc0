"""Who this installation is, for servers of networks where nobody registers. Nothing in it is secret."""

from django.http import HttpResponse, JsonResponse
from django.views.decorators.cache import cache_control

from portevoix.sharing import registrations
from portevoix.web.access import PageRequest, public


@cache_control(public=True, max_age=600)
@public
def client(request: PageRequest, network: str) -> HttpResponse:
    """The description that a server reads before it lets anybody sign in from here."""
    return JsonResponse(registrations.description(network))


@cache_control(no_cache=True)
@public
def keys(request: PageRequest, network: str) -> HttpResponse:
    """The public half of the key with which we sign what we ask."""
    return JsonResponse(registrations.public_keys(network))
