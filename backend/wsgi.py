"""The application as every WSGI server takes it; ``manage.py serve`` runs it with waitress."""

import os

from django.conf import settings
from django.core.wsgi import get_wsgi_application

from backend.operations.proxies import TrustedProxies

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "backend.settings")

application = TrustedProxies(get_wsgi_application(), settings.TRUSTED_PROXIES)
