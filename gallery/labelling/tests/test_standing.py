"""Which labels stand, held against the sentences of standing.py said once more, slowly."""

import dataclasses

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gallery.labelling.standing import MOST_IMPLIED, Claim, Key, standing

pytestmark = pytest.mark.pure
NAMES = ("Dog", "Cat", "Animal", "Pet", "Tree")
GROUPS = ("Pets", "Plants")

_some = st.lists(st.sampled_from(NAMES), max_size=3, unique=True).map(tuple)
_claim = st.builds(
    Claim,
    name=st.sampled_from(NAMES),
    kind=st.just("label"),
    confidence=st.none() | st.integers(0, 100).map(float),
    parents=_some,
    categories=st.lists(st.sampled_from(GROUPS), max_size=2, unique=True).map(tuple),
    boxed=st.booleans(),
    model_version=st.just("3.0"),
)
_claims = st.lists(_claim, max_size=6, unique_by=lambda claim: claim.name)
_keys = st.sampled_from([(name.casefold(), "label") for name in NAMES] + [("pets", "category")])
_verdicts = st.dictionaries(_keys, st.sampled_from(["confirmed", "rejected"]), max_size=4)


def above(claim: Claim) -> set[Key]:
    """What it is a kind of; nothing is a kind of itself."""
    found = {(name.casefold(), "label") for name in claim.parents}
    return (found | {(name.casefold(), "category") for name in claim.categories}) - {claim.key}


def naive(claims: list[Claim], verdicts: dict[Key, str]) -> dict[Key, float]:
    """Certainty by key."""
    told = {claim.key: claim for claim in claims}
    fallen = {key for key in told if verdicts.get(key) == "rejected"}
    for _ in told:  # no chain of parents is longer
        for key, claim in told.items():
            kinds = {other.key for other in claims if key in above(other)}
            has_lost_all = kinds and kinds <= fallen
            stands_alone = claim.boxed or claim.confidence is None or verdicts.get(key) == "confirmed"
            if has_lost_all and not stands_alone:
                fallen.add(key)
    found = {}
    for key, claim in told.items():
        sure = claim.confidence is None or verdicts.get(key) == "confirmed"
        sure |= any(
            key in above(other) and verdicts.get(other.key) == "confirmed"
            for other in claims
            if other.key not in fallen
        )
        found[key] = -1 if key in fallen else 101 if sure else claim.confidence or 0
    standing_ones = [claim for claim in claims if claim.key not in fallen]
    for key in {key for claim in standing_ones for key in above(claim)} - told.keys():
        if verdicts.get(key) != "rejected":
            found[key] = max(found[claim.key] for claim in standing_ones if key in above(claim))
    return found


@given(_claims, _verdicts)
def test_what_stands_is_what_the_sentences_say(claims: list[Claim], verdicts: dict[Key, str]) -> None:
    rejected = {key for key, state in verdicts.items() if state == "rejected"}
    claims = [claim for claim in claims if claim.confidence is not None or claim.key not in rejected]
    found = standing(claims, verdicts)
    assert {key: one.certainty for key, one in found.items()} == naive(claims, verdicts)


@given(_claims, _verdicts)
def test_a_rejected_label_never_stands_and_a_confirmed_one_always_does(
    claims: list[Claim], verdicts: dict[Key, str]
) -> None:
    found = standing(claims, verdicts)
    for key, state in verdicts.items():
        if key in found:
            assert found[key].certainty == -1 if state == "rejected" else found[key].certainty >= 0


@given(_claims, _verdicts)
def test_the_order_of_what_was_told_does_not_matter(claims: list[Claim], verdicts: dict[Key, str]) -> None:
    assert standing(claims, verdicts) == standing(claims[::-1], verdicts)


@given(_claims, _verdicts)
def test_working_it_out_again_from_what_was_written_changes_nothing(
    claims: list[Claim], verdicts: dict[Key, str]
) -> None:
    """As the rows are read back: what a machine told, and what its owner confirmed."""
    told = [claim for claim in claims if claim.confidence is not None]
    own = [
        dataclasses.replace(claim, confidence=None, boxed=False, model_version="")
        for claim in claims
        if claim.confidence is None and verdicts.get(claim.key) == "confirmed"
    ]
    first = standing([*told, *own], verdicts)
    machines = {key for key, one in first.items() if one.confidence is not None and not one.implied}
    assert machines == {claim.key for claim in told}
    again = [dataclasses.replace(claim, confidence=first[claim.key].confidence) for claim in told]
    assert standing([*again, *own], verdicts) == first


def dog(**changes: object) -> Claim:
    plain = Claim("Dog", "label", 90, ("Animal",), ("Pets",), model_version="3.0")
    return dataclasses.replace(plain, **changes)  # type: ignore[arg-type]  # whatever a test says


ANIMAL = Claim("Animal", "label", 95, model_version="3.0")
DOG_KEY, ANIMAL_KEY, PETS_KEY = ("dog", "label"), ("animal", "label"), ("pets", "category")


def test_parents_fall_with_their_last_child() -> None:
    found = standing([dog(), ANIMAL], {DOG_KEY: "rejected"})
    assert {key: one.certainty for key, one in found.items()} == {DOG_KEY: -1, ANIMAL_KEY: -1}


@pytest.mark.parametrize(
    "other",
    [
        [dataclasses.replace(ANIMAL, boxed=True)],
        [ANIMAL, Claim("Cat", "label", 60, ("Animal",))],
        [ANIMAL, Claim("Cat", "label", None, ("Animal",))],
    ],
    ids=["a box of its own", "another child", "another child of the owner's own"],
)
def test_a_parent_that_something_else_supports_stays(other: list[Claim]) -> None:
    assert standing([dog(), *other], {DOG_KEY: "rejected"})[ANIMAL_KEY].certainty >= 95


def test_what_follows_from_a_confirmed_label_is_as_sure() -> None:
    found = standing([dog(confidence=60), ANIMAL], {DOG_KEY: "confirmed"})
    assert {one.certainty for one in found.values()} == {101}
    assert found[PETS_KEY].confidence == 60, "what the machine said is still told"


def test_who_told_the_child_told_what_follows() -> None:
    found = standing([dog(), Claim("Cat", "label", 80, ("Pet",), ("Pets",), model_version="2.0")], {})
    assert (found[PETS_KEY].confidence, found[PETS_KEY].model_version) == (90, "3.0")
    assert found["pet", "label"].model_version == "2.0"


def test_what_its_owner_confirmed_of_what_followed_keeps_what_the_machine_said() -> None:
    own = Claim("Animal", "label", None)
    found = standing([dog(), own], {ANIMAL_KEY: "confirmed"})[ANIMAL_KEY]
    assert (found.certainty, found.confidence, found.implied, found.model_version) == (101, 90, True, "3.0")


def test_a_circle_of_parents_falls_together_and_ends() -> None:
    circle = [Claim(str(number), "label", 90, (str((number + 1) % 1000),)) for number in range(1000)]
    found = standing(circle, {("7", "label"): "rejected"})
    assert {one.certainty for one in found.values()} == {-1}


def test_an_answer_made_to_hurt_implies_no_more_than_a_photo_can_bear() -> None:
    claims = [
        Claim(f"a{one}", "label", 90, tuple(f"p{one} {two}" for two in range(50))) for one in range(200)
    ]
    assert len(standing(claims, {})) == len(claims) + MOST_IMPLIED
