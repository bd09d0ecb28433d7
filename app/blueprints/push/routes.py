from app.blueprints.push import blueprint  # noqa: F401
