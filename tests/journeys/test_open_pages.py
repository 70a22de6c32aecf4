"""Pages that anybody may open, and what is shown when something is not right."""

import pytest


def test_an_address_that_does_not_exist_says_so_kindly(window, screen):
    visitor = window(screen)
    visitor.go("/no-such-page/", status=404)
    visitor.sees("没有")


STATUSES = (400, 403, 404, 409, 413, 422, 429, 500, 503)


@pytest.mark.parametrize("path", ["", "desk/", *(f"message/{status}/" for status in STATUSES)])
def test_every_component_in_every_state_is_accessible(window, screen, path):
    window(screen).go(f"/gallery/{path}")


def test_logging_in(window, screen):
    window(screen, who="19900000001").go("/account/")
    window(screen, who="lukou.shijian").go("/account/")
