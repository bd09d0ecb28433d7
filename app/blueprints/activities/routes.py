from app.blueprints.activities import blueprint  # noqa: F401
