"""The doors as tools of the Model Context Protocol, over streamable HTTP, with the ``mcp`` package.

Every call stands alone and is answered with one JSON body: no sessions are kept and no stream stays open, so that any
number of clients may come and a shutdown waits for nobody.
"""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated, Any

from mcp.server.mcpserver import MCPServer
from mcp.server.streamable_http_manager import StreamableHTTPSessionManager
from mcp.server.transport_security import TransportSecuritySettings
from mcp.types import CallToolResult, TextContent, ToolAnnotations
from pydantic import Field, ValidationError

from yibao import __version__, wording
from yibao.answer.rendering import to_markdown
from yibao.api.door import Door
from yibao.api.failures import RefusedError, in_words
from yibao.api.schemas import MAX_HITS, MODEL_NAME, AnswerBody, ArticleBody, AskRequest, SearchBody, SearchRequest
from yibao.errors import YibaoError
from yibao.records import hit_to_json
from yibao.search.understanding import MAX_QUESTION_CHARACTERS

# The limits are told in the schema but checked here, where the error is one that people can read.
Asked = Annotated[
    str, Field(description=wording.FIELD_QUESTION, json_schema_extra={"maxLength": MAX_QUESTION_CHARACTERS})
]
Earlier = Annotated[list[str] | None, Field(description=wording.FIELD_HISTORY)]
Hits = Annotated[
    int | None, Field(description=wording.FIELD_TOP_K, json_schema_extra={"minimum": 1, "maximum": MAX_HITS})
]
# Nothing is changed, the same call gives the same result, and only the articles are looked at.
_READS = ToolAnnotations(read_only_hint=True, idempotent_hint=True, open_world_hint=False)

_EXPECTED = (RefusedError, YibaoError, ValidationError)


class Tools:
    """The tools, over one door."""

    def __init__(self, door: Door) -> None:
        self._door = door

    def server(self) -> MCPServer[Any]:
        """Return a server that offers the tools; see ``session_manager`` for how to reach it."""
        server: MCPServer[Any] = MCPServer(
            MODEL_NAME, title=wording.PAGE_TITLE, instructions=wording.MCP_INSTRUCTIONS, version=__version__,
            log_level="WARNING", subscriptions=False,
        )  # fmt: skip
        for tool, text in (
            (self.ask, wording.MCP_ASK),
            (self.search, wording.MCP_SEARCH),
            (self.article, wording.MCP_ARTICLE),
        ):
            server.add_tool(tool, description=text, annotations=_READS)
        return server

    def ask(self, question: Asked, history: Earlier = None) -> Annotated[CallToolResult, AnswerBody]:
        """Answer a question: Markdown to read, the whole answer as structured content."""
        try:
            answer = self._door.ask(AskRequest(question=question, history=history or []).to_request())
        except _EXPECTED as error:
            return _failure(error)
        return _result(to_markdown(answer), answer.to_json())

    def search(self, query: Asked, top_k: Hits = None) -> Annotated[CallToolResult, SearchBody]:
        """Return the best passages."""
        try:
            found = self._door.find(SearchRequest(query=query, top_k=top_k).to_request())
        except _EXPECTED as error:
            return _failure(error)
        hits = [hit_to_json(hit) for hit in found.hits]
        text = "\n\n".join(f"{hit['rank']}. 《{hit['title']}》 {hit['passage_id']}\n{hit['text']}" for hit in hits)
        return _result(text, {"query": query, "hits": hits, "confidence": round(found.evidence.probability, 4)})

    def article(self, article_id: str) -> Annotated[CallToolResult, ArticleBody]:
        """Return one article."""
        try:
            article = self._door.article(article_id)
        except LookupError:
            return _failure(RefusedError(404, wording.NO_SUCH_ARTICLE.format(id=article_id)))
        except _EXPECTED as error:
            return _failure(error)
        return _result(f"# {article.title}\n\n{article.text}\n\n{article.disclaimer}", asdict(article))


def session_manager(door: Door, limit: int) -> StreamableHTTPSessionManager:
    """Return the ASGI part of the tools: run ``run()`` while serving, and give requests to ``asgi_app``.

    Args:
        door: what the tools use.
        limit: the longest request, in bytes.
    """
    server = Tools(door).server()
    # Names and origins are checked by the guard before every door, by one rule for all.
    server.streamable_http_app(
        json_response=True, stateless_http=True, max_request_body_size=limit,
        transport_security=TransportSecuritySettings(enable_dns_rebinding_protection=False),
    )  # fmt: skip
    return server.session_manager


def _result(text: str, structured: dict[str, Any]) -> CallToolResult:
    return CallToolResult(content=[TextContent(type="text", text=text)], structured_content=structured)


def _failure(error: Exception) -> CallToolResult:
    """Return what the model reads where a call failed."""
    text = in_words(error.errors()) if isinstance(error, ValidationError) else str(error)
    return CallToolResult(content=[TextContent(type="text", text=text)], is_error=True)
