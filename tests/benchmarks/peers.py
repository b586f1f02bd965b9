"""The same articles and questions through other retrieval libraries, side by side with yibao.

    python -m venv /tmp/peers && /tmp/peers/bin/pip install -c .ci/lock/torch.txt -e '.[eval]' \\
        langchain-community langchain-huggingface langchain-text-splitters \\
        llama-index-core llama-index-embeddings-huggingface haystack-ai sentence-transformers-haystack txtai
    /tmp/peers/bin/python tests/benchmarks/peers.py

Every peer gets the same model folder, the same prompts, the shipped articles and the answerable questions of the
reporting half. "Plain settings" cut at 300 characters on Chinese punctuation. Printed: MRR@10 and recall@5 of the
first passage that shows a gold sentence, evidence within the first 600 characters shown, seconds to index, and
milliseconds a question.
"""

from __future__ import annotations

import os
import statistics
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

os.environ.setdefault("HF_HUB_OFFLINE", "1")
os.environ.setdefault("HAYSTACK_TELEMETRY_ENABLED", "False")

from yibao.config import Config
from yibao.corpus.reading import read_corpus
from yibao.evaluation.questions import Question, of_half, shipped_questions
from yibao.index.bundled import bundled_folder
from yibao.indexing import index_with
from yibao.pipeline import open_pipeline
from yibao.records import Article
from yibao.request import Request

ROOT = Path(__file__).parent.parent.parent
DEPTH = 10
SHOWN = 600
SEPARATORS = ["\n\n", "\n", "\u3002", "\uff01", "\uff1f", "\uff1b", "\uff0c", ""]

# A peer takes the articles and returns a search: question -> texts, best first.
Search = Callable[[str], list[str]]
Peer = Callable[[list[Article]], Search]


@dataclass(frozen=True)
class Row:
    """The figures of one peer."""

    name: str
    mrr: float
    recall: float
    evidence: float
    index_seconds: float
    query_ms: float


def langchain(size: int, overlap: int, separators: list[str] | None) -> Peer:
    def build(articles: list[Article]) -> Search:
        from langchain_community.vectorstores import FAISS
        from langchain_huggingface import HuggingFaceEmbeddings
        from langchain_text_splitters import RecursiveCharacterTextSplitter

        options = {"separators": separators} if separators else {}
        splitter = RecursiveCharacterTextSplitter(chunk_size=size, chunk_overlap=overlap, **options)
        embeddings = HuggingFaceEmbeddings(
            model_name=str(bundled_folder()),
            encode_kwargs={"prompt": "passage: ", "normalize_embeddings": True},
            query_encode_kwargs={"prompt": "query: ", "normalize_embeddings": True},
        )
        texts = [piece for article in articles for piece in splitter.split_text(f"{article.title}\n{article.text}")]
        store = FAISS.from_texts(texts, embeddings)
        return lambda question: [hit.page_content for hit in store.similarity_search(question, k=DEPTH)]

    return build


def llama_index(size: int, overlap: int) -> Peer:
    def build(articles: list[Article]) -> Search:
        from llama_index.core import Document, Settings, VectorStoreIndex
        from llama_index.core.node_parser import SentenceSplitter
        from llama_index.embeddings.huggingface import HuggingFaceEmbedding

        Settings.llm = None
        model = HuggingFaceEmbedding(str(bundled_folder()), query_instruction="query: ", text_instruction="passage: ")
        documents = [Document(text=f"{article.title}\n{article.text}") for article in articles]
        splitter = SentenceSplitter(chunk_size=size, chunk_overlap=overlap)
        index = VectorStoreIndex.from_documents(documents, embed_model=model, transformations=[splitter])
        retriever = index.as_retriever(similarity_top_k=DEPTH)
        return lambda question: [hit.node.get_content() for hit in retriever.retrieve(question)]

    return build


