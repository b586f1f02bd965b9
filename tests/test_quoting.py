from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import pairwise
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from yibao.answer.quoting import MAX_SENTENCES, SentenceCandidate, choose, ordered_sentences, quote, retrieval_scores
from yibao.corpus.chunking import ChunkingConfig, chunk
from yibao.language.segmenter import Segmenter, default_segmenter
from yibao.records import Article, Citation, Hit
from yibao.wording import DISCLAIMER


def score_sentences(question, hits, cosines, covered, text_of):
    return ordered_sentences(question, hits, retrieval_scores(question, hits, cosines, covered, text_of), text_of)


MakeArticle = Callable[..., Article]
LIST = "报销比例如下\uff1a\n\n- 一级医院报80%。\n- 二级医院报70%。\n- 三级医院报60%。\n\n另有大病保险。"


def hits_of(articles: Sequence[Article], segmenter: Segmenter, scores: Sequence[float] = ()) -> list[Hit]:
    passages = [passage for article in articles for passage in chunk(article, segmenter, ChunkingConfig())]
    scores = scores or [0.9] * len(passages)
    return [Hit(passage, score, n, {}) for n, (passage, score) in enumerate(zip(passages, scores, strict=True), 1)]


def chosen_texts(
    question: str, article: Article, segmenter: Segmenter, cosines: list[float], hit_score: float = 0.9
) -> list[str]:
    hits = hits_of([article], segmenter, [hit_score])
    candidates = choose(
        score_sentences(question, hits, [cosines], lambda _: 0.5, lambda _: article.text), lambda _: article.text
    )
    return [article.text[c.piece.start : c.piece.end] for c in candidates]


def quotes(article: Article, segmenter: Segmenter, places: Sequence[int]) -> list[Citation]:
    """Quote the sentences at ``places`` of an article of one passage, in that order."""
    (hit,) = hits_of([article], segmenter)
    return quote([SentenceCandidate(hit, hit.passage.sentences[n], 0.9) for n in places], lambda _: article)


def test_the_closest_sentence_is_chosen(make_article: MakeArticle, segmenter: Segmenter) -> None:
    article = make_article(text="今天开会。备案可以在手机上办。明天放假。")
    assert chosen_texts("备案怎么办", article, segmenter, [0.78, 0.93, 0.78]) == ["备案可以在手机上办。"]


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("一年缴多少钱", "标准是400元。"),
        ("报销比例是多少", "可以报70%。"),
        ("有效期多久", "六个月内有效。"),
        ("电话是多少", "请打12393。"),
        ("官网网址", "见https://www.example.cn。"),
        ("医院地址在哪里", "位于迎宾大道999号。"),
        ("要什么材料", "带身份证。"),
        ("哪些家人能用", "父母能用。"),
    ],
)
def test_of_equally_close_sentences_the_kind_asked_for_wins(
    question: str, answer: str, make_article: MakeArticle, segmenter: Segmenter
) -> None:
    text = "标准是400元。可以报70%。六个月内有效。请打12393。见https://www.example.cn。位于迎宾大道999号。带身份证。父母能用。"
    assert chosen_texts(question, make_article(text=text), segmenter, [0.85] * 8)[0] == answer


def test_the_sentence_that_covers_the_terms_wins(make_article: MakeArticle, segmenter: Segmenter) -> None:
    article = make_article(text="津贴由单位发。补助由社区发。")
    hits = hits_of([article], segmenter)
    candidates = choose(
        score_sentences("补助", hits, [[0.85, 0.85]], lambda text: float("补助由" in text), lambda _: article.text),
        lambda _: article.text,
    )
    assert candidates[0].piece.start == 7


def test_terms_in_the_sentence_count_beside_those_in_the_title(make_article: MakeArticle, segmenter: Segmenter) -> None:
    article = make_article(title="补助", text="由单位发放。补助按月发。")
    hits = hits_of([article], segmenter)
    candidates = choose(
        score_sentences("补助", hits, [[0.85, 0.85]], lambda text: float("补助" in text), lambda _: article.text),
        lambda _: article.text,
    )
    assert candidates[0].piece.start == 6


def test_a_line_that_only_introduces_a_list_is_not_chosen(make_article: MakeArticle, segmenter: Segmenter) -> None:
    article = make_article(text=LIST)
    texts = chosen_texts("报销怎么算", article, segmenter, [0.99, 0.8, 0.8, 0.8, 0.8])
    assert "报销比例如下\uff1a" not in texts
    assert texts


def test_the_same_words_are_quoted_once(make_article: MakeArticle, segmenter: Segmenter) -> None:
    article = make_article(text="备案长期有效。\n\n备案长期有效。")
    assert chosen_texts("备案", article, segmenter, [0.9, 0.9]) == ["备案长期有效。"]


def test_no_more_than_the_limit_is_chosen(make_article: MakeArticle, segmenter: Segmenter) -> None:
    article = make_article(text="".join(f"第{n}条规定有效。" for n in "一二三四五六七八"))
    assert len(chosen_texts("规定", article, segmenter, [0.9] * 8)) == MAX_SENTENCES


