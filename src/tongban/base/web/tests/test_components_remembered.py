"""Drawings are remembered by everything that shapes them: values, their types, the language."""

import pytest
from django.template import Context, Template
from django.utils import translation
from django.utils.safestring import mark_safe

from tongban.base.templatetags.ui_content import level, state


def test_the_same_component_is_drawn_once_and_looks_the_same():
    assert state("run", "审核中") is state("run", "审核中")
    assert "审核中" in state("run", "审核中")


def test_text_is_not_taken_for_the_markup_that_reads_the_same():
    words = "<b>急</b>"
    marked, plain = state("run", mark_safe(words)), state("run", words)
    assert words in marked
    assert words not in plain


def test_each_language_has_its_own_drawing():
    with translation.override("zh-hans"):
        chinese = level("a")
    with translation.override("en"):
        english = level("a")
    assert chinese != english
    assert "可信等级" in chinese


def test_values_that_are_not_plain_are_drawn_each_time():
    class Word:
        text = "一"

        def __str__(self):
            return self.text

    word = Word()
    first = state("run", word)
    word.text = "二"
    assert "一" in first
    assert "二" in state("run", word)


def test_a_wrong_kind_is_refused_each_time():
    for _ in range(2):
        with pytest.raises(KeyError):
            state("nonsense", "x")


def test_templates_draw_the_same_as_python():
    drawn = Template('{% load ui %}{% state "run" word bare=True %}').render(Context({"word": "<i>"}))
    assert drawn == state("run", "<i>", bare=True)
