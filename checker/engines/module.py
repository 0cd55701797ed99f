"""Hosts a module that OPA compiled to WebAssembly (its ABI 1.3, https://www.openpolicyagent.org/docs/wasm)."""

from __future__ import annotations

import ctypes
import math
from threading import Event, Thread
from typing import TYPE_CHECKING, Any, Final, cast

from checker.engines.answers import AnswerError

if TYPE_CHECKING:
    import wasmtime

PAGE: Final = 65_536
_STACK_PAGES: Final = 4
"""What lies in front of a module's data: the stack of the linker's default size is one page."""

TICK: Final = 0.1
"""Seconds between two looks at the clock, and so how much later than asked an evaluation may be stopped."""


class Host:
    """Compiles, or takes compiled, one module, makes instances of it, and stops those that run for too long."""

    def __init__(self, module: bytes, compiled: bytes | None, memory: int) -> None:
        import wasmtime

        config = wasmtime.Config()
        config.epoch_interruption = True
        self._engine = wasmtime.Engine(config)
        self._module = (
            wasmtime.Module(self._engine, module)
            if compiled is None
            else wasmtime.Module.deserialize(self._engine, compiled)
        )
        self._pages = memory // PAGE
        # The module says how much memory it needs to start, and forgets to count its own data, which lies in its bytes.
        self._least = math.ceil(len(module) / PAGE) + _STACK_PAGES
        self._closed = Event()
        self._clock: Thread | None = None

    def serialize(self) -> bytes:
        """Return the compiled module as native code."""
        return bytes(self._module.serialize())

    def instantiate(self) -> Instance:
        """Return a new instance, which one thread at a time may use."""
        if self._clock is None:
            self._clock = Thread(target=self._tick, name="evaluation clock", daemon=True)
            self._clock.start()
        return Instance(self._engine, self._module, self._least, self._pages)

    def close(self) -> None:
        """Stop the clock and give the native code back; instances must not be used afterwards."""
        self._closed.set()
        if self._clock is not None:
            self._clock.join()
        self._module.close()
        self._engine.close()

    def _tick(self) -> None:
        while not self._closed.wait(TICK):
            self._engine.increment_epoch()


class Instance:
    """Runs one module in its own memory, which each evaluation finds as the first one found it."""

    def __init__(self, engine: wasmtime.Engine, module: wasmtime.Module, least: int, pages: int) -> None:
        from wasmtime import Instance as WasmInstance
        from wasmtime import Limits, Memory, MemoryType, Store

        self._store = Store(engine)
        self._store.set_epoch_deadline(math.ceil(60 / TICK))
        self._abort = ""
        stated = next(item.type.limits.min for item in module.imports if isinstance(item.type, MemoryType))
        least = max(stated, least)
        self._memory = Memory(self._store, MemoryType(Limits(least, max(least, pages))))
        imports = [self._import(item) for item in module.imports]
        self._exports = cast("Any", WasmInstance(self._store, module, imports).exports(self._store))
        self.entrypoints: dict[str, int] = self._json(self._exports["entrypoints"](self._store))
        self.builtins: dict[str, int] = self._json(self._exports["builtins"](self._store))
        self._data = self._load(b"{}")
        self._heap: int = self._exports["opa_heap_ptr_get"](self._store)

    @property
    def size(self) -> int:
        """Return the bytes of memory that the instance holds."""
        return int(self._memory.data_len(self._store))

    def evaluate(self, entrypoint: str, request: bytes, seconds: float) -> bytes:
        """Return what an entry point answers to JSON: `[{"result": …}]`, or `[]` where that is undefined.

        Raises `AnswerError`; the instance must then not be used again.
        """
        from wasmtime import Trap, WasmtimeError

        self._store.set_epoch_deadline(math.ceil(seconds / TICK) + 1)
        try:
            self._reserve(self._heap + len(request))
            self._write(self._heap, request)
            address = self._exports["opa_eval"](
                self._store,
                0,
                self.entrypoints[entrypoint],
                self._data,
                self._heap,
                len(request),
                self._heap + len(request),
                0,
            )
        except Trap as trap:
            raise AnswerError(self._explain(trap), out_of_time=_is_interrupt(trap)) from None
        except WasmtimeError:
            raise AnswerError(self._exhausted()) from None
        return self._string(address)

    def close(self) -> None:
        """Release the memory."""
        self._exports = None
        self._store.close()

    def _import(self, item: wasmtime.ImportType) -> Any:
        from wasmtime import Func, FuncType

        if item.name == "memory":
            return self._memory
        if not isinstance(item.type, FuncType):
            message = f"the module asks for {item.name}"
            raise AnswerError(message)
        answers = bool(item.type.results)
        if item.name == "opa_abort":
            return Func(self._store, item.type, self._note)
        return Func(self._store, item.type, lambda *_: 0 if answers else None)

    def _note(self, address: int) -> None:
        """Keep what the module says before it traps."""
        self._abort = self._string(address).decode("utf-8", "replace")

    def _explain(self, trap: wasmtime.Trap) -> str:
        from wasmtime import TrapCode

        code = trap.trap_code
        if _is_interrupt(trap):
            return "takes more time than it may"
        if code == TrapCode.STACK_OVERFLOW:
            return "is nested too deeply"
        if "malloc" in self._abort or code == TrapCode.MEMORY_OUT_OF_BOUNDS:
            return self._exhausted()
        return f"stops: {self._abort}" if self._abort else "stops without an answer"

    def _exhausted(self) -> str:
        limit = self._memory.type(self._store).limits.max or 0
        return f"needs more than {limit * PAGE // 2**20} MiB of memory"

    def _reserve(self, end: int) -> None:
        missing = end - self.size
        if missing > 0:
            self._memory.grow(self._store, math.ceil(missing / PAGE))

    def _write(self, address: int, content: bytes) -> None:
        ctypes.memmove(self._base() + address, content, len(content))

    def _string(self, address: int) -> bytes:
        """Return the bytes up to the next NUL, which is there: the module wrote it."""
        return ctypes.string_at(self._base() + address)

    def _base(self) -> int:
        return ctypes.addressof(self._memory.data_ptr(self._store).contents)

    def _load(self, content: bytes) -> int:
        address = self._exports["opa_malloc"](self._store, len(content))
        self._write(address, content)
        return int(self._exports["opa_json_parse"](self._store, address, len(content)))

    def _json(self, value: int) -> Any:
        import json

        return json.loads(self._string(self._exports["opa_json_dump"](self._store, value)))


def _is_interrupt(trap: wasmtime.Trap) -> bool:
    from wasmtime import TrapCode

    return trap.trap_code == TrapCode.INTERRUPT
