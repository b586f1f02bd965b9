from __future__ import annotations

from functools import lru_cache

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yibao.evaluation.questions import Question, of_half, shipped_questions
from yibao.index.lexical import LexicalIndex
from yibao.language.script import simplified
from yibao.language.segmenter import default_segmenter
from yibao.language.terms import index_terms
from yibao.pipeline import Pipeline
from yibao.search.spelling import Speller

MISTYPED = {"typo", "traditional", "pinyin"}
TEXTS = (
    "异地就医备案在手机上申请\u3002备案以后自费的部分按比例报销\u3002",
    "参保人申请备案\uff0c填写申请表\uff0c自费部分不能报销\u3002",
)


def speller(*texts: str) -> Speller:
    segmenter = default_segmenter()
    return Speller(LexicalIndex.build([index_terms(text, segmenter) for text in texts]), segmenter)


@lru_cache(maxsize=1)
def small_speller() -> Speller:
    return speller(*TEXTS)


@pytest.fixture
def small() -> Speller:
    return small_speller()


@pytest.fixture(scope="module")
def shipped(real_pipeline: Pipeline) -> Speller:
    """Over the shipped articles."""
    return Speller(real_pipeline.reader.lexical, default_segmenter())


@pytest.fixture(scope="module")
def tune() -> list[Question]:
    return of_half(shipped_questions(), "tune")


# Pinyin


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("yidi jiuyi beian youxiaoqi duojiu", "异地就医备案有效期多久"),
        ("yi di jiu yi bei an", "异地就医备案"),
        ("yidijiuyibeian", "异地就医备案"),
        ("YiDi JiuYi BEIAN", "异地就医备案"),
        ("\uff59\uff49\uff42\uff41\uff4f", "医保"),
        ("yi'bao", "医保"),
        ("jinan yibao dianhua", "济南医保电话"),
        ("qifuxian duoshao", "起付线多少"),
        ("fumu neng yong wo de yibao kanbing ma", "父母能用我的医保看病吗"),
        ("baoxian", "保险"),
    ],
)
def test_a_whole_question_in_pinyin(shipped: Speller, typed: str, read: str) -> None:
    assert shipped.correct(typed) == read


def test_every_pinyin_question_of_the_tuning_half_is_read_rightly(shipped: Speller, tune: list[Question]) -> None:
    wrong = {q.question: q.clean for q in tune if q.kind == "pinyin" and shipped.correct(q.question) != q.clean}
    assert wrong == {}


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("在村卫生室看menzhen最多报多少", "在村卫生室看门诊最多报多少"),
        ("shengyu津贴几个月\uff1f", "生育津贴几个月\uff1f"),
        ("怎么beian", "怎么备案"),
        ("\u201cbeian\u201d和\uff08baoxiao\uff09", "\u201c备案\u201d和\uff08报销\uff09"),
    ],
)
def test_a_single_word_in_pinyin(shipped: Speller, typed: str, read: str) -> None:
    assert shipped.correct(typed) == read


@pytest.mark.parametrize(
    "typed",
    [
        "医保App怎么用",
        "做CT能报吗",
        "A B C",
        "how are you",
        "起付xian是多少",
        "bao",
        "https://www.nhsa.gov.cn",
        "'",
        "",
    ],
)
def test_latin_letters_that_are_no_words_stay(shipped: Speller, typed: str) -> None:
    assert shipped.correct(typed) == typed


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("beian app zenme shenqing", "备案 app 怎么申请"),
        ("CT baoxiao", "CT 报销"),
        ("zenme shenqing kafei", "怎么申请 kafei"),
        ("I am ill, zenme beian", "I am ill, 怎么备案"),
    ],
)
def test_what_cannot_be_read_stays_and_the_rest_is_read(small: Speller, typed: str, read: str) -> None:
    assert small.correct(typed) == read


def test_syllables_fall_where_the_corpus_has_a_word() -> None:
    typed = "fangan"  # fang-an or fan-gan
    assert speller("治疗方案", "治疗方案").correct(typed) == "方案"
    assert speller("令人反感", "令人反感").correct(typed) == "反感"


def test_a_word_the_corpus_lacks_is_not_read(small: Speller) -> None:
    assert small.correct("jintie") == "jintie"


def test_a_lone_syllable_is_no_word_of_two() -> None:
    over = speller("西安医保", "西安医保")
    assert over.correct("起付xian是多少") == "起付xian是多少"
    assert over.correct("xian yibao") == "西安医保"


def test_the_commonest_of_words_that_sound_the_same_is_read() -> None:
    assert speller("公式", "公式", "公示").correct("gongshi") == "公式"
    assert speller("公式", "公示", "公示").correct("gongshi") == "公示"


def test_a_long_run_of_letters_takes_no_time(small: Speller) -> None:
    typed = "na" * 250 + "x"  # na-na or nan-a: as many ways to cut it as the 500th Fibonacci number
    assert small.correct(typed) == typed


# Homophones


@pytest.mark.parametrize(
    ("typed", "mended"),
    [
        ("异地背案没办", "异地备案没办"),
        ("能报消吗", "能报销吗"),
        ("居民医宝在微信上咋停", "居民医保在微信上咋停"),
        ("腹建居民医保", "福建居民医保"),
        ("医保缴废的官网", "医保缴费的官网"),
        ("网上问真\uff0c没选定点", "网上问诊\uff0c没选定点"),
        ("顺产生育京贴给几个月", "顺产生育津贴给几个月"),  # 生育 is right
    ],
)
def test_a_slip_is_mended(shipped: Speller, typed: str, mended: str) -> None:
    assert shipped.correct(typed) == mended


