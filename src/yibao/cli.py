"""The command line: thin. Data goes to stdout, logs and progress to stderr; 0 done, 1 a clear error, 2 wrong usage."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from io import TextIOWrapper
from pathlib import Path
from typing import Annotated, Any

import typer

from yibao import __version__, wording
from yibao.config import Settings, load
from yibao.errors import InputError, YibaoError
from yibao.storage import reason

app = typer.Typer(add_completion=False, no_args_is_help=True, help=wording.HELP_APP, rich_markup_mode=None)

IndexOption = Annotated[str | None, typer.Option("--index", help=wording.HELP_INDEX_DIR)]
ModelOption = Annotated[str | None, typer.Option("--model", help=wording.HELP_MODEL)]
TopKOption = Annotated[int | None, typer.Option("--top-k", help=wording.HELP_TOP_K)]
JsonOption = Annotated[bool, typer.Option("--json", help=wording.HELP_JSON)]


def main() -> None:
    """Run the command line; a user's mistake prints one line and exits with 1."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):  # a locale without Chinese must not end in a traceback
            stream.reconfigure(errors="backslashreplace")
    try:
        app()
    except YibaoError as error:
        print(f"{wording.ERROR_PREFIX}{error}", file=sys.stderr)
        sys.exit(1)
    except BrokenPipeError:
        sys.stderr.close()
        sys.exit(1)
    except OSError as error:
        print(f"{wording.ERROR_PREFIX}{wording.FILE_TROUBLE.format(reason=reason(error))}", file=sys.stderr)
        sys.exit(1)
    except KeyboardInterrupt:
        sys.exit(130)


@app.callback(invoke_without_command=True)
def _root(version: Annotated[bool, typer.Option("--version", help=wording.HELP_VERSION)] = False) -> None:
    if version:
        print(f"yibao {__version__}")
        raise typer.Exit


@app.command("index", help=wording.HELP_INDEX)
def index_command(
    corpus: Annotated[list[Path] | None, typer.Option("--corpus", help=wording.HELP_CORPUS)] = None,
    index: IndexOption = None,
    model: ModelOption = None,
    rebuild: Annotated[bool, typer.Option("--rebuild", help=wording.HELP_REBUILD)] = False,
    check: Annotated[bool, typer.Option("--check", help=wording.HELP_CHECK)] = False,
    as_json: JsonOption = False,
) -> None:
    folders = tuple(str(path) for path in corpus) if corpus else None
    settings = load({"corpus": folders, "index": index, "model": model})
    if check:
        _check(settings)
        return
    from yibao.indexing import index_with

    report = index_with(settings.config, rebuild=rebuild, show_progress=sys.stderr.isatty())
    if as_json:
        _print_json(report.to_json())
        return
    counts = report.to_json()
    print(wording.INDEX_REPORT.format(**counts) if report.changed else wording.INDEX_UNCHANGED.format(**counts))
    for each in (*report.skipped, *report.remarks):
        print(each)


def _check(settings: Settings) -> None:
    """Read the corpus without indexing it: for whoever adds an article."""
    from yibao.corpus.reading import read_corpus

    config = settings.config
    reading = read_corpus([Path(folder) for folder in config.corpus], config.max_file_mb * 1_000_000)
    problems = (*reading.skipped, *reading.remarks)
    for each in problems:
        print(each)
    print(wording.CHECK_REPORT.format(articles=len(reading.articles), skipped=len(problems)))
    if problems or not reading.articles:
        raise typer.Exit(1)


@app.command(help=wording.HELP_ASK)
def ask(
    question: Annotated[str | None, typer.Argument(help=wording.HELP_QUESTION)] = None,
    index: IndexOption = None,
    model: ModelOption = None,
    top_k: TopKOption = None,
    as_json: JsonOption = False,
    questions: Annotated[str | None, typer.Option("--questions", help=wording.HELP_QUESTIONS)] = None,
) -> None:
    if (question is None) == (questions is None):
        raise typer.BadParameter(wording.ONE_QUESTION_SOURCE)
    from yibao.pipeline import open_pipeline
    from yibao.request import Request

    settings = load({"index": index, "model": model, "top_k": top_k})
    pipeline = open_pipeline(settings.config)
    if question is not None:
        answer = pipeline.ask(Request(question))
        if as_json:
            _print_json(answer.to_json())
        else:
            from yibao.answer.rendering import to_terminal

            print(to_terminal(answer))
        return
    for number, row in _json_lines(questions or "-"):
        asked, earlier = row.get("q", row.get("question")), row.get("history", [])
        if not isinstance(asked, str) or not isinstance(earlier, list):
            raise InputError(wording.QUESTION_LINE.format(number=number))
        answer = pipeline.ask(Request(asked, [str(each) for each in earlier]))
        print(json.dumps({"id": row.get("id")} | answer.to_json(), ensure_ascii=False), flush=True)


