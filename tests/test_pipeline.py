from __future__ import annotations

import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest

from yibao import wording
from yibao.answer.contrasting import MORE_CITATIONS
from yibao.config import Config
from yibao.errors import IndexMismatchError, IndexMissingError
from yibao.index.embedding import HashEmbedder
from yibao.indexing import index_with
from yibao.language.segmenter import Segmenter
from yibao.pipeline import Pipeline, open_pipeline
from yibao.records import NO_FACETS, Answer
from yibao.request import Request, SearchOptions

Open = Callable[..., Pipeline]

FACTS = [
    ("去外地看病,临时外出备案的有效期是多久?", "临时外出就医人员", "6个月"),
    ("灵活就业的人在三级医院住院能报多少?", "灵活就业人员的住院合规费用", "三级医院报销85%"),
    ("抚州市肺结核定点医院地址在哪里?", "抚州市第一人民医院", "迎宾大道999号"),
    ("吴忠女职工剖宫产,生育津贴增加多久?", "剖宫产手术", "增加半个月"),
    ("2025年个人医保一年缴多少钱?", "个人缴费标准", "400元/年"),
    ("新生儿出生三个月内参加农合,医疗费从什么时候起能报?", "三个月内参加新农合", "从出生当日算起"),
    ("莆田新农合在乡镇卫生院看门诊,年度封顶线是多少?", "年度封顶线", "800元"),
    ("上海职工医保在二级医疗机构住院报销比例是多少?", "二级医疗机构住院", "75%"),
    ("蕲春县医疗保障局的电话是多少?", "蕲春县医疗保障局的联系电话", "0713-7220256"),
    ("青岛市结核病防治院是哪一年建立的?", "青岛市结核病防治院", "1953年"),
    ("陕西的共济账户能给父母用吗?", "陕西", "父母"),
    ("医保账户里的钱用完了还能报销吗?", "仍可享受医保报销待遇", "正常缴纳"),
    ("跨省看病最低能报多少?", "最低可报", "45%"),
    ("急诊没来得及备案能直接结算吗?", "急诊抢救", "直接结算"),
]
OFF_TOPIC = [
    "今天天气怎么样?",
    "怎么做红烧肉?",
    "比特币现在多少钱",
    "如何用 Python 读取文件",
    "公积金怎么提取",
    "车险怎么理赔",
]
SMALL_TALK = ["谢谢", "在吗", "嗯", "好的", "你是谁", "hello"]
EMERGENCIES = [("我爸突然胸痛喘不过气怎么办", "medical"), ("孩子误食农药了", "medical"), ("我不想活了", "self_harm")]
PAID_FOR = ["心梗急诊抢救的费用医保能报销吗", "胸痛去外地急诊没备案能报销吗"]
HOSTILE = [
    "<script>alert(1)</script>异地就医备案有效期是多久?",
    "**异地**就医 `备案` [有效期](http://x.example) 是多久?",
    "{question} %s \\n 异地就医备案有效期",
    "异地就医\x00备案\u200b有效期\r\n是多久",
    "\U0001f600备案有效期",
]


@pytest.fixture(scope="module")
def facts(real_pipeline: Pipeline) -> list[Answer]:
    return [real_pipeline.ask(Request(question)) for question, _, _ in FACTS]


@pytest.mark.parametrize("number", range(len(FACTS)), ids=[question for question, _, _ in FACTS])
def test_a_plain_question_is_answered_by_a_quote_with_the_fact(facts: list[Answer], number: int) -> None:
    _, subject, fact = FACTS[number]
    assert facts[number].status == "answered"
    assert any(subject in citation.quote and fact in citation.quote for citation in facts[number].citations)


def test_every_quote_is_a_slice_of_its_article(facts: list[Answer], real_pipeline: Pipeline) -> None:
    citations = [citation for answer in facts for citation in answer.citations]
    assert len(citations) >= len(FACTS)
    for citation in citations:
        article = real_pipeline.article(citation.article_id)
        assert citation.quote == article.text[citation.start : citation.end] != ""
        assert (citation.title, citation.published, citation.region) == (
            article.title, article.published, article.region,
        )  # fmt: skip


