from __future__ import annotations

from collections.abc import Callable, Sequence

import pytest

from yibao import wording
from yibao.answer.contrasting import MORE_CITATIONS, MOST_CONTRASTS, MOST_ROWS, find_groups, to_contrast
from yibao.answer.quoting import SentenceCandidate, quote
from yibao.corpus.chunking import ChunkingConfig, chunk
from yibao.evaluation.questions import shipped_questions
from yibao.language.facets import read_facets
from yibao.language.segmenter import Segmenter
from yibao.pipeline import Pipeline
from yibao.records import Answer, Article, Contrast, Hit
from yibao.request import Request

MakeArticle = Callable[..., Article]


def contrasts_of(
    question: str, articles: Sequence[Article], segmenter: Segmenter, on_card: int = 1, scores: Sequence[float] = ()
) -> list[Contrast]:
    """Return the contrasts of a card that holds the first ``on_card`` sentences."""
    candidates = [
        SentenceCandidate(Hit(passage, 0.9, 1, {}), sentence, 0.9)
        for article in articles
        for passage in chunk(article, segmenter, ChunkingConfig())
        for sentence in passage.sentences
    ]
    scored = [
        SentenceCandidate(c.hit, c.sentence, score) for c, score in zip(candidates, scores, strict=False)
    ] or candidates
    by_id = {article.id: article for article in articles}
    chosen = scored[:on_card]
    groups = find_groups(question, read_facets(question), scored, chosen, by_id)
    quoted = [*chosen, *(each for group in groups for each in group.missing(chosen))]
    return [to_contrast(group, quote(quoted, by_id.__getitem__)) for group in groups]


def test_sources_that_differ_stand_side_by_side_newest_first(make_article: MakeArticle, segmenter: Segmenter) -> None:
    articles = [
        make_article(id="a", text="备案的有效期是6个月。", published=None),
        make_article(id="b", text="备案的有效期为1年。", published="2024-01-01"),
        make_article(id="c", text="备案有效期为2年。", published="2025-01-01"),
    ]
    (contrast,) = contrasts_of("备案有效期多久", articles, segmenter)
    assert contrast.kind == "conflict"
    assert [(row.value, row.number) for row in contrast.rows] == [("2年", 2), ("1年", 3), ("6个月", 1)]
    assert [row.label.rpartition(" ")[2] for row in contrast.rows] == ["2025-01-01", "2024-01-01", wording.DATE_UNKNOWN]


def test_other_regions_are_a_table(make_article: MakeArticle, segmenter: Segmenter) -> None:
    articles = [
        make_article(id="a", text="住院的报销比例为70%。", region="上海"),
        make_article(id="b", text="住院的报销比例为60%。", region="北京"),
    ]
    (contrast,) = contrasts_of("住院报销比例", articles, segmenter)
    assert (contrast.kind, contrast.subject) == ("table", "住院报销比例")
    assert [(row.label, row.value) for row in contrast.rows] == [("上海", "70%"), ("北京", "60%")]
    assert contrasts_of("上海住院报销比例", articles, segmenter) == []


@pytest.mark.parametrize(
    ("question", "texts"),
    [
        ("备案有效期多久", ["备案的有效期是6个月。", "备案的有效期是半年。"]),
        ("备案有效期多久", ["备案的有效期是6个月。", "备案的有效期是6至12个月。"]),
        ("怎么备案", ["备案的有效期是6个月。", "备案的有效期是1年。"]),
        ("住院报销比例", ["门诊的报销比例为50%。", "门诊的报销比例为60%。"]),
    ],
)
def test_no_difference_or_nothing_asked_is_no_contrast(
    question: str, texts: Sequence[str], make_article: MakeArticle, segmenter: Segmenter
) -> None:
    articles = [make_article(id=str(n), text=text) for n, text in enumerate(texts)]
    assert contrasts_of(question, articles, segmenter) == []


def test_one_article_does_not_contradict_itself(make_article: MakeArticle, segmenter: Segmenter) -> None:
    article = make_article(text="备案的有效期是6个月。备案的有效期是1年。")
    assert contrasts_of("备案有效期多久", [article], segmenter) == []


def test_a_contrast_needs_a_sentence_of_the_card_and_near_ones(make_article: MakeArticle, segmenter: Segmenter) -> None:
    texts = ["今天开会。", "备案的有效期是6个月。", "备案的有效期是1年。"]
    articles = [make_article(id=str(n), text=text) for n, text in enumerate(texts)]
    assert contrasts_of("备案有效期多久", articles, segmenter) == []
    assert contrasts_of("备案有效期多久", articles[1:], segmenter, scores=[0.9, 0.5]) == []


@pytest.fixture(scope="module")
def answers(real_pipeline: Pipeline) -> dict[str, Answer]:
    kinds = ("conflict", "comparison", "two-facts", "figure")
    questions = [question for question in shipped_questions() if question.kind in kinds]
    return {question.id: real_pipeline.ask(Request(question.question)) for question in questions}


def test_every_value_is_a_slice_of_the_quote_it_points_to(answers: dict[str, Answer]) -> None:
    for answer in answers.values():
        quotes = {citation.number: citation.quote for citation in answer.citations}
        for contrast in answer.contrasts:
            assert all(row.value in quotes[row.number] for row in contrast.rows)
            assert 2 <= len(contrast.rows) <= MOST_ROWS
        assert len(answer.contrasts) <= MOST_CONTRASTS
        assert len(answer.citations) <= 6 + MORE_CITATIONS


@pytest.mark.parametrize(
    ("question", "values"),
    [
        ("异地就医备案的有效期是多久", {"1年", "6个月", "6-12个月"}),
        ("现在全国能异地直接结算的门诊慢特病一共有几种", {"5种", "10种"}),
        ("家庭共济的钱能不能拿来付家里人的住院费\uff1f", set()),
    ],
)
def test_known_contradictions_are_shown_and_said(question: str, values: set[str], real_pipeline: Pipeline) -> None:
    answer = real_pipeline.ask(Request(question, top_k=10))
    (contrast,) = (each for each in answer.contrasts if each.kind == "conflict")
    assert values <= {row.value for row in contrast.rows}
    assert wording.SOURCES_DIFFER.format(subject=contrast.subject) in answer.notices
