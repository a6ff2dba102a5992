"""What every command over units takes and begins with, said once: a rubric, how to read, how to print."""

from collections.abc import Callable
from inspect import Parameter, Signature, signature
from typing import TYPE_CHECKING, Concatenate, ParamSpec

from rubric_engine.cli.options import (
    Bom,
    Decimal,
    Everything,
    Ignored,
    Output,
    Parameters,
    PercentsAre,
    ReportFormat,
    RubricFile,
    Speak,
    UnitColumn,
)

if TYPE_CHECKING:
    from rubric_engine.cli.work import Work

Own = ParamSpec("Own")


def _options(
    rubric: RubricFile,
    shape: ReportFormat = None,
    output: Output = None,
    bom: Bom = False,
    decimal: Decimal = None,
    language: Speak = None,
    parameter: Parameters = None,
    percent: PercentsAre = None,
    ignore: Ignored = None,
    unit_column: UnitColumn = None,
    everything: Everything = False,
) -> None:
    """Only its signature is asked for."""


_PRINTING = ("shape", "output", "bom", "decimal")
_SHARED = dict(signature(_options).parameters)


def over_units(command: Callable[Concatenate["Work", Own], None]) -> Callable[..., None]:
    """The command as typer sees it: the rubric, what is its own, what all share. It is given the work begun.

    One with an output of its own writes in a form of its own too, and takes none of the others.
    """
    own = dict(list(signature(command).parameters.items())[1:])
    shared = {name: option for name, option in _SHARED.items() if "output" not in own or name not in _PRINTING}

    def begun(**given: object) -> None:
        from rubric_engine.cli.work import begin

        work = begin(**{name: given.pop(name) for name in shared})  # type: ignore[arg-type]
        command(work, **given)  # type: ignore[arg-type, call-arg]

    options = [*own.values(), *shared.values()]
    begun.__name__, begun.__doc__, begun.__annotations__ = command.__name__, command.__doc__, {}
    begun.__signature__ = Signature(sorted(options, key=_place))  # type: ignore[attr-defined]
    return begun


def _place(option: Parameter) -> int:
    """The rubric first, then the other arguments, then options."""
    return 0 if option.name == "rubric" else 1 if option.default is Parameter.empty else 2
