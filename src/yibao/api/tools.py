"""The doors as tools of the Model Context Protocol, over streamable HTTP, with the ``mcp`` package.

Every call stands alone and is answered with one JSON body: no sessions are kept and no stream stays open, so that any
number of clients may come and a shutdown waits for nobody.
"""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated, Any

from mcp.server.mcpserver import MCPServer
from mcp.server.mcpserver.exceptions import ToolError
from mcp.server.streamable_http_manager import StreamableHTTPSessionManager
from mcp.server.transport_security import TransportSecuritySettings
from mcp.types import CallToolResult, TextContent, ToolAnnotations
from pydantic import Field

from yibao import __version__, wording
from yibao.answer.rendering import to_markdown
from yibao.api.door import Door
from yibao.api.failures import RefusedError
from yibao.api.schemas import MAX_HISTORY, MODEL_NAME, AnswerBody, ArticleBody, Question, SearchBody, TopK
from yibao.errors import YibaoError
from yibao.records import Answer, Article, hit_to_json
from yibao.search.hybrid import Found

Asked = Annotated[Question, Field(min_length=1, description=wording.FIELD_QUESTION)]
Earlier = Annotated[list[Question], Field(max_length=MAX_HISTORY, description=wording.FIELD_HISTORY)]
Hits = Annotated[TopK | None, Field(description=wording.FIELD_TOP_K)]
# Nothing is changed, the same call gives the same result, and only the articles are looked at.
_READS = ToolAnnotations(read_only_hint=True, idempotent_hint=True, open_world_hint=False)


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

    def ask(self, question: Asked, history: Earlier | None = None) -> Annotated[CallToolResult, AnswerBody]:
        """Answer a question: Markdown to read, the whole answer as structured content."""
        try:
            answer: Answer = self._door.ask(question, history or ())
        except (RefusedError, YibaoError) as error:
            raise ToolError(str(error)) from error
        return _result(to_markdown(answer), answer.to_json())

    def search(self, query: Asked, top_k: Hits = None) -> Annotated[CallToolResult, SearchBody]:
        """Return the best passages."""
        try:
            found: Found = self._door.find(query, (), top_k)
        except (RefusedError, YibaoError) as error:
            raise ToolError(str(error)) from error
        hits = [hit_to_json(hit) for hit in found.hits]
        text = "\n\n".join(f"{hit['rank']}. 《{hit['title']}》 {hit['passage_id']}\n{hit['text']}" for hit in hits)
        return _result(text, {"query": query, "hits": hits, "confidence": round(found.evidence.probability, 4)})

    def article(
        self, article_id: Annotated[str, Field(max_length=1000)]
    ) -> Annotated[CallToolResult, ArticleBody]:  # fmt: skip
        """Return one article."""
        try:
            article: Article = self._door.article(article_id)
        except LookupError as error:
            raise ToolError(wording.NO_SUCH_ARTICLE.format(id=article_id)) from error
        except (RefusedError, YibaoError) as error:
            raise ToolError(str(error)) from error
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
