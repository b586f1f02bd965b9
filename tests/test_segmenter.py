"""The own tokenizer: terms stay whole, words say no, nobody else's jieba is changed."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

import jieba
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from yibao.language.normalise import fold
from yibao.language.segmenter import Segmenter, default_segmenter


def dictionary_text() -> str:
    return files("yibao.language").joinpath("data", "dictionary.txt").read_text("utf-8")


TERMS = [line.strip() for line in dictionary_text().splitlines() if line.strip() and not line.startswith("#")]


@pytest.fixture(scope="module")
def extended() -> Segmenter:
    return Segmenter(dictionary_text() + "# 自己的词\n闽政通扫码购\n")


def test_the_dictionary_has_no_term_twice() -> None:
    assert len(TERMS) == len(set(TERMS)) > 100


@pytest.mark.parametrize("term", TERMS)
def test_a_listed_term_stays_whole(segmenter: Segmenter, term: str) -> None:
    assert segmenter.words(term) == [fold(term)]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("哪些情况不能报销", ["哪些", "情况", "不能", "报销"]),
        ("参保地封顶线是多少", ["参保地", "封顶线", "是", "多少"]),
        ("家庭共济没有绑定", ["家庭共济", "没有", "绑定"]),
        ("起付线以下不报销", ["起付线", "以下", "不", "报销"]),
        ("三级医院不予支付", ["三级医院", "不予", "支付"]),
        ("\uff21\uff30\uff30备案\uff16个月", ["app", "备案", "6", "个", "月"]),
        ("医保发\u30142024\u301536号", ["医保", "发", "\u3014", "2024", "\u3015", "36", "号"]),
        ("", []),
    ],
)
def test_words(segmenter: Segmenter, text: str, words: list[str]) -> None:
    assert segmenter.words(text) == words


@given(st.text() | st.text(alphabet="医保参保地不能报销没有3.5% \n\u3002\uff0cAPPab"))
@settings(deadline=None, max_examples=300)
def test_the_words_put_together_are_the_folded_text(text: str) -> None:
    assert "".join(default_segmenter().words(text)) == fold(text)


def test_the_global_jieba_does_not_know_our_words(segmenter: Segmenter) -> None:
    assert segmenter.words("参保地") == ["参保地"]
    assert "参保地" not in jieba.lcut("参保地的医保", HMM=False)
    assert not jieba.dt.FREQ.get("家庭共济")


def test_one_segmenter_does_not_change_another(segmenter: Segmenter, extended: Segmenter) -> None:
    assert extended.words("闽政通扫码购药") == ["闽政通扫码购", "药"]
    assert "闽政通扫码购" not in segmenter.words("闽政通扫码购药")


def test_an_extra_dictionary_adds_to_the_shipped_one(extended: Segmenter) -> None:
    assert extended.words("参保地") == ["参保地"]


def test_the_fingerprint_tells_dictionaries_apart(segmenter: Segmenter, extended: Segmenter) -> None:
    assert extended.fingerprint != segmenter.fingerprint
    assert len(segmenter.fingerprint) == 16


def test_the_fingerprint_does_not_depend_on_order_or_comments(segmenter: Segmenter) -> None:
    reordered = "\n".join(["# another comment", *reversed(TERMS), ""])
    assert Segmenter(reordered).fingerprint == segmenter.fingerprint


def test_the_default_segmenter_is_made_once() -> None:
    assert default_segmenter() is default_segmenter()


def test_the_cache_of_jieba_is_not_in_the_shared_temporary_folder(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr("yibao.language.segmenter.user_cache_path", lambda name: tmp_path / name)
    Segmenter("参保地")
    assert [path.name for path in (tmp_path / "yibao").iterdir()] == ["jieba.cache"]
