"""The media store of this process."""

from flask import current_app

from app.gateways.media import MediaStore


def media_store() -> MediaStore:
    """Opened at first use and kept: an S3 client holds connections."""
    kept: MediaStore | None = current_app.extensions.get("media_store")
    if kept is None:
        kept = current_app.extensions["media_store"] = MediaStore.from_url(current_app.config["MEDIA_URL"])
    return kept