@app.command(help=wording.HELP_SEARCH)
def search(
    queries: Annotated[str, typer.Option("--queries", help=wording.HELP_QUERIES)],
    index: IndexOption = None,
    model: ModelOption = None,
    top_k: Annotated[int, typer.Option("--top-k", min=1, max=1000, help=wording.HELP_TOP_K)] = 10,
    unit: Annotated[str, typer.Option("--unit", help=wording.HELP_UNIT)] = "article",
    leg: Annotated[str, typer.Option("--leg", help=wording.HELP_LEG)] = "hybrid",
    form: Annotated[str, typer.Option("--format", help=wording.HELP_FORMAT)] = "trec",
) -> None:
    for name, value, allowed in (
        ("--unit", unit, ("article", "passage")),
        ("--leg", leg, ("hybrid", "dense", "lexical")),
        ("--format", form, ("trec", "jsonl")),
    ):
        if value not in allowed:
            raise typer.BadParameter(wording.NOT_ALLOWED.format(name=name, value=value, allowed=" / ".join(allowed)))
    rows = [(row, number) for number, row in _json_lines(queries)]
    for row, number in rows:
        if "_id" not in row or not isinstance(row.get("text"), str):
            raise InputError(wording.QUERY_LINE.format(number=number))
    from yibao.pipeline import open_pipeline

    pipeline = open_pipeline(load({"index": index, "model": model}).config)
    ranked = pipeline.rank([row["text"] for row, _ in rows], top_k, leg, by_article=unit == "article")  # type: ignore[arg-type]
    for (row, _), hits in zip(rows, ranked, strict=True):
        if form == "jsonl":
            found = [{"id": name, "rank": rank, "score": round(score, 6)} for rank, (name, score) in enumerate(hits, 1)]
            print(json.dumps({"_id": row["_id"], "hits": found}, ensure_ascii=False))
        else:
            for rank, (name, score) in enumerate(hits, start=1):
                print(row["_id"], "Q0", name, rank, f"{score:.6f}", "yibao")


@app.command("eval", help=wording.HELP_EVAL)
def eval_command(
    paths: Annotated[list[Path] | None, typer.Argument(help=wording.HELP_EVAL_PATHS)] = None,
    index: IndexOption = None,
    model: ModelOption = None,
    half: Annotated[str | None, typer.Option("--half", help=wording.HELP_HALF)] = None,
    report: Annotated[Path | None, typer.Option("--report", help=wording.HELP_REPORT)] = None,
    compare: Annotated[tuple[Path, Path] | None, typer.Option("--compare", help=wording.HELP_COMPARE)] = None,
    as_json: JsonOption = False,
) -> None:
    if half not in {None, "tune", "report"}:
        raise typer.BadParameter(wording.NOT_ALLOWED.format(name="--half", value=half, allowed="tune / report"))
    from yibao.evaluation import evaluating

    if compare:
        comparison = evaluating.compare(*compare)
        _print_json(comparison) if as_json else print(evaluating.comparison_text(comparison))
        return
    from yibao.pipeline import open_pipeline

    config = load({"index": index, "model": model}).config
    pipeline = open_pipeline(config)
    chosen = paths or [evaluating.SHIPPED]
    if len(chosen) > 1 and (as_json or report):
        raise typer.BadParameter(wording.ONE_PATH)
    for path in chosen:
        evaluation = evaluating.evaluate(path, pipeline, half)  # type: ignore[arg-type]  # checked above
        _print_json(evaluation) if as_json else evaluating.print_evaluation(path, evaluation)
        evaluating.keep(evaluation, Path(config.index), pipeline.reader.manifest)
        if report:
            written = evaluating.write_report(report, evaluation)
            print(wording.EVAL_REPORT_WRITTEN.format(path=written), file=sys.stderr)
        if evaluating.broken_quotes(evaluation):
            raise InputError(wording.EVAL_BROKEN_QUOTES.format(count=evaluating.broken_quotes(evaluation)))


@app.command(help=wording.HELP_SERVE)
def serve(
    host: Annotated[str | None, typer.Option("--host", help=wording.HELP_HOST)] = None,
    port: Annotated[int | None, typer.Option("--port", help=wording.HELP_PORT)] = None,
    root_path: Annotated[str | None, typer.Option("--root-path", help=wording.HELP_ROOT_PATH)] = None,
    index: IndexOption = None,
    model: ModelOption = None,
    build: Annotated[bool, typer.Option("--build", help=wording.HELP_BUILD)] = False,
) -> None:
    from yibao.serving.server import serve as serve_all

    settings = load({"host": host, "port": port, "root_path": root_path, "index": index, "model": model})
    serve_all(settings.config, build=build)


@app.command("config", help=wording.HELP_CONFIG)
def config_command(as_json: JsonOption = False) -> None:
    settings = load({})
    values = {name: (settings.shown(name), origin) for name, origin in settings.origins.items()}
    if as_json:
        _print_json({name: {"value": value, "origin": origin} for name, (value, origin) in values.items()})
        return
    for name, (value, origin) in values.items():
        shown = " ".join(value) if isinstance(value, tuple) else value
        print(f"{name} = {shown}  ({origin})")


def _print_json(value: Any) -> None:
    print(json.dumps(value, ensure_ascii=False, indent=2))


def _json_lines(name: str) -> Iterator[tuple[int, dict[str, Any]]]:
    """Yield (line number, object) of a JSON Lines file, or of standard input for ``-``."""
    try:
        content = sys.stdin.buffer.read() if name == "-" else Path(name).read_bytes()
        text = content.decode("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(wording.FILE_UNREADABLE.format(path=name)) from error
    # Not splitlines(): JSON strings may hold U+2028 and its like.
    for number, line in enumerate(text.split("\n"), start=1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
        except (ValueError, RecursionError) as error:  # also numbers too long and lists too deep
            raise InputError(wording.NOT_JSON_LINE.format(path=name, number=number)) from error
        if not isinstance(row, dict):
            raise InputError(wording.NOT_JSON_LINE.format(path=name, number=number))
        yield number, row
