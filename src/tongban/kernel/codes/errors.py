"""The one error that every code raises."""


class CodeError(ValueError):
    """A value is not the code it claims to be.

    `str(error)` is a Chinese phrase without final punctuation that says which character is wrong and, where the rule
    determines it, what would be right.
    """

    #: Stable name of the reason, such as `uscc.check-char`; interfaces and imports may branch on it.
    code: str
    #: Chinese phrase for a person.
    message: str
    #: Place of the wrong character in the normalised value, counted from 1; `None` where no single place is wrong.
    position: int | None
    #: What stands there.
    found: str | None
    #: What would be right: the character itself where the rule determines it, otherwise words.
    expected: str | None

    def __init__(
        self,
        message: str,
        *,
        code: str,
        position: int | None = None,
        found: str | None = None,
        expected: str | None = None,
    ) -> None:
        """Keep the reason with its place, so that an interface can mark the character."""
        super().__init__(message)
        self.code = code
        self.message = message
        self.position = position
        self.found = found
        self.expected = expected
