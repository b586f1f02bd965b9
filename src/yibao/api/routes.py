"""The doors in this project's own form: questions, searches, articles and passages."""

from __future__ import annotations

from dataclasses import asdict

from fastapi import APIRouter
from fastapi.responses import JSONResponse

from yibao import wording
from yibao.api.door import Door
from yibao.api.failures import RefusedError
from yibao.api.schemas import (
    AnswerBody,
    ArticleBody,
    AskRequest,
    PassageBody,
    SearchBody,
    SearchRequest,
    described,
    errors,
)
from yibao.records import hit_to_json

REFUSALS = errors(400, 401, 403, 413, 421, 422, 429, 503)


class QuestionRoutes:
    """The handlers, over one door. They run in worker threads: one question does not hold up another."""

    def __init__(self, door: Door) -> None:
        self._door = door

    def router(self) -> APIRouter:
        """Return the routes of the handlers."""
        router = APIRouter(prefix="/v1", responses=REFUSALS)
        missing = errors(404)
        router.post("/ask", response_model=AnswerBody, **described("ask", "questions"))(self.ask)
        router.post("/search", response_model=SearchBody, **described("search", "questions"))(self.search)
        article = router.get(
            "/articles/{article_id:path}",
            response_model=ArticleBody,
            responses=missing,
            **described("article", "texts"),
        )
        article(self.article)
        passage = router.get(
            "/passages/{passage_id:path}",
            response_model=PassageBody,
            responses=missing,
            **described("passage", "texts"),
        )
        passage(self.passage)
        return router

    def ask(self, body: AskRequest) -> JSONResponse:
        """Answer a question."""
        return JSONResponse(self._door.ask(body.to_request()).to_json())

    def search(self, body: SearchRequest) -> JSONResponse:
        """Return the best passages with the reasons for each."""
        found = self._door.find(body.to_request())
        return JSONResponse(
            {
                "query": body.query,
                "hits": [hit_to_json(hit) for hit in found.hits],
                "confidence": round(found.evidence.probability, 4),
            }
        )

    def article(self, article_id: str) -> JSONResponse:
        """Return an article."""
        try:
            return JSONResponse(asdict(self._door.article(article_id)))
        except LookupError as error:
            raise RefusedError(404, wording.NO_SUCH_ARTICLE.format(id=article_id)) from error

    def passage(self, passage_id: str) -> JSONResponse:
        """Return a passage."""
        try:
            passage = self._door.passage(passage_id)
        except LookupError as error:
            raise RefusedError(404, wording.NO_SUCH_PASSAGE.format(id=passage_id)) from error
        names = ("article_id", "title", "heading", "text", "start", "end")
        fields = {name: getattr(passage, name) for name in names}
        return JSONResponse({"passage_id": passage.id, **fields, "disclaimer": wording.DISCLAIMER})
