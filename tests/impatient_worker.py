"""`python -m tests.impatient_worker SECONDS`: the worker, but its claims run out after so many seconds.

When it is killed, tests need not wait for minutes until another one takes what it had claimed.
"""

import sys
from datetime import timedelta

from app import create_app
from app.services.delivery import claim
from app.worker import run_worker

if __name__ == "__main__":
    claim.LEASE = timedelta(seconds=float(sys.argv[1]))  # type: ignore[misc]
    app = create_app()
    with app.app_context():
        run_worker(app)