@pytest.mark.parametrize(
    ("typed", "mended"),
    [("升请", "申请"), ("治费", "自费"), ("申顷", "申请"), ("报仨", "报仨")],
    ids=["ng and n", "zh and z", "one sound", "another sound"],
)
def test_sounds_that_many_do_not_keep_apart_are_the_same(small: Speller, typed: str, mended: str) -> None:
    assert small.correct(typed) == mended


def test_n_and_l_at_the_front_are_the_same() -> None:
    assert speller("办理", "办理").correct("办泥") == "办理"


def test_the_commonest_word_wins() -> None:
    assert speller("公式", "公式", "公示", "公示", "公示").correct("公侍") == "公示"
    assert speller("公式", "公式", "公式", "公示", "公示").correct("公侍") == "公式"


def test_a_word_of_a_single_passage_is_no_aim() -> None:
    assert speller("护士来了").correct("户士") == "户士"
    assert speller("护士来了", "问护士").correct("户士") == "护士"


def test_no_mistyped_question_of_the_tuning_half_gets_further_from_its_clean_form(
    shipped: Speller, tune: list[Question]
) -> None:
    def wrong(text: str, clean: str) -> int:
        return sum(a != b for a, b in zip(text, clean, strict=True))

    typos = [q for q in tune if q.kind == "typo"]
    before = [wrong(q.question, q.clean) for q in typos]
    after = [wrong(shipped.correct(q.question), q.clean) for q in typos]
    assert [q.id for q, a, b in zip(typos, before, after, strict=True) if b > a] == []
    assert sum(after) <= sum(before) - 10


# What is left alone


def test_clean_questions_of_the_tuning_half_stay(shipped: Speller, tune: list[Question]) -> None:
    asked = [text for q in tune if q.kind not in MISTYPED for text in (q.question, *q.history, q.standalone)]
    assert len(asked) > 600
    assert {text: shipped.correct(text) for text in asked if shipped.correct(text) != text} == {}


def test_clean_forms_of_mistyped_questions_stay(shipped: Speller, tune: list[Question]) -> None:
    clean = [q.clean for q in tune if q.kind in MISTYPED]
    assert {text: shipped.correct(text) for text in clean if shipped.correct(text) != text} == {}


@pytest.mark.parametrize(
    "typed",
    [
        "红烧肉怎么做才好吃",
        "刘德华唱过哪些歌",
        "小米手机防水吗",
        "明天北京会下雪吗",
        "梁山伯与祝英台的故事",
        "阿莫西林和头孢能一起吃吗",
        "黄埔军校第一任校长是谁",
        "微积分怎么学",
    ],
)
def test_words_of_other_subjects_stay(shipped: Speller, typed: str) -> None:
    assert shipped.correct(typed) == typed


def test_what_the_corpus_itself_misspells_stays() -> None:
    assert speller("报消", "报销", "报销").correct("报消") == "报消"


@pytest.mark.parametrize("typed", ["腹建居民", "fujian jumin", "shengyu jintie", "生育京贴"])
def test_nothing_becomes_a_place_or_term_the_corpus_lacks(small: Speller, typed: str) -> None:
    assert small.correct(typed) == typed


def test_words_of_the_dictionary_stay_where_the_corpus_lacks_them() -> None:
    assert speller("报销", "报销").correct("报晓") == "报晓"
    assert speller("上架", "上架").correct("上家") == "上家"  # though jieba, which finds it rare, cuts it in two


def test_grammar_is_no_slip(small: Speller) -> None:
    assert small.correct("要填些什么") == "要填些什么"  # not 填写


def test_an_empty_index_mends_nothing_and_reads_everyday_words() -> None:
    empty = speller()
    assert empty.correct("异地背案") == "异地背案"
    assert empty.correct("zenme ban") == "怎么办"


@pytest.mark.parametrize(
    "mark", ["\uff0c", "\u3002", "\uff1f", " ", "\u3000", "\n", "2025", "\uff21\uff30\uff30", "\U0001f600"]
)
def test_what_stands_around_a_slip_is_kept_as_typed(small: Speller, mark: str) -> None:
    assert small.correct(f"{mark}背案{mark}报消{mark}") == f"{mark}备案{mark}报销{mark}"


@given(st.text(alphabet="异地就医备案背被报消销申请深升治自费填写些的吗上，。？！ 12\uff0c\uff21\u3000", max_size=30))
def test_mending_keeps_the_length_and_all_but_han(typed: str) -> None:
    mended = small_speller().correct(typed)
    assert len(mended) == len(typed)
    changed = [(a, b) for a, b in zip(typed, mended, strict=True) if a != b]
    assert all("\u4e00" <= a <= "\u9fff" and b in "".join(TEXTS) for a, b in changed)


@given(st.sampled_from(TEXTS), st.integers(0, 40), st.integers(0, 40))
def test_what_the_corpus_holds_stays(text: str, start: int, end: int) -> None:
    assert small_speller().correct(text[start:end]) == text[start:end]


@given(st.text(max_size=60))
def test_any_text_is_taken(typed: str) -> None:
    simple = simplified(typed)
    assert isinstance(small_speller().correct(simple), str)
    if not any(character.isalpha() for character in simple):
        assert small_speller().correct(simple) == simple
