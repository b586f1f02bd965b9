from __future__ import annotations

import json
import random
from hashlib import sha256

import pytest

from reader_samples import passage_of
from yibao.language.normalise import fold
from yibao.language.places import find_places, region_agrees
from yibao.reader.dataset import LabelledQuestion
from yibao.reader.training.own import ELSEWHERE_WEIGHT, Library, near_miss, own_examples

LAW = "# 武汉市备案办法\n\n## 期限\n\n异地备案的有效期是6个月。备案可以在手机上办理。\n\n## 例外\n\n急诊抢救的不用备案。\n"
LONG = "# 长沙市办法\n\n" + "\n\n".join(
    f"## 第{n}章\n\n" + "参保人员应当按照规定办理手续并提交材料。" * 15 + f"第{n}类补助{n}00元。" for n in range(1, 4)
)


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Library:
    folder = tmp_path_factory.mktemp("library")
    rows = []
    for name, text in {"documents/law.md": LAW, "corpus/sub/long.md": LONG}.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, "utf-8")
        rows.append({"document": name, "sha256": sha256(text.encode()).hexdigest()})
    (folder / "list.jsonl").write_text("\n".join(map(json.dumps, rows)), "utf-8")
    roots = {"documents": folder / "documents", "corpus": folder / "corpus"}
    return Library(roots, folder / "list.jsonl")


def asked(
    document: str, source: str, *words: str, kind: str = "answerable", question: str = "多久"
) -> LabelledQuestion:
    spans = tuple((source.index(each), source.index(each) + len(each)) for each in words)
    return LabelledQuestion("1", question, (), document, spans, kind, "plain", "1", "train")  # type: ignore[arg-type]


def law(*words: str, kind: str = "answerable", question: str = "多久") -> LabelledQuestion:
    return asked("documents/law.md", LAW, *words, kind=kind, question=question)


def marked(library: Library, question: LabelledQuestion) -> list[str]:
    found = own_examples([question], library, 1, swapped=False, elsewhere=0.0)
    return [e.passage.text[slice(*e.passage.sentences[n])] for e in found for n in e.answers]


@pytest.mark.parametrize(
    ("words", "sentences"),
    [
        (["6个月"], ["异地备案的有效期是6个月。"]),
        (["异地备案的有效期是6个月。"], ["异地备案的有效期是6个月。"]),
        (["6个月。备案"], ["异地备案的有效期是6个月。", "备案可以在手机上办理。"]),
        (["6个月", "急诊"], ["异地备案的有效期是6个月。", "急诊抢救的不用备案。"]),
    ],
)
def test_exactly_the_sentences_that_the_spans_touch_are_marked(
    library: Library, words: list[str], sentences: list[str]
) -> None:
    assert marked(library, law(*words)) == sentences


def test_spans_point_into_the_article_not_into_its_file(library: Library) -> None:
    question = law("手机")
    text, _ = library._passages["documents/law"]
    assert [text[a:b] for a, b in library.spans(question)] == ["手机"]
    assert library.spans(question) != list(question.spans)


def test_a_span_that_stands_twice_in_the_article_is_left_out(library: Library) -> None:
    assert library.spans(law("备案")) == []
    assert own_examples([law("备案")], library, 1) == []


def test_where_nothing_answers_the_tempting_passage_is_shown_without_a_mark(library: Library) -> None:
    (example,) = own_examples([law("6个月", kind="other_place")], library, 1, swapped=False, elsewhere=0.0)
    assert (example.answers, example.source, example.weight) == ((), "other_place", 1.0)
    assert "6个月" in example.passage.text


def test_another_passage_of_the_document_is_shown_too_the_one_that_shares_most(library: Library) -> None:
    question = asked("corpus/sub/long.md", LONG, "100元", question="第2类补助多少")
    own, other = own_examples([question], library, 1, swapped=False, elsewhere=1.0)
    assert "第1类" in own.passage.text
    assert len(own.answers) == 1
    assert "第2类" in other.passage.text
    assert (other.answers, other.weight, other.source) == ((), ELSEWHERE_WEIGHT, "elsewhere")


def test_near_misses_are_made_of_some_answerable_questions_and_of_no_other(library: Library) -> None:
    good = [law("6个月", question="武汉备案多久")] * 60
    found = own_examples(good, library, 1, elsewhere=0.0)
    swapped = [example for example in found if example.source == "swapped"]
    assert 3 <= len(swapped) <= 25
    assert all(example.answers == () and "武汉" not in example.question for example in swapped)
    bad = [law("6个月", kind="other_year", question="武汉备案多久")] * 60
    assert {example.source for example in own_examples(bad, library, 1, elsewhere=0.0)} == {"other_year"}


QUESTIONS = [
    "武汉职工医保门诊报多少",
    "住院报多少",
    "居民医保怎么交",
    "养老金怎么领",
    "广东的备案多久有效",
    "生育津贴多少",
]
LEADS = ["武汉市办法", "广东省医保通知", "佛山、温州、襄阳三地办法", "云南"]


@pytest.mark.parametrize("lead", LEADS)
@pytest.mark.parametrize("question", QUESTIONS)
def test_a_near_miss_is_another_question_about_a_place_that_the_passage_does_not_speak_for(
    question: str, lead: str
) -> None:
    passage = passage_of("参保人员按规定享受待遇。", lead)
    regions = [mention.region for mention in find_places(fold(lead))]
    before = {mention.region for mention in find_places(fold(question))}
    made = [near_miss(question, passage, random.Random(seed)) for seed in range(40)]
    assert any(made)
    for changed in filter(None, made):
        assert changed != question
        for mention in find_places(fold(changed)):
            if mention.region not in before:
                assert not any(region_agrees((mention.region,), region) for region in regions), changed


def test_a_passage_that_speaks_for_all_places_has_no_near_miss_by_place() -> None:
    passage = passage_of("参保人员按规定办理。")
    assert {near_miss("武汉怎么办备案", passage, random.Random(seed)) for seed in range(20)} == {None}


def test_no_insurance_or_service_that_the_passage_speaks_of_is_put_in() -> None:
    passage = passage_of("职工医保和居民医保的门诊、住院待遇。")
    assert near_miss("职工医保住院报多少", passage, random.Random(1)) is None
    made = {near_miss("职工医保报多少", passage_of("职工医保报80%。"), random.Random(seed)) for seed in range(20)}
    assert made == {"居民医保报多少"}
