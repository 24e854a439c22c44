"""The one family of errors. The command line shows one clean line, the server a problem document."""

from collections.abc import Mapping
from typing import Any


class LagebildError(Exception):
    """An error that a user can mend.

    `message` says what is wrong with what (the file, the key, the value); `remedy` says what to do about it.
    """

    def __init__(self, message: str, remedy: str) -> None:
        super().__init__(message)
        self.message = message
        self.remedy = remedy

    def __str__(self) -> str:
        return f"{self.message} {self.remedy}"

    def __reduce__(self) -> tuple[Any, ...]:
        """Travel between processes with all that an error of its family carries."""
        return restore, (type(self), self.__dict__)


def restore(family: type[LagebildError], said: Mapping[str, Any]) -> LagebildError:
    """Return the error of this family that carries this."""
    error = family.__new__(family)
    error.__dict__.update(said)
    return error


class ArticleError(LagebildError):
    """An input that cannot become an article; the other inputs of the same run can."""


class FetchError(ArticleError):
    """A URL that may not or cannot be fetched."""


class ServiceError(LagebildError):
    """A service of other people that does not answer as it should."""


class DataError(LagebildError):
    """A data file of the program (frame, lexicon, model) that is not what it should be."""


class StoreError(LagebildError):
    """A store that is missing, locked, of another version, or full."""


class StoreBusyError(StoreError):
    """A store that another process is writing to."""


class StoreFullError(StoreError):
    """A store that holds as many things of a kind as it may."""


class IndexNotReadyError(LagebildError):
    """An index of the current snapshot that is still being made."""


class WriteRefusedError(LagebildError):
    """A write to what its author may not write to."""


class WriteConflictError(LagebildError):
    """A write on a condition that does not hold."""


class InputError(LagebildError):
    """An RDF document that is refused or cannot be read."""


class QueryError(LagebildError):
    """A query that is refused or cannot be read."""


class AnswerFormatError(QueryError):
    """A query whose answer has what the format that was asked for cannot hold."""


class QueryLimitError(QueryError):
    """A query that is, or asks for, more than a limit allows.

    `limit` is the name of the setting that sets it, `allowed` its value.
    """

    def __init__(self, message: str, remedy: str, limit: str, allowed: float) -> None:
        super().__init__(message, remedy)
        self.limit = limit
        self.allowed = allowed


class QueryTimeoutError(QueryLimitError):
    """A query that ran into its time limit and was stopped."""


class QueryBusyError(QueryLimitError):
    """A query that found no free worker in time, or too many before it."""


class TooManyRequestsError(QueryLimitError):
    """A client that asks for more at once, or more often, than one may."""


class QueryAbandonedError(QueryError):
    """A query whose answer nobody waits for any more."""


class QueryCrashError(QueryError):
    """A query that ended its worker: nested too deeply, or out of memory."""

    def __init__(self, message: str, remedy: str, *, is_sudden: bool = False, was_read: bool = True) -> None:
        super().__init__(message, remedy)
        self.is_sudden = is_sudden
        """Whether it happened so soon that the query may not be the reason."""
        self.was_read = was_read
        """Whether the worker had read the query; otherwise it cannot be the reason."""


class SettingError(LagebildError):
    """A setting or option with a value that it cannot have."""


class CorrectionError(LagebildError):
    """A correction that is no correction, or that cannot be made."""
