"""Finding photos again: typing, completing, narrowing, being more or less sure, keeping a search."""

import re
from collections.abc import Callable
from urllib.parse import parse_qs, quote_plus, urlsplit

import pytest
from playwright.sync_api import Locator, expect

from tests.browser.test_axe import ALWAYS, barriers_of
from tests.browser.visitor import Person, Visitor

pytestmark = [pytest.mark.browser, pytest.mark.site]
Visit = Callable[..., Visitor]


@pytest.fixture
def owner(librarian: Person, visitor: Visitor) -> Visitor:
    """The library's owner, with and without scripts. What was kept or said is taken back in the tests."""
    visitor.come_in(librarian)
    return visitor


@pytest.fixture
def typist(librarian: Person, visit: Visit) -> Visitor:
    """The library's owner, with scripts."""
    visitor = visit()
    visitor.come_in(librarian)
    return visitor


def box(visitor: Visitor) -> Locator:
    return visitor.page.locator("search-box input[name=q]:visible")


def options(visitor: Visitor) -> Locator:
    return visitor.page.get_by_role("option")


def asked(visitor: Visitor) -> str:
    """The search in the address."""
    return parse_qs(urlsplit(visitor.page.url).query)["q"][0]


def is_asked(visitor: Visitor, query: str) -> None:
    expect(visitor.page).to_have_url(re.compile(rf"/search/\?q={re.escape(quote_plus(query))}$"))
    expect(visitor.page.locator("#q")).to_have_value(query)


def photos(visitor: Visitor) -> Locator:
    return visitor.page.locator("main .tile")


def test_i_search_narrow_the_result_and_take_a_part_away_again(owner: Visitor) -> None:
    owner.open("/search/")
    expect(box(owner)).to_be_focused()
    box(owner).fill("animal OR architecture")
    with owner.page.expect_navigation(wait_until="load"):
        box(owner).press("Enter")
    owner.look()
    all_of_them = photos(owner).count()
    expect(owner.page.get_by_role("status").filter(has_text=f"{all_of_them} photos")).to_be_visible()
    owner.follow(re.compile("^Cat "), owner.page.get_by_role("complementary"))
    is_asked(owner, "(animal OR architecture) Cat")
    assert 0 < photos(owner).count() < all_of_them
    owner.follow("Cat: take away")
    is_asked(owner, "animal OR architecture")
    expect(photos(owner)).to_have_count(all_of_them)


def test_i_ask_for_surer_labels(owner: Visitor) -> None:
    owner.open("/search/?q=animal")
    slider = owner.page.get_by_label("How sure")
    expect(slider).to_have_value("80")
    slider.fill("100")
    if not owner.scripts:
        owner.press("Show")
    is_asked(owner, "animal confidence:>=100")
    expect(owner.page.get_by_role("link", name="at least 100 % sure: take away")).to_be_visible()
    owner.page.reload(wait_until="load")
    owner.look()
    expect(owner.page.get_by_label("How sure")).to_have_value("100")
    owner.follow("at least 100 % sure: take away")
    is_asked(owner, "animal")


def test_i_keep_a_search_come_back_to_it_call_it_otherwise_and_forget_it(owner: Visitor) -> None:
    owner.open("/search/?q=cat+-dog")
    owner.page.get_by_text("Keep this search").click()
    owner.fill(name="Only <b>cats</b>")
    owner.press("Keep")
    is_asked(owner, "cat -dog")
    owner.sees("“Only <b>cats</b>” is kept.")
    owner.page.get_by_label("Your account").click()
    owner.follow("Kept searches")
    owner.page.get_by_label("Rename Only <b>cats</b>").click()
    owner.fill(name="Cats")
    owner.press("Rename", owner.page.get_by_role("main"))
    owner.follow("Cats")
    is_asked(owner, "cat -dog")
    owner.open("/searches/")
    owner.press("Forget Cats")
    owner.sees("“Cats” is forgotten.")
    owner.follow("Search for it again")
    is_asked(owner, "cat -dog")


def test_i_say_that_a_label_is_wrong_everywhere_and_undo_it(owner: Visitor) -> None:
    owner.open("/search/?q=cat")
    before = photos(owner).count()
    owner.page.get_by_text("All of these …").click()
    owner.follow("“cat” is wrong on all …")
    owner.press(f"Yes, all {before} are wrong" if before > 1 else "Yes, it is wrong")
    owner.sees("No photo found")
    owner.press("Undo")
    is_asked(owner, "cat")
    expect(photos(owner)).to_have_count(before)


def test_what_can_not_be_read_is_shown_with_its_place(owner: Visitor) -> None:
    owner.open("/search/?q=cat+(dog", status=422)
    expect(owner.page.locator("mark")).to_have_text("(")
    owner.sees("This bracket is not closed.")
    expect(box(owner)).to_have_value("cat (dog")


def test_words_are_completed_by_the_keyboard(typist: Visitor) -> None:
    typist.open("/")
    typist.page.keyboard.press("/")
    expect(box(typist)).to_be_focused()
    box(typist).press_sequentially("sofa OR ani")
    expect(options(typist).first).to_have_text(re.compile(r"^Animal\s*\d+ photos?$"))
    expect(box(typist)).to_have_attribute("aria-expanded", "true")
    box(typist).press("ArrowUp")
    box(typist).press("ArrowDown")
    box(typist).press("ArrowDown")
    chosen = typist.page.locator("[role=option][aria-selected=true]")
    expect(chosen).to_have_text(re.compile("^Animal"))
    expect(box(typist)).to_have_attribute("aria-activedescendant", chosen.get_attribute("id") or "")
    with typist.page.expect_navigation(wait_until="load"):
        box(typist).press("Enter")
    typist.look()
    is_asked(typist, "sofa OR Animal")
    assert photos(typist).count() > 0


def test_a_completion_can_be_touched_put_aside_and_gone_on_with(librarian: Person, visit: Visit) -> None:
    phone = visit(**ALWAYS[1].context)
    phone.come_in(librarian)
    phone.open("/search/")
    box(phone).press_sequentially("an")
    expect(options(phone).first).to_be_visible()
    box(phone).press("Escape")
    expect(options(phone)).to_have_count(0)
    expect(box(phone)).to_have_value("an")
    box(phone).fill("")
    box(phone).press_sequentially("is")
    options(phone).filter(has_text=re.compile("^is:$")).tap()
    expect(box(phone)).to_have_value("is:")
    expect(options(phone)).to_have_count(7)
    assert barriers_of(phone, ALWAYS[1]) == []
    with phone.page.expect_navigation(wait_until="load"):
        options(phone).filter(has_text="is:favourite").tap()
    is_asked(phone, "is:favourite")


def test_a_slash_that_is_typed_stays_a_slash(typist: Visitor) -> None:
    typist.open("/search/")
    box(typist).press_sequentially("text:a/b")
    expect(box(typist)).to_have_value("text:a/b")


def test_no_barrier_in_what_drops_down(librarian: Person, visit: Visit) -> None:
    phone = visit(**ALWAYS[1].context)
    phone.come_in(librarian)
    phone.open("/search/?q=animal+OR+architecture")
    for words in ("Narrow it down", "What can be searched for", "All of these …", "Keep this search"):
        phone.page.get_by_text(words).click()
        assert barriers_of(phone, ALWAYS[1]) == []
    phone.page.keyboard.press("Escape")
    expect(phone.page.get_by_label("Name")).to_be_hidden()
