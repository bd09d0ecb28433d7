from app.blueprints.pages import blueprint  # noqa: F401
