"""What goes in and out of the doors, described for OpenAPI. The bodies themselves are made by ``records``."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field
from pydantic_core import PydanticCustomError

from yibao import wording
from yibao.records import ArticleKind, Choice, Citation, Contrast, Facets, Insurance, Leg, Status
from yibao.request import LegChoice, Request, SearchOptions
from yibao.search.understanding import MAX_QUESTION_CHARACTERS

MODEL_NAME = "yibao"
MAX_HITS = 100
MAX_HISTORY = 50

Question = Annotated[str, Field(max_length=MAX_QUESTION_CHARACTERS)]


def _no_text(value: Any) -> Any:
    """Refuse what pydantic would turn into a number; JSON knows 1 and 1.0, not "1"."""
    if isinstance(value, str | bool):
        raise PydanticCustomError("int_type", "not a number")
    return value


WholeNumber = Annotated[int, BeforeValidator(_no_text)]
TopK = Annotated[int, Field(ge=1, le=MAX_HITS), BeforeValidator(_no_text)]
EXAMPLE = next(iter(wording.STARTERS.values()))[0]


class Strict(BaseModel):
    """A body in which a name that does not exist is a mistake."""

    model_config = ConfigDict(extra="forbid")


class AskedFacets(Strict):
    """Facets set by the caller, in place of those read from the question."""

    regions: list[str] = Field(default=[], max_length=20, examples=[["陕西"]])
    insurance: list[Insurance] = Field(default=[], max_length=2, examples=[["employee"]])
    person: list[str] = Field(default=[], max_length=20, examples=[["退休"]])
    years: list[WholeNumber] = Field(default=[], max_length=20, examples=[[2025]])
    treated_in: list[str] = Field(default=[], max_length=20, examples=[["北京"]])
    topics: list[str] = Field(default=[], max_length=20, examples=[[]])

    def to_record(self) -> Facets:
        """Return them as the pipeline takes them."""
        return Facets(**{name: tuple(values) for name, values in self.model_dump().items()})


class AskRequest(Strict):
    """The body of POST /v1/ask."""

    question: Question = Field(min_length=1, description=wording.FIELD_QUESTION, examples=[EXAMPLE])
    history: list[Question] = Field(
        default=[], max_length=MAX_HISTORY, description=wording.FIELD_HISTORY, examples=[["跨省看病最低能报销多少？"]]
    )
    top_k: TopK | None = Field(default=None, description=wording.FIELD_TOP_K, examples=[3])
    facets: AskedFacets | None = Field(default=None, description=wording.FIELD_FACETS, examples=[None])

    def to_request(self) -> Request:
        """Return it as the pipeline takes it."""
        facets = self.facets.to_record() if self.facets else None
        return Request(self.question, tuple(self.history), self.top_k, facets)


class SearchRequest(Strict):
    """The body of POST /v1/search."""

    query: Question = Field(min_length=1, description=wording.FIELD_QUESTION, examples=[EXAMPLE])
    top_k: TopK | None = Field(default=None, description=wording.FIELD_TOP_K, examples=[3])
    leg: LegChoice = Field(default="hybrid", description=wording.FIELD_LEG)

    def to_request(self) -> Request:
        """Return it as the pipeline takes it."""
        return Request(self.query, top_k=self.top_k, options=SearchOptions(leg=self.leg))


class HitBody(Strict):
    """A passage that was found, with the reasons; ``score`` is in 0..1."""

    passage_id: str
    article_id: str
    title: str
    heading: str
    text: str
    start: int
    end: int
    score: float = Field(ge=0, le=1)
    rank: int = Field(ge=1)
    legs: dict[str, Leg]


class AnswerBody(Strict):
    """An answer, field for field that of ``yibao ask --json``."""

    question: str
    rewritten: str
    status: Status
    text: str
    summary: str
    citations: list[Citation]
    hits: list[HitBody]
    notices: list[str]
    choices: list[Choice]
    contrasts: list[Contrast]
    unanswered: list[str]
    missing_terms: list[str]
    suggestions: list[str]
    facets: Facets
    disclaimer: str
    confidence: float = Field(ge=0, le=1)
    timings_ms: dict[str, float]


class SearchBody(Strict):
    """The hits of a search, best first, and how likely they answer the question, in 0..1."""

    query: str
    hits: list[HitBody]
    confidence: float = Field(ge=0, le=1)


class ArticleBody(Strict):
    """An article with its full text."""

    id: str
    title: str
    text: str
    source: str
    published: str | None
    region: str | None
    insurance: list[Insurance]
    person: list[str]
    topics: list[str]
    kind: ArticleKind
    disclaimer: str


class PassageBody(Strict):
    """A passage: ``article.text[start:end] == text``."""

    passage_id: str
    article_id: str
    title: str
    heading: str
    text: str
    start: int
    end: int
    disclaimer: str


class ErrorDetail(Strict):
    """What went wrong, for people, and its kind, for programs."""

    message: str
    type: str


class ErrorBody(Strict):
    """The one form of every error."""

    error: ErrorDetail


class StateBody(Strict):
    """What /healthz and /readyz say."""

    status: Literal["ok", "ready"]


def described(door: str, tag: str) -> dict[str, Any]:
    """Return what OpenAPI says of a door: summary, description, and the group it belongs to."""
    summary, description = wording.API_DOORS[door]
    return {"summary": summary, "description": description, "tags": [wording.API_TAGS[tag]]}


def errors(*codes: int) -> dict[int | str, dict[str, Any]]:
    """Return the OpenAPI responses of these error codes."""
    return {code: {"model": ErrorBody} for code in codes}
