"""What can be told to people and programs: a stable code, one sentence with the cause and the cure, an HTTP status."""


class Refusal(Exception):
    """A request that can't be met. Nothing was changed."""

    def __init__(self, code: str, sentence: str, status: int, *, retry_after: int | None = None) -> None:
        super().__init__(sentence)
        self.code = code
        self.sentence = sentence
        self.status = status
        self.retry_after = retry_after
