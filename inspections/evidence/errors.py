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


class OffsetMismatch(DomainError):
    """The piece does not follow what is here; ``Upload-Offset`` says where to go on."""

    code = "mismatching_upload_offset"
    kind = Kind.CONFLICT
    title = Bilingual(
        vi="Phần gửi lên không nối tiếp phần đã có", en="The piece does not follow what is here"
    )

    def __init__(self, expected: int, provided: int, *, is_complete: bool = False) -> None:
        super().__init__(
            headers={
                "Upload-Offset": str(expected),
                "Upload-Complete": "?1" if is_complete else "?0",
            },
            expected_offset=expected,
            provided_offset=provided,
        )


class UploadBusy(DomainError):
    """Another connection adds to the same upload, or finishes it, at this moment."""

    code = "unavailable"
    kind = Kind.UNAVAILABLE
    title = Bilingual(vi="Máy chủ tạm thời không sẵn sàng", en="Temporarily unavailable; try again")

    def __init__(self) -> None:
        super().__init__(headers={"Retry-After": "1"})


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
