from app.blueprints.feed import blueprint  # noqa: F401
