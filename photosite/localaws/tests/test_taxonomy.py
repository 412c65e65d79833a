import pytest

from photosite.localaws.taxonomy import CATEGORIES, Taxonomy

pytestmark = pytest.mark.pure


def test_every_category_is_one_of_rekognitions(taxonomy: Taxonomy) -> None:
    assert len(CATEGORIES) == 40
    for word in taxonomy.words.values():
        assert word.categories, word
        assert set(word.categories) <= CATEGORIES


def test_every_parent_is_a_label_whose_parents_are_parents_too(taxonomy: Taxonomy) -> None:
    for word in taxonomy.words.values():
        for parent in word.parents:
            assert set(taxonomy.words[parent].parents) < set(word.parents) | {parent}


def test_no_label_is_its_own_ancestor(taxonomy: Taxonomy) -> None:
    assert not [word.name for word in taxonomy.words.values() if word.name in word.parents]


def test_an_alias_belongs_to_one_label_and_is_none_itself(taxonomy: Taxonomy) -> None:
    aliases = [alias for word in taxonomy.words.values() for alias in word.aliases]
    assert len(aliases) == len(set(aliases))
    assert not set(aliases) & set(taxonomy.words)


def test_all_eighty_kinds_of_object_have_a_name(taxonomy: Taxonomy) -> None:
    missing = {12, 26, 29, 30, 45, 66, 68, 69, 71, 83}
    assert set(taxonomy.detector) == set(range(1, 91)) - missing
    assert len(set(taxonomy.detector.values())) == 80
    assert set(taxonomy.detector.values()) <= set(taxonomy.words)


def test_all_thousand_classes_have_a_name_or_are_never_told(taxonomy: Taxonomy) -> None:
    assert len(taxonomy.classes) == 1000
    assert [name for name in taxonomy.classes if name is None] == [None] * 4
    assert {name for name in taxonomy.classes if name} <= set(taxonomy.words)


def test_groups_hold_exactly_the_classes_below_them(taxonomy: Taxonomy) -> None:
    for group, members in taxonomy.groups.items():
        named = [taxonomy.classes[index] for index in members]
        assert all(name is not None and group in taxonomy.words[name].parents for name in named)
    assert len(taxonomy.groups["Dog"]) == 118
    assert set(taxonomy.groups["Animal"]) > set(taxonomy.groups["Dog"])


def test_words_are_rekognitions(taxonomy: Taxonomy) -> None:
    assert taxonomy.words["Cat"].parents == ("Animal", "Mammal", "Pet")
    assert taxonomy.words["Dog"].parents == ("Animal", "Canine", "Mammal", "Pet")
    assert taxonomy.words["Car"].parents == ("Transportation", "Vehicle")
    assert "Automobile" in taxonomy.words["Car"].aliases
    assert taxonomy.words["Mobile Phone"].aliases == ("Cell Phone",)
    assert taxonomy.words["Person"].aliases == ("Human",)
    assert taxonomy.words["Person"].categories == ("Person Description",)
    assert taxonomy.words["Mobile Phone"].categories == ("Technology and Computing",)


def test_names_can_be_given_as_filters(taxonomy: Taxonomy) -> None:
    """GeneralLabelsFilterValue: at most 50 characters."""
    assert not [name for name in taxonomy.words if len(name) > 50]
