from typing import Any

import pytest

from photosite.localaws.faults import NO_FAULT, Script, ScriptError, parse_script

pytestmark = pytest.mark.pure


class Clock:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def scripted(*steps: dict[str, Any], clock: Clock | None = None) -> Script:
    script = Script(clock or Clock())
    script.replace(parse_script(list(steps)))
    return script


def codes(script: Script, calls: int, operation: str = "DetectLabels") -> list[str | None]:
    refusals = [script.next(operation).refusal for _ in range(calls)]
    return [refusal.code if refusal else None for refusal in refusals]


def test_without_a_script_all_is_well() -> None:
    assert Script().next("DetectLabels") is NO_FAULT
    assert parse_script({}) == parse_script([]) == parse_script(None) == []


def test_steps_follow_one_another_and_end() -> None:
    script = scripted({"status": 500, "times": 2}, {"code": "ThrottlingException", "times": 1})
    assert codes(script, 4) == ["InternalServerError", "InternalServerError", "ThrottlingException", None]


def test_a_step_without_times_lasts() -> None:
    assert codes(scripted({"code": "AccessDeniedException"}), 50) == ["AccessDeniedException"] * 50


def test_a_throttle_lets_so_many_a_second_pass() -> None:
    clock = Clock()
    script = scripted({"throttle_per_second": 3}, clock=clock)
    late = "ProvisionedThroughputExceededException"
    assert codes(script, 5) == [None, None, None, late, late]
    clock.now += 0.99
    assert codes(script, 1) == [late]
    clock.now += 0.01
    assert codes(script, 4) == [None, None, None, late]


def test_a_step_for_one_operation_leaves_the_others_alone() -> None:
    script = scripted(
        {"code": "AccessDeniedException", "operation": "DetectText", "times": 2},
        {"code": "ThrottlingException", "times": 1},
    )
    assert codes(script, 1, "DetectFaces") == ["ThrottlingException"]
    assert codes(script, 2, "DetectLabels") == [None, None]
    assert codes(script, 3, "DetectText") == ["AccessDeniedException"] * 2 + [None]
    assert script.left() == []


def test_each_operation_has_a_throttle_of_its_own() -> None:
    one = {"throttle_per_second": 1}
    script = scripted({**one, "operation": "DetectText"}, {**one, "operation": "DetectFaces"})
    late = "ProvisionedThroughputExceededException"
    for operation in ("DetectText", "DetectFaces"):
        assert codes(script, 2, operation) == [None, late]


def test_of_two_steps_alike_each_has_its_own_count() -> None:
    step = {"code": "ThrottlingException", "times": 1}
    assert codes(scripted(step, step), 3) == ["ThrottlingException"] * 2 + [None]


def test_calls_that_were_throttled_do_not_count() -> None:
    clock = Clock()
    script = scripted({"throttle_per_second": 1}, clock=clock)
    passed = 0
    for _ in range(100):
        passed += codes(script, 1) == [None]
        clock.now += 0.1
    assert passed == 10


def test_a_throttle_can_be_slower_than_one_a_second_or_total() -> None:
    clock = Clock()
    slow = scripted({"throttle_per_second": 0.5, "code": "ThrottlingException"}, clock=clock)
    assert codes(slow, 2) == [None, "ThrottlingException"]
    clock.now += 1.5
    assert codes(slow, 1) == ["ThrottlingException"]
    clock.now += 0.5
    assert codes(slow, 1) == [None]
    assert None not in codes(scripted({"throttle_per_second": 0}), 5)


@pytest.mark.parametrize(
    "step",
    [
        1,
        "x",
        {"sleep": 1},
        {"delay": -1},
        {"delay": "1"},
        {"status": 99},
        {"status": True},
        {"times": 1.5},
        {"garbage": 1},
        {"operation": "Dance"},
        {"operation": ["DetectText"]},
    ],
)
def test_a_script_that_makes_no_sense_is_refused(step: object) -> None:
    with pytest.raises(ScriptError):
        parse_script([step])
