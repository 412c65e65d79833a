"""How a call can end badly, by what is to be done about it. Each message is a sentence for the photo's owner."""


class LabellingError(Exception):
    """`code`: what Rekognition or the SDK called it."""

    def __init__(self, sentence: str, code: str = "") -> None:
        super().__init__(sentence)
        self.code = code


class Throttled(LabellingError):
    """Too many calls for the account's quota. Wait; never counts as an attempt. Not billed."""


class Unreachable(LabellingError):
    """No answer: it may not even have arrived. Wait and ask again. Perhaps billed."""


class Unusable(LabellingError):
    """An error of the service, or an answer that is none. Ask again, a few times. Perhaps billed."""


class Misconfigured(LabellingError):
    """Wrong credentials or permissions of the site, no photo's fault. Stop calling, tell the operator. Not billed."""


class Denied(Misconfigured):
    """The site may not call this very operation; its credentials are good. Not billed."""


class Rejected(LabellingError):
    """Rekognition can't take this picture. Rebuild it once, then give up. Not billed."""
