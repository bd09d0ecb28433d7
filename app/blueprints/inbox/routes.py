from app.blueprints.inbox import blueprint  # noqa: F401
