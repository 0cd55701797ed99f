"""Writes what the server tells as one JSON object a line."""

from __future__ import annotations

import json
import logging
import traceback
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final, TextIO

if TYPE_CHECKING:
    from checker.admission import Decision

NAME: Final = "checker.server"
_LONGEST: Final = 2000
"""How many characters of a value are written."""

_OWN: Final = frozenset(vars(logging.makeLogRecord({}))) | {"message", "taskName"}
_encode: Final = json.JSONEncoder(default=lambda value: type(value).__name__).encode
_logger: Final = logging.getLogger(NAME)


def configure(stream: TextIO) -> None:
    """Write everything that this program logs to a stream, and of libraries what is wrong."""
    handler = logging.StreamHandler(stream)
    handler.setFormatter(_Formatter())
    logging.root.handlers[:] = [handler]
    logging.root.setLevel(logging.WARNING)
    _logger.setLevel(logging.INFO)


def decided(decision: Decision, seconds: float) -> None:
    """Write which request was decided and how: never what its object holds."""
    denied = sorted({rule for rule, mode in decision.findings if mode == "deny"})
    fields: dict[str, Any] = {
        "uid": decision.uid,
        "operation": decision.operation,
        "group": decision.group,
        "version": decision.version,
        "kind": decision.kind,
        "subresource": decision.subresource,
        "namespace": decision.namespace,
        "object": decision.name,
        "dry_run": decision.dry_run,
        "profile": decision.profile,
        "outcome": decision.outcome,
        "allowed": decision.allowed,
        "failure": decision.failure,
        "reason": decision.reason,
        "denied_by": denied,
        "findings": len(decision.findings),
    }
    told = {name: value for name, value in fields.items() if value not in ("", None, [])}
    level = logging.WARNING if decision.failure else logging.INFO
    _logger.log(level, "decided", extra={**told, "seconds": round(seconds, 6)})


class _Formatter(logging.Formatter):
    """Renders records; the texts of libraries and of exceptions may quote a request, so they are left out."""

    def format(self, record: logging.LogRecord) -> str:
        time = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
        is_own = record.name == NAME
        fields: dict[str, Any] = {
            "time": time.replace("+00:00", "Z"),
            "level": record.levelname.lower(),
            "message": record.getMessage() if is_own else f"{record.name} tells of a fault",
        }
        if is_own:
            fields |= {name: _short(value) for name, value in vars(record).items() if name not in _OWN}
        if record.exc_info and record.exc_info[0] is not None:
            fields |= _exception(record.exc_info[0], record.exc_info[2])
        return _encode(fields)


def _short(value: Any) -> Any:
    if isinstance(value, list | tuple):
        return [_short(one) for one in value]
    return f"{value[:_LONGEST]}…" if isinstance(value, str) and len(value) > _LONGEST else value


def _exception(kind: type[BaseException], trace: Any) -> dict[str, str]:
    frames = traceback.extract_tb(trace)
    return {"exception": kind.__name__} | ({"at": f"{frames[-1].filename}:{frames[-1].lineno}"} if frames else {})
