"""Composition: Django behind the front; or, where there is none, behind the redirector in the same process."""

import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portevoix.settings")

from django.core.wsgi import get_wsgi_application

from portevoix import env
from portevoix.redirector.app import make_redirector
from portevoix.redirector.behind import BehindFront, end_with

_secret = os.environ.get(env.FRONT_SECRET)
application = (
    BehindFront(get_wsgi_application(), _secret)
    if _secret
    else make_redirector(get_wsgi_application(), env.read())
)
if _secret:
    end_with(int(os.environ[env.PARENT]))
