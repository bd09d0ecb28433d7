"""The media store of this process."""

from flask import current_app

from app.gateways.media import MediaStore
from app.web.cache import Cache

_STORE: Cache[MediaStore] = Cache("media store", key="its address", at_most=1)


def media_store() -> MediaStore:
    """Opened at its first use and kept, since an S3 client holds connections."""
    address = current_app.config["MEDIA_URL"]
    return _STORE.get(address, lambda: MediaStore.from_url(address))
