"""The visitors of these tests notice what goes wrong, or their silence would say nothing."""

from collections.abc import Callable

import pytest

from tests.browser.test_axe import ALWAYS, barriers_of
from tests.browser.visitor import PATIENCE_MS, Visitor

pytestmark = [pytest.mark.browser, pytest.mark.site]


@pytest.mark.parametrize(
    ("mischief", "noticed"),
    [
        (
            "document.head.append(Object.assign(document.createElement('style'), {textContent: 'p {}'}))",
            "style-src",
        ),
        ("document.body.setAttribute('style', 'color: red')", "style-src"),
        ("document.body.append(Object.assign(new Image(), {src: 'https://example.org/a.png'}))", "img-src"),
        ("document.body.append(Object.assign(new Image(), {src: '/nothing-here.png'}))", "404: "),
        ("setTimeout(() => { throw new Error('a mistake') })", "a mistake"),
    ],
)
def test_what_goes_wrong_on_a_page_is_noticed(
    visit: Callable[..., Visitor], mischief: str, noticed: str
) -> None:
    visitor = visit()
    visitor.open("/")
    visitor.page.evaluate(f"() => {{ {mischief} }}")
    seconds = PATIENCE_MS / 1000
    while not any(noticed in wrong for wrong in visitor.wrong):
        assert seconds > 0, visitor.wrong
        visitor.page.wait_for_timeout(100)  # lets what the browser tells arrive
        seconds -= 0.1
    visitor.wrong.clear()


def test_a_picture_without_its_size_is_noticed(visit: Callable[..., Visitor]) -> None:
    visitor = visit()
    visitor.open("/")
    visitor.page.evaluate("() => { document.querySelector('img').removeAttribute('width') }")
    with pytest.raises(AssertionError, match="without width and height"):
        visitor.look()


def test_what_moves_is_noticed(visit: Callable[..., Visitor]) -> None:
    visitor = visit()
    visitor.open("/")
    visitor.page.evaluate("() => { document.body.style.paddingTop = '200px' }")
    with pytest.raises(AssertionError, match="layout shifts"):
        visitor.look()


@pytest.mark.parametrize(
    ("mischief", "noticed"),
    [
        ("document.querySelector('main img').removeAttribute('alt')", "image-alt"),
        ("document.querySelector('main h1').style.color = '#bbb'", "color-contrast"),
        ("document.body.style.width = '3000px'", "px wider than the screen"),
    ],
)
def test_a_barrier_is_noticed(visit: Callable[..., Visitor], mischief: str, noticed: str) -> None:
    visitor = visit(**ALWAYS[0].context)
    visitor.open("/")
    visitor.page.evaluate(f"() => {{ {mischief} }}")
    assert any(noticed in barrier for barrier in barriers_of(visitor, ALWAYS[0]))
