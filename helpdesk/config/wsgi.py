"""The WSGI application."""

import os

import django

from helpdesk.config.multipart import Handler

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "helpdesk.config.settings")
django.setup(set_prefix=False)
application = Handler()
