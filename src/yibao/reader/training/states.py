"""What the frozen lower half says of each text, computed once and kept in half precision."""

from __future__ import annotations

from collections.abc import Sequence

from torch import Tensor

from yibao.reader.inputs import PassageText, Tokeniser, Tokens
from yibao.reader.network import Batch, Lower, pack
from yibao.reader.training.examples import Example


class States:
    """Keeps states of questions and passages by their text."""

    def __init__(self, lower: Lower, tokeniser: Tokeniser) -> None:
        self._lower, self._tokeniser = lower, tokeniser
        self._tokens: dict[str | PassageText, Tokens] = {}
        self._states: dict[str | PassageText, Tensor] = {}

    def read(self, examples: Sequence[Example]) -> None:
        """Cut the texts of ``examples`` into tokens, all in one batch."""
        questions = list({e.question for e in examples} - self._tokens.keys())
        passages = list({e.passage for e in examples} - self._tokens.keys())
        self._tokens.update(zip(questions, self._tokeniser.questions(questions), strict=True))
        self._tokens.update(zip(passages, self._tokeniser.passages(passages), strict=True))

    def size(self, example: Example) -> int:
        """Return the number of tokens of an example that was read."""
        return len(self._tokens[example.question].numbers) + len(self._tokens[example.passage].numbers)

    def batch(self, examples: Sequence[Example]) -> Batch:
        """Return the examples, already read, as one batch."""
        pairs = []
        for example in examples:
            question, passage = (self._of(text) for text in (example.question, example.passage))
            pairs.append((question.float(), passage.float(), self._tokens[example.passage].spans))
        return pack(pairs)

    def _of(self, text: str | PassageText) -> Tensor:
        if text not in self._states:
            self._states[text] = self._lower.of(self._tokens[text].numbers)
        return self._states[text]

    def reset(self) -> None:
        """Forget the states."""
        self._states.clear()
