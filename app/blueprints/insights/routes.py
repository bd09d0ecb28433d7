from app.blueprints.insights import blueprint  # noqa: F401
