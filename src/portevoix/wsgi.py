"""Composition: the redirector in front, Django behind."""

import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portevoix.settings")

from django.core.wsgi import get_wsgi_application

from portevoix import env
from portevoix.redirector.app import make_redirector

application = make_redirector(get_wsgi_application(), env.read())
