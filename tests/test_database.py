from __future__ import annotations

import sqlite3
from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from yibao.errors import StorageError
from yibao.index.database import NATIONWIDE, ArticleFilter, Database, write_database
from yibao.records import Passage, Sentence

TEXT = "𠮷林市\uff1a备案😀有效期六个月。\n- 可在手机办理。"


@pytest.fixture
def articles(make_article):
    return [
        make_article(id="b/二", title="𠮷", text=TEXT, published="2025-04-01", region="吉林", insurance=("employee",)),
        make_article(id="a#1", text="另一篇。", person=("退休", "在职"), topics=("异地",), kind="excerpt"),
    ]


@pytest.fixture
def passages():
    return [
        Passage("b/二@1", "b/二", "𠮷", "一 > 二", TEXT[4:14], 4, 14, (Sentence(4, 14, None),)),
        Passage("a#1@1", "a#1", "标题", "", "另一篇。", 0, 4, ()),
        Passage("b/二@2", "b/二", "𠮷", "", TEXT[15:], 15, 24, (Sentence(17, 24, (0, 14)),)),
    ]


@pytest.fixture
def path(tmp_path, articles, passages):
    path = tmp_path / "索引 #1?100%" / "passages.db"
    path.parent.mkdir()
    write_database(path, articles, passages)
    return path


def test_articles_come_back_whole_and_by_id(path, articles):
    assert Database(path).articles() == sorted(articles, key=lambda article: article.id)


def test_passages_come_back_whole_and_by_row(path, passages):
    assert Database(path).all_passages() == passages


def test_rows_are_answered_in_the_order_asked(path, passages):
    assert Database(path).passages([2, 0]) == [passages[2], passages[0]]


def test_a_row_may_be_asked_twice(path, passages):
    assert Database(path).passages([1, 1]) == [passages[1], passages[1]]


def test_no_rows(path):
    assert Database(path).passages([]) == []


def test_one_article(path, articles):
    assert Database(path).article("b/二") == articles[0]


def test_one_passage_by_its_id(path, passages):
    for passage in passages:
        assert Database(path).passage(passage.id) == passage
    assert Database(path).passage("b/二") is None


def test_an_unknown_article_is_none(path):
    assert Database(path).article("b/二' OR 1=1 --") is None


def test_nothing_is_created_where_no_database_is(tmp_path):
    with pytest.raises(sqlite3.OperationalError):
        Database(tmp_path / "none.db")
    assert list(tmp_path.iterdir()) == []


def test_an_opened_database_is_read_only(path):
    database = Database(path)
    with pytest.raises(StorageError, match="只读") as raised:
        database._select("DELETE FROM passages", [])
    assert isinstance(raised.value.__cause__, sqlite3.OperationalError)


def test_a_file_that_is_damaged_while_it_is_open_is_one_line(path):
    path.write_bytes(path.read_bytes()[:4096] + b"\xff" * (path.stat().st_size - 4096))
    with pytest.raises(StorageError, match="已损坏") as raised:
        Database(path).articles()
    assert path.name in str(raised.value)


def test_an_article_id_is_written_once(tmp_path, articles):
    with pytest.raises(sqlite3.IntegrityError):
        write_database(tmp_path / "twice.db", [articles[0], articles[0]], [])


@pytest.mark.skipif("sys.platform == 'win32'", reason="Windows cannot delete an opened file")
def test_an_opened_database_outlives_its_file(path, passages):
    database = Database(path)
    path.unlink()
    assert database.all_passages() == passages


def test_many_threads_read_at_once(path, passages):
    database = Database(path)
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda n: database.passages([n % 3])[0], range(300)))
    assert found == [passages[n % 3] for n in range(300)]


def test_close_gives_the_file_back(path):
    database = Database(path)
    database.close()
    with pytest.raises(sqlite3.ProgrammingError):
        database.articles()


visible = st.text(st.characters(exclude_categories=["Cs", "Cc"]) | st.just("\n"), min_size=1, max_size=40)


@settings(max_examples=60, deadline=None)
@given(text=visible, cuts=st.lists(st.integers(0, 40), min_size=2, max_size=2))
def test_a_passage_is_the_slice_of_its_article(tmp_path_factory, make_article, text, cuts):
    start, end = sorted(min(cut, len(text)) for cut in cuts)
    path = tmp_path_factory.mktemp("slice") / "passages.db"
    article = make_article(text=text)
    write_database(path, [article], [Passage("one@1", "one", article.title, "", text[start:end], start, end, ())])
    database = Database(path)
    assert database.passages([0])[0].text == text[start:end]
    database.close()


def test_articles_are_listed_by_what_they_are_about(path, articles):
    database = Database(path)
    listed = database.list_articles(ArticleFilter())
    assert [(each.id, each.passages, each.characters) for each in listed] == [
        ("b/二", 2, len(articles[0].text)), ("a#1", 1, len(articles[1].text)),
    ]  # fmt: skip
    for wanted, ids in (
        (ArticleFilter(region="吉林"), ["b/二"]), (ArticleFilter(region="吉"), []),
        (ArticleFilter(region=NATIONWIDE), ["a#1"]), (ArticleFilter(insurance="employee"), ["b/二"]),
        (ArticleFilter(topic="异地"), ["a#1"]), (ArticleFilter(kind="excerpt"), ["a#1"]),
        (ArticleFilter(since="2025-04-01", until="2025-04-01"), ["b/二"]), (ArticleFilter(since="2025-04-02"), []),
    ):  # fmt: skip
        assert [each.id for each in database.list_articles(wanted)] == ids
    assert database.regions() == ["吉林"]
    assert database.topics() == [("异地", 1)]


def test_passages_are_found_by_article_and_by_id(path, passages):
    database = Database(path)
    assert database.passages_of("b/二") == [(0, passages[0]), (2, passages[2])]
    assert database.passages_of("none") == []
    assert sorted(database.passages_by_id(["a#1@1", "b/二@2", "none"])) == [(1, passages[1]), (2, passages[2])]


def test_articles_are_found_by_their_exact_title(path):
    assert [article.id for article in Database(path).articles_titled("𠮷")] == ["b/二"]
    assert Database(path).articles_titled("%") == []
