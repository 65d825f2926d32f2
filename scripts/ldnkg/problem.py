"""What stops a command, said for people."""


class Problem(Exception):
    """A sentence that says what is wrong and what to do; `status` is the exit status that it leads to."""

    def __init__(self, sentence: str, status: int = 2) -> None:
        super().__init__(sentence)
        self.status = status


def reason(error: OSError) -> str:
    """Say in words why the disk refused, without the path and the number."""
    return (error.strerror or type(error).__name__).lower()
