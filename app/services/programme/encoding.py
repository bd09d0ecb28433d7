"""The text of a file that somebody saved with an editor or a spreadsheet."""

from codecs import BOM_UTF16_BE, BOM_UTF16_LE
from typing import Final

from app.services.programme.file_faults import FileError

_LARGEST: Final = 50_000_000


def decoded(data: bytes, file_name: str) -> str:
    """UTF-8, or UTF-16 with its mark, which Excel calls "Unicode text".

    Raises:
        FileError: when it is neither, or too large, with what to do.
    """
    if len(data) > _LARGEST:
        raise FileError([f"{file_name}: is larger than {_LARGEST // 1_000_000} MB; divide it"])
    encoding = "utf-16" if data.startswith((BOM_UTF16_LE, BOM_UTF16_BE)) else "utf-8-sig"
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise FileError(
            [f"{file_name}:{line}: is not UTF-8 text (perhaps Windows-1252); save it as UTF-8"]
        ) from error
    if text.count("\0") > len(text) // 4:
        raise FileError([f"{file_name}:1: is not UTF-8 text but UTF-16 without its mark; save it as UTF-8"])
    return text
