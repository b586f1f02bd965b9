from __future__ import annotations

import itertools
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from yibao.corpus.chunking import ChunkingConfig
from yibao.index.embedding import HashEmbedder, Vectors
from yibao.index.store import IndexReader, open_index
from yibao.indexing import build_index
from yibao.language.segmenter import Segmenter
from yibao.records import Query
from yibao.request import SearchOptions
from yibao.search.hybrid import HybridSearch, SearchResult
from yibao.search.retrieval import LexicalRetriever
from yibao.search.understanding import understand

ARTICLES = {
    "filing": "title: 异地就医备案\n---\n异地就医备案的有效期是6个月。备案可以在手机上办理。",
    "birth": "title: 生育津贴\n---\n生育津贴按上年度职工月平均工资计发。",
    "fujian": "title: 家庭共济\nregion: 福建\n---\n家庭共济在手机上绑定父母就能用。",
    "shaanxi": "title: 家庭共济\nregion: 陕西\n---\n家庭共济在手机上绑定父母就可用。",
    "xian": "title: 西安的门诊统筹\n---\n门诊统筹的起付线是200元。",
}

Ask = Callable[..., SearchResult]


@pytest.fixture(scope="module")
def reader(tmp_path_factory: pytest.TempPathFactory, segmenter: Segmenter) -> IndexReader:
    folder, root = tmp_path_factory.mktemp("articles"), tmp_path_factory.mktemp("index")
    for name, content in ARTICLES.items():
        (folder / f"{name}.md").write_text(f"---\n{content}\n", encoding="utf-8")
    build_index([folder], root, HashEmbedder(), segmenter, ChunkingConfig(), 1_000_000)
    return open_index(root)


@pytest.fixture(scope="module")
def search(reader: IndexReader) -> HybridSearch:
    return HybridSearch(reader, HashEmbedder())


def asked(question: str, segmenter: Segmenter) -> tuple[Query, Vectors]:
    query = understand(question, (), segmenter)
    return query, HashEmbedder().encode_queries([query.normalized])[0]


@pytest.fixture(scope="module")
def ask(search: HybridSearch, segmenter: Segmenter) -> Ask:
    def run(question: str, top_k: int = 5) -> SearchResult:
        return search.search(*asked(question, segmenter), top_k)

    return run


def article_ids(found: SearchResult) -> list[str]:
    return [hit.passage.article_id for hit in found.hits]


@pytest.mark.parametrize(
    ("question", "article"),
    [("异地就医备案的有效期多久", "filing"), ("生育津贴怎么计发", "birth"), ("门诊统筹的起付线", "xian")],
)
def test_the_right_passage_comes_first(ask: Ask, question: str, article: str) -> None:
    assert article_ids(ask(question))[0] == article


def test_ranks_count_from_one_and_scores_fall_within_0_to_1(ask: Ask) -> None:
    hits = ask("异地就医备案").hits
    assert [hit.rank for hit in hits] == [1, 2, 3, 4, 5]
    scores = [hit.score for hit in hits]
    assert scores == sorted(scores, reverse=True)
    assert 0.0 <= scores[-1] <= scores[0] <= 1.0


def test_no_more_hits_than_asked_for_and_no_passage_twice(ask: Ask) -> None:
    assert len(ask("异地就医备案", 2).hits) == 2
    ids = [hit.passage.id for hit in ask("异地就医备案", 100).hits]
    assert len(ids) == len(set(ids)) == len(ARTICLES)


def test_a_small_top_k_is_the_head_of_a_large_one(ask: Ask) -> None:
    assert article_ids(ask("手机上怎么绑定父母", 2)) == article_ids(ask("手机上怎么绑定父母", 5))[:2]


def test_rows_name_the_passages_of_the_hits(reader: IndexReader, ask: Ask) -> None:
    found = ask("生育津贴怎么计发")
    passages = reader.database.passages(list(found.rows))
    assert [passage.id for passage in passages] == [hit.passage.id for hit in found.hits]


@pytest.mark.parametrize(("region", "first"), [("福建", "fujian"), ("陕西", "shaanxi"), ("西安", "shaanxi")])
def test_the_asked_region_comes_before_another(ask: Ask, region: str, first: str) -> None:
    ids = [name for name in article_ids(ask(f"{region}家庭共济怎么绑定父母")) if name in {"fujian", "shaanxi"}]
    assert ids[0] == first


def test_insurance_first_then_treatment_then_elsewhere_and_nationwide_articles_stay(
    tmp_path: Path, segmenter: Segmenter
) -> None:
    regions = {
        "fujian": ("福建", "能"),
        "henan": ("河南", "可"),
        "nationwide": ("全国", "会"),
        "zhejiang": ("浙江", "就"),
    }
    for name, (region, word) in regions.items():
        content = f"---\ntitle: 看病备案\nregion: {region}\n---\n看病以前在手机上备案,住院{word}直接结算。\n"
        (tmp_path / f"{name}.md").write_text(content, encoding="utf-8")
    for name in ("birth", "xian"):  # far behind: scores are scaled between the best and the worst
        (tmp_path / f"{name}.md").write_text(f"---\n{ARTICLES[name]}\n", encoding="utf-8")
    build_index([tmp_path], tmp_path / "index", HashEmbedder(), segmenter, ChunkingConfig(), 1_000_000)
    found = HybridSearch(open_index(tmp_path / "index"), HashEmbedder())
    names = {region: name for name, (region, _) in regions.items()}
    for insured, treated, other in itertools.permutations(("福建", "河南", "浙江")):
        query, vector = asked(f"{insured}医保在{treated}看病怎么备案", segmenter)
        hits = found.search(query, vector, 6)
        ids = [name for name in article_ids(hits) if name in regions]
        assert set(ids[:2]) == {names[insured], "nationwide"}
        assert ids[2:] == [names[treated], names[other]]


