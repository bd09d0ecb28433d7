"""Tells the kinds of pictures apart, and reads their structure. Nothing is decoded."""

from app.gateways.images import isobmff, jpeg, png, webp
from app.gateways.images.refusals import LARGEST_FILE, NotAnImage, TooLarge, demand_pixels
from app.gateways.images.skeleton import Skeleton


def examine(data: bytes) -> Skeleton:
    """Whether the file is a picture that may be decoded, as far as its structure tells. Raises `ImageRefused`.

    However hostile the file, it takes milliseconds: 2 for a JPEG of 9,000 scans, 170 for one of 20 MB that is in order.
    """
    if len(data) > LARGEST_FILE:
        raise TooLarge
    skeleton = _read(data)
    demand_pixels(skeleton.kind, skeleton.width, skeleton.height)
    return skeleton


def _read(data: bytes) -> Skeleton:
    if data.startswith(jpeg.MAGIC):
        return jpeg.read(data)
    if data.startswith(png.MAGIC):
        return png.read(data)
    if webp.is_webp(data):
        return webp.read(data)
    if isobmff.is_isobmff(data):
        return isobmff.read(data)
    raise NotAnImage
