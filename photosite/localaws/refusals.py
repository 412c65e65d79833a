"""The errors that Rekognition answers with, as one exception.

Codes, messages and statuses are those of the Amazon Rekognition Developer Guide, "Error handling"; where the
guide is silent the docstring of whoever raises says on what evidence the words rest.
"""


class Refusal(Exception):
    """A request that is answered with an AWS error.

    `code` goes out as `__type`, `message` as `Message`; `status` is 400 unless the fault is the server's.
    """

    def __init__(self, code: str, message: str, status: int = 400) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.status = status


def invalid_format(message: str = "Request has invalid image format") -> Refusal:
    """Neither JPEG nor PNG, or a file that cannot be decoded to its end."""
    return Refusal("InvalidImageFormatException", message)


def invalid_parameters(message: str = "Request has invalid parameters") -> Refusal:
    """A value of the right shape that the operation cannot take, a picture under 80 px among them."""
    return Refusal("InvalidParameterException", message)


def too_large(message: str = "Image size is too large") -> Refusal:
    """More pixels a side or more bytes than the quotas allow."""
    return Refusal("ImageTooLargeException", message)


def invalid_object() -> Refusal:
    """The S3 object is missing or out of reach; Rekognition does not say which."""
    return Refusal(
        "InvalidS3ObjectException",
        "Unable to get object metadata from S3. Check object key, region and/or access permissions.",
    )


def internal_error() -> Refusal:
    """Our own fault; AWS answers it with status 500 and so do we."""
    return Refusal("InternalServerError", "Internal server error", 500)
