"""Pictures made anew: what is seen stays; where it was taken, with what and by whom does not come along."""

import warnings
from pathlib import Path

from PIL import Image, ImageOps

from rubrics.evidence import not_taken
from rubrics.refusal import Refused

MOST_PIXELS = 64_000_000
"""More than any phone takes by itself; this times four is what one picture needs in memory."""
OURS = {"jpeg": ("JPEG", "image/jpeg"), "png": ("PNG", "image/png"), "webp": ("WEBP", "image/webp")}
QUALITY = 90


def made_anew(source: Path, target: Path, format_: str) -> str:
    """Write the picture without anything that is not seen in it; the answer is its media type. Raises `Refused`.

    A moving picture becomes its first one, as PNG.
    """
    try:
        with warnings.catch_warnings():
            # What it says of its size is looked at before any of it is unpacked.
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            return _made_anew(source, target, format_)
    except (Image.DecompressionBombWarning, Image.DecompressionBombError, MemoryError):
        raise _too_large() from None
    except (OSError, ValueError, SyntaxError, TypeError, KeyError, IndexError, OverflowError, EOFError):
        raise not_taken("file_broken") from None


def _made_anew(source: Path, target: Path, format_: str) -> str:
    name, media_type = OURS.get(format_, OURS["png"])
    with Image.open(source, formats=[format_.upper()]) as picture:
        if picture.width * picture.height > MOST_PIXELS:
            raise _too_large()
        picture.load()
        upright = ImageOps.exif_transpose(picture)
        plain = upright.convert(_mode(upright, name))
    _bare(plain).save(target, format=name, **({"quality": QUALITY} if name != "PNG" else {}))
    return media_type


def _bare(picture: Image.Image) -> Image.Image:
    """The same dots in a picture that never had anything else."""
    bare = Image.new(picture.mode, picture.size)
    bare.paste(picture)
    return bare


def _mode(picture: Image.Image, name: str) -> str:
    transparent = "A" in picture.getbands() or "transparency" in picture.info
    return "RGBA" if transparent and name != "JPEG" else "RGB"


def _too_large() -> Refused:
    return not_taken("picture_large")
