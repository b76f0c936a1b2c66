"""The web server's door."""

import gc
import os

from django.core.wsgi import get_wsgi_application
from django.urls import get_resolver

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

application = get_wsgi_application()

# All pages are loaded now, not by their first reader; and what was loaded stays for good: to look
# through it for what is no longer used would take 150 ms in the middle of some page.
get_resolver().url_patterns  # noqa: B018
gc.collect()
gc.freeze()
