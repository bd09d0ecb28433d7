from app.blueprints.media import blueprint  # noqa: F401