def test_reasons_tell_matched_from_missed_terms(ask: Ask) -> None:
    leg = ask("生育津贴的有效期").hits[0].legs["lexical"]
    assert set(leg.matched) | set(leg.missed) == {"生育津贴", "有效期"}
    assert not set(leg.matched) & set(leg.missed)


def test_every_leg_gives_a_rank_and_its_raw_score(ask: Ask) -> None:
    hits = ask("生育津贴怎么计发").hits
    assert set(hits[0].legs) == {"lexical", "dense"}
    assert hits[0].legs["lexical"].rank == hits[0].legs["dense"].rank == 1
    assert hits[0].legs["lexical"].score > hits[1].legs["lexical"].score
    assert hits[0].legs["dense"].score > hits[1].legs["dense"].score


def test_evidence_is_stronger_for_a_covered_question(ask: Ask) -> None:
    covered, foreign = ask("异地就医备案的有效期是6个月").evidence, ask("红烧肉需要放几勺糖").evidence
    assert covered.probability > foreign.probability
    assert covered.measures.closest > foreign.measures.closest


def test_the_lexical_leg_alone_ranks_like_its_retriever(
    reader: IndexReader, search: HybridSearch, segmenter: Segmenter
) -> None:
    query, vector = asked("手机上绑定父母", segmenter)
    rows, scores = search.rank(query, vector, "lexical", 10)
    expected = LexicalRetriever(reader.lexical).search(query, vector, 10)
    assert rows.tolist() == expected.rows.tolist()
    assert scores.tolist() == expected.scores.tolist()


@pytest.mark.parametrize("leg", ["hybrid", "dense", "lexical"])
def test_rank_is_best_first_and_bounded(
    reader: IndexReader, search: HybridSearch, segmenter: Segmenter, leg: str
) -> None:
    rows, scores = search.rank(*asked("异地就医备案手机上办理", segmenter), leg, 2)  # type: ignore[arg-type]
    assert len(rows) == len(scores) == 2
    assert (np.diff(scores) <= 0).all()
    assert reader.database.passages([int(rows[0])])[0].article_id == "filing"


def test_an_unknown_language_is_no_error(ask: Ask) -> None:
    found = ask("zzz qqq")
    assert all(0.0 <= hit.score <= 1.0 for hit in found.hits)
    assert found.evidence.probability < 0.5


def test_the_same_question_gives_the_same_answer(ask: Ask) -> None:
    assert ask("异地就医备案") == ask("异地就医备案")


def test_a_term_found_under_another_name_is_shown_so(ask: Ask) -> None:
    leg = ask("门诊统筹的门槛费").hits[0].legs["lexical"]
    assert ("门槛费", "起付线") in leg.synonyms
    assert "门槛费" not in leg.missed
    assert "门槛费" not in leg.matched


def test_a_number_is_found_in_any_writing(ask: Ask) -> None:
    leg = ask("门诊统筹起付线二百元").hits[0].legs["lexical"]
    assert "二百元" in leg.matched or "二百" in leg.matched


def test_synonyms_move_the_lexical_score(search: HybridSearch, segmenter: Segmenter) -> None:
    query, vector = asked("门诊统筹的门槛费", segmenter)
    bare = replace(query, synonyms=(), synonym_tokens=())
    with_synonyms, without = (search.search(each, vector, 5).hits[0].legs["lexical"].score for each in (query, bare))
    assert with_synonyms > without


def test_facets_can_be_switched_off(search: HybridSearch, segmenter: Segmenter) -> None:
    query, vector = asked("福建的家庭共济能绑定父母吗", segmenter)
    found = {on: search.search(query, vector, 5, SearchOptions(facets=on)) for on in (True, False)}
    score = {on: {h.passage.article_id: h.score for h in found[on].hits} for on in found}
    assert score[True]["shaanxi"] < score[False]["shaanxi"]


@pytest.mark.parametrize("leg", ["lexical", "dense", "hybrid"])
@pytest.mark.parametrize("top_k", [1, 2, 3])
def test_passages_switched_off_are_left_out_and_the_others_move_up(
    reader: IndexReader, segmenter: Segmenter, leg: str, top_k: int
) -> None:
    query, vector = asked("家庭共济在手机上绑定父母", segmenter)
    every, _ = HybridSearch(reader, HashEmbedder()).rank(query, vector, leg, 5)
    off = {int(every[0]), int(every[2])}
    rows, scores = HybridSearch(reader, HashEmbedder(), excluded=off).rank(query, vector, leg, top_k)
    assert list(rows) == [row for row in every if row not in off][:top_k]
    assert len(scores) == len(rows)


def test_a_search_returns_top_k_hits_though_the_best_are_switched_off(
    reader: IndexReader, segmenter: Segmenter
) -> None:
    query, vector = asked("异地就医备案的有效期", segmenter)
    best = HybridSearch(reader, HashEmbedder()).search(query, vector, 3)
    found = HybridSearch(reader, HashEmbedder(), excluded=best.rows[:2]).search(query, vector, 3)
    assert len(found.rows) == 3
    assert not set(best.rows[:2]) & set(found.rows)
    assert [hit.rank for hit in found.hits] == [1, 2, 3]


def test_with_every_passage_switched_off_nothing_is_found(reader: IndexReader, segmenter: Segmenter) -> None:
    query, vector = asked("备案", segmenter)
    assert (
        HybridSearch(reader, HashEmbedder(), excluded=range(reader.manifest.passages)).search(query, vector, 3).hits
        == ()
    )
