"""Where servers find the application: `wsgi:app`."""

import gc

from app import create_app

app = create_app()
# What is there by now lives as long as the process; the collector need not go through it again with each request.
gc.collect()
gc.freeze()
