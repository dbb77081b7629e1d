"""What the photo doors and the file stores refuse."""

from backend.common.errors import DomainError, Kind
from backend.common.text import Bilingual


class DigestMismatch(DomainError):
    """The bytes are not those that the address names. Nothing was stored."""

    code = "digest_mismatch"
    kind = Kind.UNPROCESSABLE
    title = Bilingual(
        vi="Nội dung không khớp mã SHA-256", en="The content does not have this SHA-256"
    )


class NotAnImage(DomainError):
    """Not a whole, still JPEG, PNG or WebP picture."""

    code = "not_an_image"
    kind = Kind.UNSUPPORTED_MEDIA
    title = Bilingual(
        vi="Không phải ảnh JPEG, PNG hoặc WebP đọc được",
        en="Not a readable JPEG, PNG or WebP picture",
    )


class TooLarge(DomainError):
    """More bytes or more pixels than a photo may have."""

    code = "too_large"
    kind = Kind.TOO_LARGE
    title = Bilingual(vi="Ảnh quá lớn", en="The picture is too large")


class StorageUnavailable(DomainError):
    """The disk or the object store fails; what was sent is to be sent again."""

    code = "storage_unavailable"
    kind = Kind.UNAVAILABLE
    title = Bilingual(
        vi="Kho lưu trữ tạm thời không sẵn sàng", en="The file store is unavailable; try again"
    )


class FileDamaged(DomainError):
    """A stored file is gone or has another length than when it was accepted."""

    code = "file_damaged"
    kind = Kind.UNAVAILABLE
    title = Bilingual(vi="Tệp lưu trữ bị mất hoặc hỏng", en="The stored file is missing or damaged")
