"""What an input is put through, and what must be true of whatever comes of it.

It is refused with complete problems and exit code 2, or answered with exit code 0 or 1 and numbers that are numbers.
What a check passes, the command gives an answer for. Nothing is read that lies elsewhere, nothing warns, nothing takes
long.
"""

from __future__ import annotations

import json
import math
import os
import re
import shutil
import signal
import sys
import tempfile
import traceback
import warnings
from collections.abc import Callable, Generator, Iterable
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from fuzzing.inputs import STORE, Input
from fuzzing.values import OUTSIDE
from ooms.batch.plan import Plan
from ooms.batch.running import run_study
from ooms.batch.study import load_study
from ooms.batch.work import Failure, Task, attempt
from ooms.beliefs.reader import load
from ooms.beliefs.view import BeliefWarning
from ooms.calibrating.surveys import load_survey
from ooms.cli import main
from ooms.files.library import priors_folder
from ooms.forecasting import forecast as forecasting
from ooms.problems import UserError

__all__ = ["LIMIT", "Fault", "judge", "prepared"]

LIMIT = 5.0
"""Seconds of processor time for one command or check."""

_LEVELS = (0.05, 0.5, 0.95)
_LARGEST = 64  # cells of studies whose plan is made
_FEW = {"--draws": "256", "--threads": "1"}
_STUDY = """
views = ["davidson-2025", "kwa-2026"]
events = ["5 ooms in 1 year", "3 years in 1 year"]
quantities = ["time to 3 ooms"]
draws = 256
[grid]
rho = [-0.4, -0.1]
returns = [0.8, "loguniform(0.4, 3.6)"]
[zipped.crisis]
label = ["mild", "grave, for long"]
hardware_growth = [0.5, 0.2]
hardware_shock = [0.1, 0.3]
"""


@dataclass(frozen=True)
class Fault:
    """What must not be.

    Parameters
    ----------
    kind : str
        Such as ``traceback``, ``not a number``, ``read outside``.
    what : str
        Which: faults of one kind that say the same are one fault.
    details : str
        More, for whoever mends it.
    """

    kind: str
    what: str
    details: str = ""

    @property
    def signature(self) -> str:
        """What tells it from others."""
        return f"{self.kind}: {self.what}"


class _FaultError(BaseException):
    """Ends what is being tried; not caught by anything that catches exceptions."""

    def __init__(self, kind: str, what: str, details: str = "") -> None:
        self.fault = Fault(kind, what, details)
        super().__init__(what)


def prepared(folder: Path) -> None:
    """Make a folder ready for `judge`: a store to read, and files that must not be read."""
    for name in ("outside", "own"):
        (folder / name).mkdir()
    (folder / "outside" / "secret.csv").write_text("rho,returns\n-0.111,1.5\n-0.222,0.7\n", encoding="utf-8")
    secret = 'extends = "davidson-2025"\nparameters.rho = {value = -0.123, source = "secret"}\n'
    (folder / "outside" / "secret.toml").write_text(secret, encoding="utf-8")
    (folder / "study.toml").write_text(_STUDY, encoding="utf-8")
    run_study(folder / "study.toml", folder / "store", threads=1)
    sys.addaudithook(_watched)


def judge(given: Input, folder: Path) -> Fault | None:
    """What is wrong with what comes of an input; None if nothing is.

    Parameters
    ----------
    given : Input
        It is written into the folder ``input`` there.
    folder : Path
        As `prepared` left it.
    """
    place = folder / "input"
    shutil.rmtree(place, ignore_errors=True)
    place.mkdir()
    outside = str(folder / "outside")
    for name, content in given.files.items():
        (place / name).write_bytes(content.replace(OUTSIDE.encode(), outside.encode()))
    words = [word.replace(OUTSIDE, outside).replace(STORE, str(folder / "store")) for word in given.words]
    files = [str(place / name) for name in given.files]
    before = Path.cwd(), tempfile.tempdir
    os.chdir(place)
    tempfile.tempdir = str(folder / "own")
    ours = (str(folder / name) for name in ("input", "store", "own", "out", "err"))
    _Watch.allowed = [*_ALWAYS, *ours, *_named(words)]
    try:
        with _strict():
            _TRIALS[given.kind](files, words)
    except _FaultError as error:
        return error.fault
    except MemoryError as error:
        return Fault("memory", _where(error), traceback.format_exc())
    except Exception as error:
        return Fault("traceback", f"{type(error).__name__} {_where(error)}", traceback.format_exc())
    finally:
        _Watch.allowed = None
        os.chdir(before[0])
        tempfile.tempdir = before[1]
    return None


