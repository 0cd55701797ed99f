"""Turns the instructions of a Dockerfile into stages with the variables in force at each of them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from checker.syntax.dockerfile.commands import KEYWORDS, execution, is_posix
from checker.syntax.dockerfile.data import Writer
from checker.syntax.dockerfile.expansion import Missing
from checker.syntax.dockerfile.instructions import Dockerfile, Fault, Instruction
from checker.syntax.dockerfile.scope import Scope
from checker.syntax.dockerfile.words import Word, spaced_words
from checker.syntax.shell.data import commands_data

if TYPE_CHECKING:
    from checker.model import JSON, Path

_INDEX: Final = re.compile(r"[0-9]{1,9}")
_STAGE_NAME: Final = re.compile(r"[a-z][a-z0-9_.-]*")
_MAX_INHERITED: Final = 10_000_000
"""How many characters, roughly, stages and commands may take over from what stands above them."""
_COST: Final = 64
"""What to take over one instruction, stage or variable costs beside its text."""
_WINDOWS: Final = re.compile(r"windows|nanoserver", re.IGNORECASE)


class Stage:
    """Holds a stage while its instructions are read."""

    def __init__(self, index: int, data: dict[str, JSON], name: str, scope: Scope, *, is_foreign: bool) -> None:
        self.index = index
        self.data = data
        self.name = name
        self.scope = scope
        self.is_foreign = is_foreign
        """Whether the shell form runs in a shell that is not POSIX."""
        self.inherited = 0
        """How many instructions come from the stages that this one is built on."""


class Stages:
    """Collects stages; `foreign` is the first instruction that only a foreign shell understands."""

    def __init__(self, writer: Writer) -> None:
        self.writer = writer
        self.arguments: list[JSON] = []
        self.stages: list[Stage] = []
        self.foreign: Instruction | None = None
        self.outer = Scope(is_complete=True)
        self._named: dict[str, Stage] = {}
        """The stages in front of the last, by name; of two with one name the later counts."""
        self._left = _MAX_INHERITED

    def add(self, instruction: Instruction) -> None:
        """Take the next instruction."""
        if instruction.keyword == "FROM":
            self._begin(instruction)
        elif self.stages:
            stage = self.stages[-1]
            instructions = stage.data["instructions"]
            path: Path = ("stages", stage.index, "instructions", len(instructions))
            instructions.append(self._instruction(instruction, path, stage))
        elif instruction.keyword == "ARG" and not instruction.is_onbuild:
            path = ("arguments", len(self.arguments))
            data = self.writer.instruction(instruction, path, self.outer)
            self.arguments.append(data)
            _declare(data, self.outer, None)
        else:
            place = instruction.place
            reason = f"{instruction.keyword} stands before the first FROM"
            self.writer.faults.append(Fault(reason, place.start, place.end))

    def _begin(self, instruction: Instruction) -> None:
        index = len(self.stages)
        if self.stages and self.stages[-1].name:
            self._named[self.stages[-1].name] = self.stages[-1]
        path: Path = ("stages", index)
        writer = self.writer
        head = writer.instruction(instruction, (*path, "from"), self.outer)
        writer.spans.put(path, instruction.place)
        if index == 0:
            writer.spans.put((), instruction.place)
        words = spaced_words(instruction.arguments)
        image = words[0] if words else Word("", instruction.place.end, instruction.place.end)
        value = writer.value(image, self.outer)
        parent = self._named.get(value.lower()) if value else None
        if parent is not None and not self._takes_over(parent, image):
            value = parent = None
        origin: dict[str, JSON] = {"image": writer.word(image, (*path, "from", "image"), value or None)}
        for position, flag in enumerate(head.get("flags", ())):
            if flag["name"] == "platform" and "text" in flag:
                origin["platform"] = {key: flag[key] for key in ("text", "value") if key in flag}
                writer.spans.put((*path, "from", "platform"), _flag_value(instruction, position))
        name = self._name(words, path, origin)
        if parent is not None:
            origin["stage"] = parent.index
        ancestry = [index, *(parent.data["ancestry"] if parent else ())]
        data = {"index": index, "from": origin, "ancestry": ancestry, "instructions": []}
        scope = Scope(parent.scope) if parent else Scope(is_complete=value == "scratch")
        is_foreign = parent.is_foreign if parent else _is_windows(origin)
        self.stages.append(Stage(index, data, name, scope, is_foreign=is_foreign))
        if parent is not None:
            self.stages[-1].inherited = parent.inherited + len(parent.data["instructions"])

    def _name(self, words: list[Word], path: Path, origin: dict[str, JSON]) -> str:
        if len(words) < 3 or words[1].text.upper() != "AS":  # noqa: PLR2004 - FROM a AS b
            return ""
        name = words[2].text.lower()
        self.writer.spans.put((*path, "from", "name"), words[2])
        if not _STAGE_NAME.fullmatch(name):
            reason = "the name of the stage is not a letter followed by letters, digits, `-`, `_` and `.`"
            self.writer.faults.append(Fault(reason, words[2].start, words[2].end))
        origin["name"] = name
        return name

    def _takes_over(self, parent: Stage, image: Word) -> bool:
        """Tell whether there is room for what a stage takes over from another; where it ends is a fault."""
        data = parent.data
        taken = len(data["ancestry"]) + parent.inherited + len(data["instructions"]) + parent.scope.size
        return self._spend(_COST * taken, "takes over too much from other stages", image)

    def _spend(self, cost: int, reason: str, place: Word) -> bool:
        if 0 <= self._left < cost:
            self.writer.faults.append(Fault(reason, place.start, place.end))
            self._left = -1
        self._left -= cost if self._left >= 0 else 0
        return self._left >= 0

    def _instruction(self, instruction: Instruction, path: Path, stage: Stage) -> JSON:
        data = self.writer.instruction(instruction, path, stage.scope)
        keyword = instruction.keyword
        if keyword in KEYWORDS:
            self._execution(instruction, data, path, stage)
        if instruction.is_onbuild:
            return data
        if keyword == "ARG":
            _declare(data, stage.scope, self.outer)
        elif keyword == "ENV":
            stage.scope.environment |= {item["name"]: item.get("value") for item in data["assignments"]}
        elif keyword == "SHELL" and "arguments" in data:
            stage.is_foreign = not is_posix([word["value"] for word in data["arguments"]])
        elif keyword == "COPY":
            source = self._copied_stage(data)
            if source is not None:
                data["from_stage"] = source
        return data

    def _copied_stage(self, data: dict[str, JSON]) -> int | None:
        value = next((flag.get("value") for flag in data.get("flags", ()) if flag["name"] == "from"), None)
        named = self._named.get((value or "").lower())
        if named is None and value is not None and _INDEX.fullmatch(value) and int(value) < len(self.stages) - 1:
            return int(value)
        return None if named is None else named.index

    def _execution(self, instruction: Instruction, data: dict[str, JSON], path: Path, stage: Stage) -> None:
        variables = self._variables(instruction, stage)
        found = execution(instruction, variables, is_foreign=stage.is_foreign)
        data["form"] = found.form
        if found.form == "exec":
            data["arguments"] = self.writer.decoded(instruction.words or (), (*path, "arguments"))
        elif found.form == "shell":
            data["shell"] = "foreign" if found.is_foreign else "posix"
        if found.is_foreign:
            self.foreign = self.foreign or instruction
        elif found.form != "none":
            data["commands"] = commands_data(found.script.commands, (*path, "commands"), self.writer.spans)
        if instruction.keyword != "HEALTHCHECK":
            data["environment"] = variables
        self.writer.faults += [Fault(fault.reason, fault.start, fault.end) for fault in found.script.faults]

    def _variables(self, instruction: Instruction, stage: Stage) -> dict[str, str | None]:
        """Return the variables of a command, none where all commands together have had too many."""
        if self._left < 0:
            return {}
        found = stage.scope.variables(at_build=instruction.keyword == "RUN")
        cost = sum(_COST + len(name) + len(value or "") for name, value in found.items())
        reason = "takes over too many variables from the instructions above"
        return found if self._spend(cost, reason, instruction.place) else {}


def _declare(data: JSON, scope: Scope, outer: Scope | None) -> None:
    for item in data["assignments"]:
        value = item.get("value") if "text" in item else Missing.OPTIONAL
        scope.declare(item["name"], value, outer)


def _flag_value(instruction: Instruction, position: int) -> Word:
    flag = instruction.flags[position]
    return flag.value or flag.name


def _is_windows(origin: dict[str, JSON]) -> bool:
    """Tell whether an image is one of Windows, whose shell form runs in cmd.exe until SHELL says otherwise."""
    words = [origin["image"], origin.get("platform", {})]
    return any(_WINDOWS.search(word.get("value", word.get("text", ""))) for word in words)


def collect(dockerfile: Dockerfile) -> Stages:
    """Read the stages of a Dockerfile."""
    stages = Stages(Writer(dockerfile.escape))
    for instruction in dockerfile.instructions:
        stages.add(instruction)
    return stages