def test_every_hit_is_a_slice_of_its_article(facts: list[Answer], real_pipeline: Pipeline) -> None:
    for passage in (hit.passage for answer in facts for hit in answer.hits):
        assert passage.text == real_pipeline.article(passage.article_id).text[passage.start : passage.end]


def test_every_citation_stands_in_a_hit(facts: list[Answer]) -> None:
    for answer in facts:
        passages = {hit.passage.id: hit.passage for hit in answer.hits}
        assert {citation.passage_id for citation in answer.citations} <= set(passages)


def test_marks_and_citations_agree(facts: list[Answer]) -> None:
    for answer in facts:
        numbers = [citation.number for citation in answer.citations]
        assert numbers == list(range(1, len(numbers) + 1))
        assert [int(mark) for mark in re.findall(r"\[(\d+)\]$", answer.text, re.MULTILINE)] == numbers
        assert all(f"{citation.quote} [{citation.number}]" in answer.text for citation in answer.citations)


def test_an_answer_holds_nothing_but_quotes_and_marks(facts: list[Answer]) -> None:
    for answer in facts:
        rest = answer.text
        for citation in answer.citations:
            rest = rest.replace(f"{citation.quote} [{citation.number}]", "", 1)
        assert rest.strip() == ""


def test_answers_are_short(facts: list[Answer]) -> None:
    assert all(1 <= len(answer.citations) <= 4 for answer in facts if not answer.contrasts)
    assert all(len(answer.citations) <= 4 + MORE_CITATIONS for answer in facts)


def test_an_answer_from_an_excerpt_says_so(facts: list[Answer]) -> None:
    for answer in facts:
        from_excerpt = any(citation.kind == "excerpt" for citation in answer.citations)
        assert (wording.FROM_EXCERPT in answer.notices) == from_excerpt


def test_answers_are_sure_of_themselves(facts: list[Answer]) -> None:
    assert all(0.5 <= answer.confidence <= 1.0 for answer in facts)


def test_timings_add_up(facts: list[Answer]) -> None:
    timings = dict(facts[0].timings)
    total = timings.pop("total")
    assert set(timings) == {"triage", "understand", "embed", "search", "answer"}
    assert total == pytest.approx(sum(timings.values()))


@pytest.mark.parametrize("question", OFF_TOPIC + SMALL_TALK)
def test_what_the_articles_do_not_cover_is_refused(real_pipeline: Pipeline, question: str) -> None:
    answer = real_pipeline.ask(Request(question))
    assert (answer.status, answer.text.splitlines()[0], answer.citations) == ("no_answer", wording.NOT_COVERED, ())
    assert answer.confidence < 0.5
    assert answer.hits


@pytest.mark.parametrize(("question", "kind"), EMERGENCIES)
def test_an_emergency_is_sent_to_120(real_pipeline: Pipeline, question: str, kind: str) -> None:
    answer = real_pipeline.ask(Request(question))
    assert (answer.status, answer.text) == ("emergency", wording.EMERGENCY_TEXTS[kind])
    assert (answer.citations, answer.hits) == ((), ())


def test_an_emergency_is_told_whatever_was_asked_before(real_pipeline: Pipeline) -> None:
    assert real_pipeline.ask(Request("现在昏倒了叫不醒", ["异地就医怎么备案"])).status == "emergency"


@pytest.mark.parametrize("question", PAID_FOR)
def test_paying_for_emergency_care_is_answered(real_pipeline: Pipeline, question: str) -> None:
    answer = real_pipeline.ask(Request(question))
    assert answer.status == "answered"
    assert any("急诊" in citation.quote for citation in answer.citations)


def test_every_status_carries_the_disclaimer(real_pipeline: Pipeline) -> None:
    answers = [real_pipeline.ask(Request(question)) for question in (FACTS[0][0], OFF_TOPIC[0], EMERGENCIES[0][0], "")]
    assert [answer.status for answer in answers] == ["answered", "no_answer", "emergency", "no_answer"]
    assert {answer.disclaimer for answer in answers} == {wording.DISCLAIMER}


