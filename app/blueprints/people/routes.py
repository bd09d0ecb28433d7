from app.blueprints.people import blueprint  # noqa: F401
