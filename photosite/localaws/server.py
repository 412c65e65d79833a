"""Rekognition's JSON 1.1 protocol as a WSGI application: who may call, what is asked, what is answered.

Served is what Recognition has. Every other operation of Rekognition is answered as AWS answers one that no policy
allows, so that a caller sees the error it would see there. `GET /healthz` answers 200 without a signature.
"""

import base64
import binascii
import hashlib
import json
import logging
import time
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Final
from wsgiref.types import StartResponse, WSGIEnvironment

from photosite.localaws.botomodel import rekognition_model
from photosite.localaws.control import start_control
from photosite.localaws.detect import parse_image
from photosite.localaws.exchange import Answer, error_answer, json_answer, read_request, send, send_half
from photosite.localaws.faults import NO_FAULT, Script, Turn
from photosite.localaws.ledger import Call, Ledger
from photosite.localaws.objects import Objects
from photosite.localaws.recognition import Recognition
from photosite.localaws.refusals import Refusal, internal_error
from photosite.localaws.settings import Settings
from photosite.localaws.shapes import parse_body
from photosite.localaws.sigv4 import Keys, Signed, verify

TARGET: Final = "RekognitionService."
CALLER: Final = "arn:aws:iam::000000000000:user/photosite-local"
HEALTHY_ANSWER: Final = Answer(200, b"ok\n", content_type="text/plain")

logger = logging.getLogger(__name__)


class RekognitionApp:
    """The application. `script` and `ledger` are None unless started for tests."""

    def __init__(
        self, recognition: Recognition, keys: Keys, script: Script | None = None, ledger: Ledger | None = None
    ) -> None:
        model = rekognition_model()
        self._operations = frozenset(model.operation_names)
        self._shapes = {name: model.shape_for(f"{name}Request") for name in recognition.operations}
        self._recognition = recognition
        self._keys = keys
        self._script = script
        self._ledger = ledger

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        if environ["REQUEST_METHOD"] == "GET" and environ.get("PATH_INFO") == "/healthz":
            return send(HEALTHY_ANSWER, start_response)
        turn = self._script.next(named(environ.get("HTTP_X_AMZ_TARGET", ""))) if self._script else NO_FAULT
        answer = self._recorded(environ, turn)
        if turn.step.truncated and turn.refusal is None:
            return send_half(answer, environ, start_response)
        return send(answer, start_response)

    def _recorded(self, environ: WSGIEnvironment, turn: Turn) -> Answer:
        """The answer, in the ledger before it leaves."""
        began = time.perf_counter()
        call = Call(fault=turn.step.name)
        answer = self._answer(environ, turn, call)
        call.status, call.code = answer.status, answer.code
        call.ms = round(1000 * (time.perf_counter() - began), 1)
        if self._ledger is not None:
            self._ledger.record(call)
        logger.info("%s %s %s in %.1f ms", call.operation, answer.status, answer.code or "ok", call.ms)
        return answer

    def _answer(self, environ: WSGIEnvironment, turn: Turn, call: Call) -> Answer:
        try:
            request = read_request(environ)
            call.operation = self._operation(request)
            return self._injected(request, turn, call) or self._served(request, call)
        except Refusal as error:
            return error_answer(error)
        except Exception:
            logger.exception("%s failed", call.operation)
            return error_answer(internal_error())

    def _injected(self, request: Signed, turn: Turn, call: Call) -> Answer | None:
        """What the fault script puts in the answer's place; None where the true one is wanted."""
        if turn is NO_FAULT:
            return None
        call.sha256 = image_digest(request.body)
        turn.wait()
        if turn.refusal is not None:
            raise turn.refusal
        raw = turn.step.raw
        return None if raw is None else Answer(turn.step.status or 200, raw, content_type="text/html")

    def _operation(self, request: Signed) -> str:
        """The operation's name; AWS knows no others, and says so before it looks at the signature."""
        name = named(request.headers.get("x-amz-target", ""))
        if request.method != "POST" or request.path != "/":
            raise Refusal("UnknownOperationException", "", 404)
        if name not in self._operations:
            raise Refusal("UnknownOperationException", "")
        return name

    def _served(self, request: Signed, call: Call) -> Answer:
        verify(request, self._keys, datetime.now(UTC))
        name = call.operation or ""
        operation = self._recognition.operations.get(name)
        if operation is None:
            raise not_allowed(name)
        members = parse_body(request.body, self._shapes[name])
        image, wish = parse_image(members), operation.parse(members)
        data = self._recognition.fetch(image)
        call.sha256 = hashlib.sha256(data).hexdigest()
        document = operation.answer(data, wish)
        call.model = operation.model
        return json_answer(document)


def named(target: str) -> str:
    """The operation that an X-Amz-Target names; "" if it is none of this service's."""
    return target.removeprefix(TARGET) if target.startswith(TARGET) else ""


def not_allowed(operation: str) -> Refusal:
    """What IAM answers where no policy allows the action."""
    return Refusal(
        "AccessDeniedException",
        f"User: {CALLER} is not authorized to perform: rekognition:{operation} because no identity-based "
        f"policy allows the rekognition:{operation} action",
    )


def image_digest(body: bytes) -> str | None:
    """SHA-256 of the picture in a request that is not going to be served; None if it has no Bytes."""
    try:
        data = base64.b64decode(json.loads(body)["Image"]["Bytes"])
    except (ValueError, LookupError, TypeError, binascii.Error):
        return None
    return hashlib.sha256(data).hexdigest()


def build(settings: Settings) -> RekognitionApp:
    """The application for these settings; listens on the control port if there is one."""
    recognition = Recognition(Objects(settings.s3_endpoint, settings.keys))
    script = Script() if settings.control_port else None
    ledger = Ledger(settings.ledger) if settings.ledger or settings.control_port else None
    if settings.control_port and script and ledger:
        start_control(settings.control_port, script, ledger)
    return RekognitionApp(recognition, settings.keys, script, ledger)
