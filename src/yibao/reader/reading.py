"""Reading passages with a question in mind: how much more likely each sentence answers than that nothing does."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cached_property
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Protocol

from yibao import wording
from yibao.errors import ModelError
from yibao.index.bundled import bundled_folder
from yibao.index.threads import cores, keep_to_one_thread
from yibao.reader.inputs import PassageText, Tokeniser, Tokens
from yibao.reader.weights import CHECKSUM, WEIGHTS

if TYPE_CHECKING:
    from torch import Tensor

    from yibao.reader.network import Lower, Upper

UNREAD = float("-inf")  # the score of a sentence beyond the length limit
REMEMBERED = 500  # texts whose lower states are kept: a passage takes about 190 KB


class Reader(Protocol):
    """Reads a question with passages."""

    def read(self, question: str, passages: Sequence[PassageText]) -> list[list[float]]:
        """Return for each passage the log-odds of each of its sentences against "nothing here answers"."""
        ...

    def warm_up(self) -> None:
        """Load the weights, so that the first question does not wait for them."""
        ...


class BundledReader:
    """The reader that ships with the package: the bundled encoder's lower half and the trained upper half.

    Passages are spread over the cores; what the lower half says of the last ones is remembered.
    """

    def __init__(self, weights: Path = WEIGHTS, checksum: Path = CHECKSUM) -> None:
        """Nothing is loaded yet; other files than the shipped ones are for whoever tries out a training."""
        self._files = (weights, checksum)
        self._lock = Lock()
        self._known: OrderedDict[tuple[int, ...], Tensor] = OrderedDict()

    @property
    def fingerprint(self) -> str:
        """Names the weights: same string, same scores."""
        return self._files[1].read_text(encoding="utf-8").split()[0][:16]

    def warm_up(self) -> None:
        """Load the weights."""
        self.read("", [PassageText("", "。", ((0, 1),))])

    def read(self, question: str, passages: Sequence[PassageText]) -> list[list[float]]:
        """Return for each passage the log-odds of each of its sentences against "nothing here answers".

        Raises:
            ModelError: the weights cannot be loaded.
        """
        if not passages:
            return []
        _, _, tokeniser = self._parts
        (asked,), texts = tokeniser.questions([question]), tokeniser.passages(passages)
        order = sorted(range(len(texts)), key=lambda n: -len(texts[n].numbers))
        groups = [group for n in range(cores()) if (group := order[n :: cores()])]
        states = self._lower_states(asked.numbers)
        found: dict[int, list[float]] = {}

        def work(group: list[int]) -> None:
            found.update(zip(group, self._scores(states, [texts[n] for n in group]), strict=True))

        if len(groups) == 1:
            work(groups[0])
        else:
            with ThreadPoolExecutor(len(groups)) as pool:
                list(pool.map(work, groups))
        return [found[n] for n in range(len(texts))]

    def _scores(self, asked: Tensor, texts: Sequence[Tokens]) -> list[list[float]]:
        import torch

        from yibao.reader.network import pack

        _, upper, _ = self._parts
        with torch.inference_mode():
            batch = pack([(asked, self._lower_states(text.numbers), text.spans) for text in texts])
            scores, nothing = upper(batch)
            margins = (scores - nothing[:, None]).tolist()
        return [row[: len(text.spans)] for row, text in zip(margins, texts, strict=True)]

    def _lower_states(self, numbers: tuple[int, ...]) -> Tensor:
        with self._lock:
            if numbers in self._known:
                self._known.move_to_end(numbers)
                return self._known[numbers].float()
        lower, _, _ = self._parts
        states = lower.of(numbers)
        with self._lock:
            self._known[numbers] = states
            while len(self._known) > REMEMBERED:
                self._known.popitem(last=False)
        return states.float()  # the same however often it is read

    @cached_property
    def _parts(self) -> tuple[Lower, Upper, Tokeniser]:
        from yibao.reader.network import Lower, Upper, encoder_tensors
        from yibao.reader.weights import load

        try:
            folder = bundled_folder()
        except (OSError, ValueError) as error:
            raise ModelError(wording.READER_NEEDS_ENCODER) from error
        upper = Upper()
        upper.load_state_dict(load(*self._files))
        keep_to_one_thread()
        return Lower(encoder_tensors(folder)), upper.eval(), Tokeniser(folder)
