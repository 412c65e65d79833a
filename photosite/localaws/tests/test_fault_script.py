"""The fault script of a real recogniser, through its control port."""

import json
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from botocore import xform_name
from botocore.exceptions import ClientError, ReadTimeoutError

from photosite.localaws.tests.process import RunningRecogniser, wait_until

pytestmark = pytest.mark.pure


def outcome(client: Any, data: bytes, operation: str = "detect_labels") -> tuple[int, str | None]:
    """Status and error code of a call."""
    try:
        answer = getattr(client, operation)(Image={"Bytes": data})
    except ClientError as error:
        return error.response["ResponseMetadata"]["HTTPStatusCode"], error.response["Error"]["Code"]
    return answer["ResponseMetadata"]["HTTPStatusCode"], None


def test_errors_come_as_scripted_and_then_all_is_well(
    recogniser: RunningRecogniser, client: Any, cat: bytes
) -> None:
    recogniser.script({"status": 500, "code": "InternalServerError", "times": 2}, {"status": 503, "times": 1})
    told = [outcome(client, cat) for _ in range(4)]
    assert told == [(500, "InternalServerError")] * 2 + [(503, "ServiceUnavailable"), (200, None)]
    entries = recogniser.ledger()
    assert [entry["status"] for entry in entries] == [500, 500, 503, 200]
    assert len({entry["sha256"] for entry in entries}) == 1
    assert [entry["fault"] for entry in entries] == ["status+code", "status+code", "status", None]


@pytest.mark.parametrize("code", ["AccessDeniedException", "ExpiredTokenException", "ThrottlingException"])
def test_any_code_can_be_had_until_it_is_healed(
    recogniser: RunningRecogniser, client: Any, cat: bytes, code: str
) -> None:
    recogniser.script({"code": code})
    assert [outcome(client, cat) for _ in range(2)] == [(400, code)] * 2
    recogniser.control("DELETE", "/script")
    assert outcome(client, cat) == (200, None)


def test_a_throttle_counts_what_passes(recogniser: RunningRecogniser, client: Any, cat: bytes) -> None:
    """No clock here: of calls made at once at most N pass in a window, and none of the others is looked at."""
    recogniser.script({"throttle_per_second": 0.001})
    with ThreadPoolExecutor(8) as pool:
        told = sorted(pool.map(lambda _: outcome(client, cat), range(8)), key=str)
    assert told == sorted([(200, None)] + [(400, "ProvisionedThroughputExceededException")] * 7, key=str)
    assert sum(entry["model"] is not None for entry in recogniser.ledger()) == 1


def test_garbage_parses_to_no_labels_at_all(recogniser: RunningRecogniser, client: Any, cat: bytes) -> None:
    recogniser.script({"garbage": True})
    assert "Labels" not in client.detect_labels(Image={"Bytes": cat})
    assert recogniser.ledger()[0]["status"] == 200


def test_a_body_can_be_given_word_for_word(recogniser: RunningRecogniser, client: Any, cat: bytes) -> None:
    recogniser.script({"body": '{"Labels": null}'}, {"body": "oops", "status": 502})
    assert "Labels" not in client.detect_labels(Image={"Bytes": cat})
    recogniser.script({"body": "oops", "status": 502})
    assert outcome(client, cat)[0] == 502


@pytest.mark.parametrize(
    ("operation", "answer"),
    [
        ("RecognizeCelebrities", {"CelebrityFaces": [{"Name": "Ada", "MatchConfidence": 97.5}]}),
        ("DetectModerationLabels", {"ModerationLabels": [{"Name": "Weapons", "Confidence": 91.0}]}),
    ],
)
def test_an_operation_that_is_not_served_can_be_given_an_answer(
    recogniser: RunningRecogniser, client: Any, cat: bytes, operation: str, answer: dict[str, Any]
) -> None:
    recogniser.script({"operation": operation, "body": json.dumps(answer)})
    name = xform_name(operation)
    assert outcome(client, cat) == (200, None)
    told = getattr(client, name)(Image={"Bytes": cat})
    assert answer.items() <= told.items()
    recogniser.script()
    assert outcome(client, cat, name) == (400, "AccessDeniedException")
    entries = [(entry["operation"], entry["status"], entry["fault"]) for entry in recogniser.ledger()]
    assert entries == [("DetectLabels", 200, None), (operation, 200, "body"), (operation, 400, None)]


def test_one_operation_fails_while_the_others_go_on(
    recogniser: RunningRecogniser, client: Any, cat: bytes
) -> None:
    recogniser.script({"operation": "DetectFaces", "code": "ThrottlingException"})
    assert outcome(client, cat, "detect_faces") == (400, "ThrottlingException")
    assert outcome(client, cat) == (200, None)
    (step,) = recogniser.control("GET", "/script")["left"]
    assert step["operation"] == "DetectFaces"


def test_a_truncated_answer_breaks_off(recogniser: RunningRecogniser, client: Any, cat: bytes) -> None:
    """boto3 takes half an answer for an empty one, without a word: no Labels is not "no labels"."""
    recogniser.script({"truncated": True, "times": 1})
    answer = client.detect_labels(Image={"Bytes": cat})
    assert "Labels" not in answer
    assert int(answer["ResponseMetadata"]["HTTPHeaders"]["content-length"]) > 500
    assert outcome(client, cat) == (200, None)
    assert [entry["fault"] for entry in recogniser.ledger()] == ["truncated", None]


def test_a_delay_outlasts_the_callers_patience(recogniser: RunningRecogniser, cat: bytes) -> None:
    recogniser.script({"delay": 60, "times": 1})
    with pytest.raises(ReadTimeoutError):
        recogniser.client(read_timeout=0.2).detect_labels(Image={"Bytes": cat})
    recogniser.script()
    wait_until(lambda: [entry["fault"] for entry in recogniser.ledger()] == ["delay"])


def test_while_many_wait_others_are_served(recogniser: RunningRecogniser, cat: bytes) -> None:
    recogniser.script({"delay": 60, "times": 20})
    patient = recogniser.client(max_pool_connections=20)
    with ThreadPoolExecutor(20) as pool:
        waiting = [pool.submit(outcome, patient, cat) for _ in range(20)]
        wait_until(lambda: not recogniser.control("GET", "/script")["left"])
        assert recogniser.get("/healthz")[0] == 200
        assert outcome(recogniser.client(), cat) == (200, None)
        assert not any(one.done() for one in waiting)
        recogniser.script()
        assert {one.result() for one in waiting} == {(200, None)}


def test_a_script_that_makes_no_sense_is_refused(recogniser: RunningRecogniser) -> None:
    answer = recogniser.control("PUT", "/script", {"explode": True})
    assert answer["status"] == 400
    assert "unknown member 'explode'" in answer["error"]
    assert "no operation 'Dance'" in recogniser.control("PUT", "/script", {"operation": "Dance"})["error"]
    assert recogniser.control("GET", "/other")["status"] == 404