# -- what is tried ----------------------------------------------------------------------------------------------------


def _prior(files: list[str], words: list[str]) -> None:
    """``ooms priors check`` and, where it finds nothing, ``ooms forecast``, without a command line in between."""
    with _timed():
        try:
            view = load(files[0])
        except UserError as error:
            return _complete(error)
    with _timed():
        try:
            _sound(forecasting.forecast(view, draws=256, threads=1))
        except UserError as error:
            raise _FaultError("check and forecast differ", _where(error), str(error)) from None
    return None


def _options(files: list[str], words: list[str]) -> None:
    few = {} if words[0] == "batch" else {key: said for key, said in _FEW.items() if key not in words}
    _command([*words, *(word for pair in few.items() for word in pair), "--json"])


def _survey(files: list[str], words: list[str]) -> None:
    if _command(["surveys", "show", files[0]]) == 0:
        with _timed():
            for item in load_survey(files[0]).fitted_items:
                item.likelihood.data()


def _study(files: list[str], words: list[str]) -> None:
    with _timed():
        try:
            study = load_study(files[0])
        except UserError as error:
            return _complete(error)
        size = study.size
    if size > _LARGEST:
        return None
    with _timed(4 * LIMIT):
        plan = Plan(study)
        indices = [index for index, address in enumerate(plan.addresses) if address]
    with _timed():
        for index in indices[:1]:
            one = plan.resolved(index)
            came = attempt(Task(index, one.view, plan.question, 0, min(plan.question.draws, 256)))
            if isinstance(came, Failure):
                raise _FaultError("check and run differ", str(came)[:80], str(came))
            if came.summary is not None:
                _numbers("a cell", came.summary.probability.ravel().tolist(), 0, 1)
    return None


def _calibration(files: list[str], words: list[str]) -> None:
    from ooms.calibrating.calibration import open_calibration

    _prior(files, words)
    with _timed():
        try:
            open_calibration(files[0])
        except UserError as error:
            _complete(error)


_TRIALS: dict[str, Callable[[list[str], list[str]], None]] = {
    "prior": _prior, "options": _options, "study": _study, "survey": _survey, "calibration": _calibration,
}  # fmt: skip


def _command(words: list[str]) -> int:
    """Run a command; its exit code."""
    texts: list[str] = []
    with _said("out") as out, _said("err") as err:
        with redirect_stdout(out), redirect_stderr(err), _looked_at(), _timed():
            code = main(words)
        for file in (out, err):
            file.seek(0)
            texts.append(file.read())
    if code not in (0, 1, 2):
        raise _FaultError("exit code", f"{words[0]}: {code}", texts[1][:2000])
    if code == 2 and not texts[1].strip():
        raise _FaultError("exit code", f"{words[0]}: 2, and nothing is said")
    if "Traceback" in texts[1] or "Warning: " in texts[1]:
        raise _FaultError("standard error", texts[1].strip().splitlines()[-1][:120], texts[1][:2000])
    _printable("".join(texts))
    if code == 0 and "--json" in words:
        _json(texts[0])
    return code


def _said(name: str) -> Any:
    """A file for what a command says: a real one, as it may ask for its number."""
    return Path("..", name).open("w+", encoding="utf-8")


def _json(text: str) -> None:
    """What is printed for programs: JSON without words for numbers, and probabilities that are some."""

    def refuse(word: str) -> None:
        raise _FaultError("not a number", f"{word} in JSON")

    def walk(node: Any, key: str = "") -> None:
        if isinstance(node, dict):
            for name, item in node.items():
                walk(item, name)
        elif isinstance(node, list):
            for item in node:
                walk(item, key)
        elif isinstance(node, int | float) and key in ("probability", "never", "linear", "logarithmic"):
            _numbers(key, [node], 0, 1)

    try:
        walk(json.loads(text, parse_constant=refuse))
    except ValueError as error:
        raise _FaultError("not JSON", str(error), text[:500]) from None


@contextmanager
def _looked_at() -> Generator[None]:
    """Look at every forecast that is made in here."""
    plain = forecasting.forecast

    def looking(*given: Any, **named: Any) -> forecasting.Forecast:
        result = plain(*given, **named)
        _sound(result)
        return result

    forecasting.forecast = looking
    try:
        yield
    finally:
        forecasting.forecast = plain