def haystack(articles: list[Article]) -> Search:
    from haystack import Document
    from haystack.components.retrievers.in_memory import InMemoryEmbeddingRetriever
    from haystack.document_stores.in_memory import InMemoryDocumentStore
    from haystack_integrations.components.embedders.sentence_transformers import (
        SentenceTransformersDocumentEmbedder,
        SentenceTransformersTextEmbedder,
    )

    folder = str(bundled_folder())
    documents = SentenceTransformersDocumentEmbedder(model=folder, prefix="passage: ", progress_bar=False)
    texts = SentenceTransformersTextEmbedder(model=folder, prefix="query: ", progress_bar=False)
    documents.warm_up()
    texts.warm_up()
    store = InMemoryDocumentStore(embedding_similarity_function="cosine")
    whole = [Document(content=f"{article.title}\n{article.text}") for article in articles]
    store.write_documents(documents.run(whole)["documents"])
    retriever = InMemoryEmbeddingRetriever(store, top_k=DEPTH)

    def search(question: str) -> list[str]:
        found = retriever.run(query_embedding=texts.run(question)["embedding"])["documents"]
        return [document.content or "" for document in found]

    return search


def txtai(articles: list[Article]) -> Search:
    from txtai import Embeddings

    store = Embeddings(
        path=str(bundled_folder()), content=True, hybrid=True, instructions={"query": "query: ", "data": "passage: "}
    )
    store.index([f"{article.title}\n{article.text}" for article in articles])
    return lambda question: [row["text"] for row in store.search(question, DEPTH)]


def yibao(_articles: list[Article]) -> Search:
    folder = tempfile.mkdtemp()
    config = Config(corpus=(str(ROOT / "corpus"),), index=folder)
    index_with(config)
    pipeline = open_pipeline(config)
    return lambda question: [hit.passage.text for hit in pipeline.ask(Request(question, top_k=DEPTH)).hits]


PEERS: dict[str, Peer] = {
    "yibao": yibao,
    "LangChain FAISS, defaults (1000/200)": langchain(1000, 200, None),
    "LangChain FAISS, 300 on punctuation": langchain(300, 50, SEPARATORS),
    "LlamaIndex, defaults (1024/200)": llama_index(1024, 200),
    "LlamaIndex, 256/32": llama_index(256, 32),
    "Haystack, whole documents": haystack,
    "txtai, hybrid, whole documents": txtai,
}


def measure(name: str, peer: Peer, articles: list[Article], questions: list[Question]) -> Row:
    """Index, warm up once, ask every question, and judge by the first text that holds a gold sentence."""
    started = time.perf_counter()
    search = peer(articles)
    index_seconds = time.perf_counter() - started
    search(questions[0].question)
    ranks, evidence, times = [], [], []
    for question in questions:
        started = time.perf_counter()
        texts = search(question.question)
        times.append(time.perf_counter() - started)
        golds = ["".join(gold.quote.split()) for gold in question.gold]
        squeezed = ["".join(text.split()) for text in texts]
        ranks.append(next((n for n, text in enumerate(squeezed, 1) if any(gold in text for gold in golds)), 0))
        evidence.append(any(gold in "".join(squeezed)[:SHOWN] for gold in golds))
    return Row(
        name,
        statistics.mean(1 / rank if rank else 0.0 for rank in ranks),
        statistics.mean(0 < rank <= 5 for rank in ranks),
        statistics.mean(evidence),
        index_seconds,
        1000 * statistics.median(times),
    )


def main() -> None:
    articles = read_corpus([ROOT / "corpus"], 20_000_000).articles
    questions = [
        question
        for question in of_half(shipped_questions(), "report")
        if question.status == "answered" and not question.all_needed and not question.history
    ]
    print(f"{len(articles)} articles, {len(questions)} questions")
    print(f"{'':40} MRR@10  R@5    evidence@{SHOWN}  index s  query ms")
    for name, peer in PEERS.items():
        try:
            row = measure(name, peer, articles, questions)
        except ImportError as error:
            print(f"{name:40} not installed here: {error}")
            continue
        print(
            f"{row.name:40} {row.mrr:.3f}   {row.recall:.3f}  {row.evidence:.3f}"
            f"         {row.index_seconds:6.1f}   {row.query_ms:6.1f}"
        )


if __name__ == "__main__":
    main()
