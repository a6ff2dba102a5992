"""Readers that help to find a slip: one that stops at a place, one that keeps what it has read."""

from dataclasses import replace
from typing import Any

from rubric_engine.syntax.lexis import Reader, Token

# The kind of a word at which the parser is to stop.
NO_TYPE = "NO_TYPE"


class Deaf(Reader):
    """A reader that knows no name at one place, so that the parser stops there."""

    def __init__(self, reader: Reader, at: int) -> None:
        self.__dict__.update(reader.__dict__)
        self.deaf_at = at

    def read(self, wanted: Any) -> Token:
        token = super().read(wanted)
        return replace(token, type=NO_TYPE) if token.start == self.deaf_at else token


class Recorder(Reader):
    """A reader that keeps what it has read."""

    def __init__(self, reader: Reader) -> None:
        self.__dict__.update(reader.__dict__)
        self.tokens: list[Token] = []

    def read(self, wanted: Any) -> Token:
        token = super().read(wanted)
        self.tokens.append(token)
        return token