def test_a_follow_up_changes_the_region(real_pipeline: Pipeline) -> None:
    answer = real_pipeline.ask(Request("换成福建呢?", ["陕西的医保共济账户能给家人用吗?"]))
    assert answer.question == "换成福建呢?"
    assert answer.rewritten == "福建的医保共济账户能给家人用吗?"
    assert answer.status == "answered"
    assert {citation.region for citation in answer.citations} == {"福建"}


def test_a_follow_up_of_a_follow_up_keeps_the_subject(real_pipeline: Pipeline) -> None:
    history = ["上海职工医保二级医疗机构看门急诊报多少?", "那三级呢?"]
    answer = real_pipeline.ask(Request("那一级呢?", history))
    assert answer.rewritten.startswith("上海职工医保")
    assert any("上海" in citation.quote and "一级" in citation.quote for citation in answer.citations)


def test_a_quote_for_another_region_is_said_to_be_one(real_pipeline: Pipeline) -> None:
    answer = real_pipeline.ask(Request("武汉肺结核定点医院在哪里?"))
    notice = wording.OTHER_REGION.format(asked="湖北/武汉", given="江西/抚州")
    assert answer.status == "no_answer" or notice in answer.notices


@pytest.mark.parametrize("question", ["", " \n\t\u3000", "\u3002", "???", "\uff1f\uff01", "\u200b"])
def test_a_question_without_a_word_is_asked_back(real_pipeline: Pipeline, question: str) -> None:
    answer = real_pipeline.ask(Request(question, ["异地就医怎么备案"]))
    assert (answer.status, answer.text, answer.question) == ("no_answer", wording.EMPTY_QUESTION, question)


def test_ten_thousand_characters_are_answered(real_pipeline: Pipeline) -> None:
    question = ("异地就医临时外出备案的有效期是多久?" * 600)[:10_000]
    answer = real_pipeline.ask(Request(question))
    assert answer.question == question
    assert len(answer.rewritten) <= 500
    assert answer.status == "answered"


@pytest.mark.parametrize("question", HOSTILE)
def test_markup_and_odd_characters_are_only_text(real_pipeline: Pipeline, question: str) -> None:
    answer = real_pipeline.ask(Request(question))
    assert answer.question == question
    assert answer.status == "answered"
    assert any("备案" in citation.quote for citation in answer.citations)


def test_half_a_surrogate_pair_is_replaced(real_pipeline: Pipeline) -> None:
    answer = real_pipeline.ask(Request("\ud800异地就医备案有效期多久", ["\udfff"]))
    assert answer.question == "\ufffd异地就医备案有效期多久"
    assert answer.status == "answered"


def test_top_k_says_how_many_hits_there_are_besides_those_quoted(real_pipeline: Pipeline) -> None:
    few, many = (real_pipeline.ask(Request("异地就医怎么备案", top_k=count)).hits for count in (1, 40))
    assert len(many) == 40
    assert [hit.passage.id for hit in many if hit in few] == [hit.passage.id for hit in few]
    assert len(real_pipeline.ask(Request("红烧肉怎么做才好吃", top_k=2)).hits) == 2


def test_questions_asked_at_once_get_the_answers_of_questions_asked_in_turn(
    real_pipeline: Pipeline, facts: list[Answer]
) -> None:
    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(real_pipeline.ask, [Request(question) for question, _, _ in FACTS]))
    assert [answer.text for answer in answers] == [answer.text for answer in facts]


@pytest.fixture
def opened(small_corpus: Path, tmp_path: Path) -> Open:
    """Index the small corpus with the hash model and open it."""

    def make(**fields: object) -> Pipeline:
        config = Config(corpus=(str(small_corpus),), index=str(tmp_path / "index"), model="hash", **fields)  # type: ignore[arg-type]
        index_with(config)
        return open_pipeline(config)

    return make


def test_rank_gives_each_article_once_best_first(opened: Open) -> None:
    (ranking,) = opened().rank(["生育津贴怎么算"], 10, "hybrid", by_article=True)
    ids = [name for name, _ in ranking]
    scores = [score for _, score in ranking]
    assert ids[0] == "birth"
    assert sorted(ids) == ["birth", "filing", "sub/account"]
    assert scores == sorted(scores, reverse=True)


