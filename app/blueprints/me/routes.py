from app.blueprints.me import blueprint  # noqa: F401
