"""How the phone was held: said once for the photos that people fetch and those that are printed.

Needs nothing but Pillow, because a record is drawn without Django.
"""

from PIL import Image

_TAG = 0x0112  # of EXIF
_UNDO = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}


def upright(image: Image.Image) -> Image.Image:
    """The picture as it was seen, as far as that can be read: a photo is not lost by it.

    ``image`` itself where it stands upright already. Only the one tag is read, and none is
    written: Pillow's own way writes the others anew, and raises where they hold nonsense.
    """
    try:
        turn = _UNDO.get(image.getexif()[_TAG])
    except Exception:  # noqa: BLE001 - hostile bytes make decoders raise anything
        return image
    return image if turn is None else image.transpose(turn)