def test_rank_can_name_passages(opened: Open) -> None:
    (ranking,) = opened().rank(["生育津贴怎么算"], 1, "lexical", by_article=False)
    assert [name for name, _ in ranking] == ["birth@1"]


def test_rank_answers_every_question_in_order(opened: Open) -> None:
    questions = ["生育津贴怎么算", "家庭共济怎么绑定", "zzz", "备案的有效期"]
    rankings = list(opened().rank(questions, 1, "lexical", by_article=True))
    assert [[name for name, _ in ranking] for ranking in rankings] == [["birth"], ["sub/account"], [], ["filing"]]


def test_a_threshold_of_zero_answers_everything(opened: Open) -> None:
    answer = opened(refuse_below=0.0).ask(Request("zzz"))
    assert answer.status == "answered"


def test_a_threshold_of_one_refuses_everything(opened: Open) -> None:
    assert opened(refuse_below=1.0).ask(Request("异地就医备案的有效期")).status == "no_answer"


def test_reload_switches_to_the_new_build(opened: Open, small_corpus: Path) -> None:
    pipeline = opened()
    before = pipeline.reader.manifest.build_id
    (small_corpus / "filing.md").unlink()
    index_with(Config(corpus=(str(small_corpus),), index=str(pipeline._root), model="hash"))
    assert pipeline.article("filing").title == "异地就医备案的有效期"
    pipeline.reload()
    assert pipeline.reader.manifest.build_id != before
    with pytest.raises(LookupError, match="filing"):
        pipeline.article("filing")


def test_warming_up_changes_no_answer(opened: Open) -> None:
    pipeline = opened(refuse_below=0.0)
    before = pipeline.ask(Request("备案的有效期")).text
    pipeline.warm_up()
    assert pipeline.ask(Request("备案的有效期")).text == before


def test_a_missing_index_says_which_command_makes_one(tmp_path: Path) -> None:
    with pytest.raises(IndexMissingError, match="yibao index"):
        open_pipeline(Config(index=str(tmp_path / "none"), model="hash"))


class OtherEmbedder(HashEmbedder):
    fingerprint = "hash-of-another-kind"


def test_an_index_of_another_model_is_refused(opened: Open, segmenter: Segmenter) -> None:
    root = opened()._root
    with pytest.raises(IndexMismatchError, match="hash-of-another-kind"):
        Pipeline(root, OtherEmbedder(), segmenter, 0.5)


def test_an_index_of_another_dictionary_is_refused(opened: Open) -> None:
    root = opened()._root
    with pytest.raises(IndexMismatchError, match="yibao index"):
        Pipeline(root, HashEmbedder(), Segmenter("红烧肉\n"), 0.5)


def test_the_steps_come_in_order_and_end_with_the_answer(real_pipeline: Pipeline) -> None:
    steps = list(real_pipeline.steps(Request(FACTS[0][0])))
    assert [type(step).__name__ for step in steps] == ["Query", "SearchResult", "Answer"]
    assert steps[2].text == real_pipeline.ask(Request(FACTS[0][0])).text
    assert [type(step).__name__ for step in real_pipeline.steps(Request(EMERGENCIES[0][0]))] == ["Answer"]


def test_facets_set_by_hand_take_the_place_of_those_read(real_pipeline: Pipeline) -> None:
    answer = real_pipeline.ask(Request("医保共济账户能给家人用吗", facets=replace(NO_FACETS, regions=("陕西",))))
    assert answer.facets.regions == ("陕西",)
    assert answer.citations[0].region == "陕西"


def test_a_question_can_be_taken_as_typed(real_pipeline: Pipeline) -> None:
    assert real_pipeline.ask(Request("yidi jiuyi")).rewritten == "异地就医"
    assert real_pipeline.ask(Request("yidi jiuyi", options=SearchOptions(spelling=False))).rewritten == "yidi jiuyi"


def test_the_threshold_can_be_set_for_one_question(real_pipeline: Pipeline) -> None:
    strict = SearchOptions(refuse_below=1.0)
    assert real_pipeline.ask(Request(FACTS[0][0], options=strict)).status == "no_answer"