def _sound(result: forecasting.Forecast) -> None:
    """A forecast's numbers are some."""
    for name, event in result.events.items():
        _numbers(name, [event.probability.value], 0, 1)
        _numbers(f"error of {name}", [event.probability.standard_error], 0, math.inf)
    for name, (_, sketch) in result.quantities.items():
        _numbers(f"never {name}", sketch.never, 0, 1)
        for quantile in sketch.quantiles(_LEVELS):
            _numbers(name, [quantile.value], -math.inf, math.inf)


def _numbers(name: str, numbers: Iterable[float], low: float, high: float) -> None:
    """Fault what is not within the bounds; NaN is within none."""
    for number in numbers:
        if not low <= number <= high:
            kind = "not a number" if math.isnan(number) else "beyond its bounds"
            raise _FaultError(kind, re.sub(r"[\d.]+(e\S+)?", "#", name), f"{name}: {number!r}")


def _complete(error: UserError) -> None:
    if not error.problems or not all(p.place and p.what and p.remedy for p in error.problems):
        raise _FaultError("incomplete problem", _where(error), str(error))
    _printable(str(error))


def _printable(text: str) -> None:
    """Nothing in it could pass for something that the program says."""
    if odd := re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f]", text):
        raise _FaultError("control characters", repr(odd[0]), text[max(0, odd.start() - 200) :][:400])


# -- the conditions ---------------------------------------------------------------------------------------------------


@contextmanager
def _strict() -> Generator[None]:
    """Warnings are exceptions, but for those about beliefs."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        warnings.simplefilter("ignore", BeliefWarning)
        warnings.simplefilter("ignore", ResourceWarning)
        yield


@contextmanager
def _timed(limit: float = LIMIT) -> Generator[None]:
    """A fault if it takes more processor time than that."""

    def late(number: int, frame: Any) -> None:
        stack = "".join(traceback.format_stack(frame))
        raise _FaultError("takes long", f"over {limit:g} s {_inmost(traceback.extract_stack(frame))}", stack[-3000:])

    old = signal.signal(signal.SIGPROF, late)
    signal.setitimer(signal.ITIMER_PROF, limit)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, old)


class _Watch:
    """Where may be read, while an input is judged."""

    allowed: list[str] | None = None


_ALWAYS = [
    str(priors_folder()), str(Path(forecasting.__file__).resolve().parent), sys.prefix, sys.base_prefix,
    str(Path(__file__).resolve().parents[1]), os.devnull, "/sys/", "/proc/self/", "/proc/stat", "/proc/cpuinfo",
    "/usr/share/zoneinfo", "/etc/localtime", *map(str, {Path(path).resolve() for path in sys.path if path}),
]  # fmt: skip
_OPENING = ("open", "os.listdir", "os.scandir")
_FORBIDDEN = ("socket.connect", "subprocess.Popen", "os.system", "os.exec", "os.posix_spawn", "urllib.Request")


def _watched(happening: str, given: tuple[Any, ...]) -> None:
    """Fault every file that is opened, to be read or written, outside the allowed folders; every socket and process."""
    if _Watch.allowed is None:
        return
    if happening in _FORBIDDEN:
        raise _FaultError("reaches out", happening, repr(given)[:300])
    if happening not in _OPENING or not isinstance(given[0], str | bytes):
        return
    path = os.path.realpath(os.fsdecode(given[0]))
    if not any(path == one or path.startswith(one if one.endswith("/") else one + "/") for one in _Watch.allowed):
        stack = traceback.extract_stack()
        raise _FaultError("read outside", _inmost(stack), f"{path}\n{''.join(traceback.format_list(stack))[-2500:]}")


def _named(words: list[str]) -> list[str]:
    """Places that the words of a command name: whoever types them wants them read."""
    return [os.path.realpath(os.path.expanduser(part)) for word in words for part in (word, word.partition("+")[0])
            if len(part) < 4096 and "\0" not in part]  # fmt: skip


def _where(error: BaseException) -> str:
    return _inmost(traceback.extract_tb(error.__traceback__))


def _inmost(stack: traceback.StackSummary) -> str:
    """The innermost place in ooms."""
    ours = [frame for frame in stack if "/ooms/" in frame.filename]
    if not ours:
        return "in no file of ooms"
    frame = ours[-1]
    return f"in {frame.filename.rpartition('/ooms/')[2]}: {frame.name}"
