"""Composition: Django behind the front; or, where there is none, behind the redirector in the same process."""

import gc
import os
from importlib import import_module

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

import_module("portevoix.urls")  # views are loaded now, not while the first person waits
gc.collect()
gc.freeze()  # what is loaded stays: to look for cycles in it again and again holds a page up by a twentieth of a second