def test_candidates_come_best_first(make_article: MakeArticle, segmenter: Segmenter) -> None:
    article = make_article(text="备案有效。备案长期有效。备案已有效。")
    hits = hits_of([article], segmenter)
    candidates = choose(
        score_sentences("备案", hits, [[0.88, 0.9, 0.89]], lambda _: 1.0, lambda _: article.text),
        lambda _: article.text,
    )
    scores = [candidate.score for candidate in candidates]
    assert scores == sorted(scores, reverse=True)
    assert candidates[0].piece.start == 5


def test_nothing_to_choose_from_is_no_error() -> None:
    assert choose(score_sentences("备案", [], [], lambda _: 0.0, lambda _: ""), lambda _: "") == []


def test_a_hit_of_score_zero_is_no_error(make_article: MakeArticle, segmenter: Segmenter) -> None:
    article = make_article(text="备案有效。")
    assert chosen_texts("备案", article, segmenter, [0.9], hit_score=0.0) == ["备案有效。"]


def test_the_first_item_of_a_list_brings_the_line_that_introduces_it(
    make_article: MakeArticle, segmenter: Segmenter
) -> None:
    (citation,) = quotes(make_article(text=LIST), segmenter, [1])
    assert citation.quote == "报销比例如下\uff1a\n\n- 一级医院报80%。"


def test_a_later_item_stands_alone(make_article: MakeArticle, segmenter: Segmenter) -> None:
    (citation,) = quotes(make_article(text=LIST), segmenter, [3])
    assert citation.quote == "三级医院报60%。"


@pytest.mark.parametrize("places", [(2, 3), (3, 2)])
def test_neighbours_become_one_quote(make_article: MakeArticle, segmenter: Segmenter, places: tuple[int, ...]) -> None:
    (citation,) = quotes(make_article(text=LIST), segmenter, places)
    assert citation.quote == "二级医院报70%。\n- 三级医院报60%。"


def test_a_sentence_between_two_quotes_joins_them(make_article: MakeArticle, segmenter: Segmenter) -> None:
    article = make_article(text="甲说一。乙说二。丙说三。")
    (citation,) = quotes(article, segmenter, [0, 2, 1])
    assert citation.quote == article.text


def test_sentences_apart_stay_apart_in_the_order_chosen(make_article: MakeArticle, segmenter: Segmenter) -> None:
    citations = quotes(make_article(text="甲说一。乙说二。丙说三。"), segmenter, [2, 0])
    assert [(c.number, c.quote) for c in citations] == [(1, "丙说三。"), (2, "甲说一。")]


def test_sentences_of_two_articles_are_never_joined(make_article: MakeArticle, segmenter: Segmenter) -> None:
    articles = {name: make_article(id=name, text="备案长期有效。") for name in ("a", "b")}
    hits = hits_of(list(articles.values()), segmenter)
    citations = quote([SentenceCandidate(hit, hit.passage.sentences[0], 0.9) for hit in hits], articles.__getitem__)
    assert [(c.number, c.article_id, c.quote) for c in citations] == [
        (1, "a", "备案长期有效。"),
        (2, "b", "备案长期有效。"),
    ]


def test_a_citation_names_its_article(make_article: MakeArticle, segmenter: Segmenter) -> None:
    article = make_article(
        id="sub/filing", title="备案", text="备案有效。", published="2025-04-01", region="陕西",
        insurance=("employee",), kind="excerpt",
    )  # fmt: skip
    (citation,) = quotes(article, segmenter, [0])
    assert citation == Citation(
        1, "sub/filing@1", "sub/filing", "备案", "", "2025-04-01", "陕西", ("employee",), "excerpt", "备案有效。", 0, 5
    )


LINES = st.text(st.sampled_from("医保备案报销12%。\uff1b\uff0c\uff1a!.- \U0002000b\u00e9"), min_size=1, max_size=30)
TEXTS = st.lists(st.tuples(st.sampled_from(["", "- ", "1. ", "## ", "\n"]), LINES), min_size=1, max_size=8).map(
    lambda rows: "\n".join(marker + line for marker, line in rows)
)


@settings(deadline=None, max_examples=150)
@given(TEXTS, st.randoms(use_true_random=False))
def test_every_quote_is_a_slice_of_its_article(text: str, random: Random) -> None:
    article = Article("a", "标题", text, "a.md", None, None, (), (), (), "article", DISCLAIMER)
    hits = hits_of([article], default_segmenter())
    pairs = [SentenceCandidate(hit, sentence, 0.9) for hit in hits for sentence in hit.passage.sentences]
    random.shuffle(pairs)
    citations = quote(pairs[:5], lambda _: article)
    assert [citation.number for citation in citations] == list(range(1, len(citations) + 1))
    assert all(citation.quote == text[citation.start : citation.end] != "" for citation in citations)
    spans = sorted((citation.start, citation.end) for citation in citations)
    assert all(before[1] <= after[0] for before, after in pairwise(spans))
    for candidate in pairs[:5]:
        assert any(a <= candidate.sentence.start and candidate.sentence.end <= b for a, b in spans)
