from __future__ import annotations

import sys
from pathlib import Path

import pytest
from jinja2 import TemplateNotFound, TemplateSyntaxError, UndefinedError
from markupsafe import Markup

from html_reader import EVIL
from yibao.templating import Templates

LAID_OUT = """
{# A comment. #}
{% macro item(name, style) %}
<li class="a"
  {% if style %}style="{{ style }}"{% endif %}
  id="b"
>
  {{ name }}
</li>
{% endmacro %}

{% macro listed(names) %}
<ul>
{% for name in names %}
  {{ item(name, "") }}
{% endfor %}
</ul>
<p>One
  sentence.</p>
{% endmacro %}
"""


@pytest.fixture
def templates(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Templates:
    folder = tmp_path / "templates_of_a_test" / "html"
    folder.mkdir(parents=True)
    (folder.parent / "__init__.py").write_text("")
    (folder / "page.html").write_text(LAID_OUT, encoding="utf-8")
    (folder / "broken.html").write_text("\n\n{% macro %}", encoding="utf-8")
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.delitem(sys.modules, "templates_of_a_test", raising=False)
    return Templates("templates_of_a_test", "html", shown=str.upper)


def test_the_layout_of_a_template_leaves_one_line(templates: Templates) -> None:
    html = templates.render("page", "listed", names=["x", "y"])
    assert html == '<ul><li class="a"  id="b" >x</li><li class="a"  id="b" >y</li></ul><p>One sentence.</p>'


def test_line_ends_of_a_value_stay(templates: Templates) -> None:
    assert (
        templates.render("page", "item", name="a\n  b", style="c\n") == '<li class="a" style="c\n" id="b" >a\n  b</li>'
    )


def test_what_is_put_in_is_text_unless_a_template_made_it(templates: Templates) -> None:
    assert "<script" not in templates.render("page", "item", name=EVIL, style=EVIL)
    assert "{{ 7 * 7 }}" in templates.render("page", "item", name="{{ 7 * 7 }}", style="")
    assert "<b>x</b>" in templates.render("page", "item", name=Markup("<b>x</b>"), style="")


def test_half_a_surrogate_pair_becomes_a_question_mark(templates: Templates) -> None:
    html = templates.render("page", "item", name="a\ud800b\U0001f600", style="")
    assert html.encode("utf-8").decode("utf-8") == '<li class="a"  id="b" >a?b\U0001f600</li>'


@pytest.mark.parametrize("values", [{}, {"name": "x"}])
def test_a_value_that_is_missing_is_an_error(templates: Templates, values: dict[str, str]) -> None:
    with pytest.raises(UndefinedError, match="parameter"):
        templates.render("page", "item", **values)


def test_an_error_names_the_line(templates: Templates) -> None:
    with pytest.raises(TemplateSyntaxError) as raised:
        templates.render("broken", "x")
    assert (raised.value.lineno, raised.value.name) == (3, "broken.html")
    with pytest.raises(TemplateNotFound):
        templates.render("nothing", "x")
