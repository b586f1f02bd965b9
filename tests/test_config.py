from __future__ import annotations

import os
from dataclasses import fields
from pathlib import Path

import pytest

from yibao import wording
from yibao.config import CONFIG_FILE, Config, load
from yibao.errors import ConfigError

NAMES = [field.name for field in fields(Config)]


@pytest.fixture(autouse=True)
def _no_variables(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in list(os.environ):
        if name.startswith("YIBAO_"):
            monkeypatch.delenv(name)


def write(folder: Path, content: str) -> Path:
    (folder / CONFIG_FILE).write_text(content, encoding="utf-8")
    return folder


def test_without_any_source_all_values_are_built_in(tmp_path: Path) -> None:
    settings = load({}, tmp_path)
    assert settings.config == Config()
    assert settings.origins == dict.fromkeys(NAMES, "内置")


def test_the_built_in_page_is_for_this_machine_only() -> None:
    assert (Config().host, Config().model, Config().index, Config().corpus) == (
        "127.0.0.1", "bundled", "index", ("corpus",),
    )  # fmt: skip


def test_the_file_overrides_built_in_values(tmp_path: Path) -> None:
    folder = write(tmp_path, 'corpus = ["a", "b c"]\ntop_k = 3\nrefuse_below = 0.25\nmodel = "hash"\n')
    settings = load({}, folder)
    assert settings.config == Config(corpus=("a", "b c"), top_k=3, refuse_below=0.25, model="hash")
    assert settings.origins["top_k"] == "yibao.toml"
    assert settings.origins["port"] == "内置"


def test_a_variable_overrides_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("YIBAO_TOP_K", "9")
    settings = load({}, write(tmp_path, "top_k = 3\n"))
    assert (settings.config.top_k, settings.origins["top_k"]) == (9, "YIBAO_TOP_K")


def test_a_flag_overrides_a_variable(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("YIBAO_INDEX", "from-variable")
    settings = load({"index": "from-flag"}, tmp_path)
    assert (settings.config.index, settings.origins["index"]) == ("from-flag", "命令行")


def test_a_flag_that_was_not_given_changes_nothing(tmp_path: Path) -> None:
    settings = load({"index": None, "top_k": None}, write(tmp_path, 'index = "here"\n'))
    assert (settings.config.index, settings.origins["index"]) == ("here", "yibao.toml")


def test_the_file_is_looked_for_in_the_working_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(write(tmp_path, "port = 8000\n"))
    assert load({}).config.port == 8000


def test_a_list_in_a_variable_is_separated_like_a_path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("YIBAO_CORPUS", os.pathsep.join(["a", "b c"]))
    assert load({}, tmp_path).config.corpus == ("a", "b c")


def test_an_empty_variable_counts_as_not_set(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("YIBAO_CORPUS", "")
    monkeypatch.setenv("YIBAO_PORT", "")
    assert load({}, tmp_path).config == Config()


def test_foreign_variables_are_left_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("YIBAO_NOSUCH", "1")
    assert load({}, tmp_path).config == Config()


def test_a_file_saved_with_a_byte_order_mark_is_read(tmp_path: Path) -> None:
    assert load({}, write(tmp_path, "\ufefftop_k = 3\n")).config.top_k == 3


def test_a_whole_decimal_is_a_number(tmp_path: Path) -> None:
    config = load({}, write(tmp_path, "top_k = 3.0\nrefuse_below = 1\n")).config
    assert (config.top_k, config.refuse_below) == (3, 1.0)
    assert (type(config.top_k), type(config.refuse_below)) == (int, float)


@pytest.mark.parametrize("content", ["top_k", "top_k = ", '[a\n"', "\x00"])
def test_a_file_that_cannot_be_parsed_is_named(tmp_path: Path, content: str) -> None:
    with pytest.raises(ConfigError, match=r"^yibao\.toml 写法有误"):
        load({}, write(tmp_path, content))


def test_a_file_in_another_encoding_is_named(tmp_path: Path) -> None:
    (tmp_path / CONFIG_FILE).write_bytes('index = "索引"'.encode("gb18030"))
    with pytest.raises(ConfigError, match=r"^yibao\.toml 写法有误"):
        load({}, tmp_path)


@pytest.mark.parametrize("content", ["nosuch = 1", "[server]\nport = 1", "Top_K = 1"])
def test_an_unknown_name_is_refused_with_the_way_to_see_them_all(tmp_path: Path, content: str) -> None:
    with pytest.raises(ConfigError, match=r"yibao\.toml 里有不认识的设置.*yibao config"):
        load({}, write(tmp_path, content))


@pytest.mark.parametrize(
    ("content", "wanted"),
    [
        ("top_k = 2.5", "整数"),
        ('top_k = "many"', "整数"),
        ("port = true", "整数"),
        ("port = inf", "整数"),
        ("port = nan", "整数"),
        ("top_k = [1]", "整数"),
        ("refuse_below = true", "小数"),
        ('refuse_below = "half"', "小数"),
        ('model = ["hash"]', "文字"),
        ("index = 5", "文字"),
        ("corpus = 5", "文字列表"),
        ("corpus = [1, 2]", "文字列表"),
    ],
)
def test_a_value_of_the_wrong_kind_is_refused(tmp_path: Path, content: str, wanted: str) -> None:
    name = content.split(" ", maxsplit=1)[0]
    with pytest.raises(ConfigError, match=rf"设置 {name} 的值「.*」（yibao\.toml）不对.应为{wanted}$"):
        load({}, write(tmp_path, content))


def test_a_wrong_value_in_a_variable_names_the_variable(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("YIBAO_PORT", "seven")
    with pytest.raises(ConfigError, match=r"port 的值「seven」（YIBAO_PORT）"):
        load({}, tmp_path)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("top_k", 0), ("top_k", 101), ("max_file_mb", 0), ("chunk_max_words", 19), ("chunk_min_words", -1),
        ("chunk_min_words", 201), ("refuse_below", -0.1), ("refuse_below", 1.1), ("refuse_below", float("nan")),
        ("port", -1), ("port", 65536), ("max_request_kb", 0), ("requests_per_minute", -1), ("watch_seconds", -1.0),
    ],
)  # fmt: skip
def test_a_value_out_of_range_is_refused(tmp_path: Path, name: str, value: float) -> None:
    with pytest.raises(ConfigError, match=rf"设置 {name} 的值 {value} 超出范围"):
        load({name: value}, tmp_path)


@pytest.mark.parametrize(("name", "value"), [("top_k", 1), ("top_k", 100), ("refuse_below", 0.0), ("port", 65535)])
def test_the_ends_of_a_range_are_inside(tmp_path: Path, name: str, value: float) -> None:
    assert getattr(load({name: value}, tmp_path).config, name) == value


@pytest.mark.parametrize(
    "url",
    [
        "ftp://host/v1", "host:8000", "http://", "https:///v1", "file:///etc/passwd", "http://host:99999/v1",
        "http://host:x/v1", "http://user:geheim@host/v1", "http://ho st/v1", "http://host/\nv1", "http://[::1",
    ],
)  # fmt: skip
def test_an_address_of_a_language_model_that_is_none_is_refused_in_one_line(tmp_path: Path, url: str) -> None:
    with pytest.raises(ConfigError, match="llm_base_url") as caught:
        load({"llm_base_url": url, "llm_model": "m"}, tmp_path)
    assert "\n" not in str(caught.value)
    assert "geheim" not in str(caught.value)


@pytest.mark.parametrize("value", ["bundled", "none"])
def test_the_reader_is_the_bundled_one_or_none(tmp_path: Path, value: str) -> None:
    assert load({}, write(tmp_path, f'reader = "{value}"\n')).config.reader == value


@pytest.mark.parametrize("value", ["", "Bundled", "on", "bert", "none\nbundled"])
def test_another_reader_is_refused_in_one_line(tmp_path: Path, value: str) -> None:
    with pytest.raises(ConfigError) as caught:
        load({"reader": value}, tmp_path)
    assert str(caught.value) == wording.CONFIG_READER.format(value=value)
    assert "\n" not in str(caught.value)


def test_a_language_model_needs_its_name_and_a_clean_key(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="llm_model"):
        load({"llm_base_url": "http://127.0.0.1:8000/v1"}, tmp_path)
    for key in ("sk secret", "sk-secret\n", "密钥secret"):
        with pytest.raises(ConfigError, match="llm_key") as caught:
            load({"llm_base_url": "http://127.0.0.1/v1", "llm_model": "m", "llm_key": key}, tmp_path)
        assert "secret" not in str(caught.value)


def test_a_key_is_never_shown(tmp_path: Path) -> None:
    settings = load({"llm_base_url": "https://h/v1", "llm_model": "m", "llm_key": "sk-secret"}, tmp_path)
    assert settings.config.llm_key == "sk-secret"
    assert settings.shown("llm_key") == "******"
    assert settings.shown("llm_model") == "m"
    assert load({}, tmp_path).shown("llm_key") == ""
    assert "sk-secret" not in repr(settings)
    with pytest.raises(ConfigError) as caught:
        load({}, write(tmp_path, "llm_key = 123456\n"))
    assert "123456" not in str(caught.value)


def test_secrets_are_not_part_of_what_is_printed(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("YIBAO_API_TOKEN", "hidden-token")
    config = load({}, write(tmp_path, 'page_password = "hidden-password"\n')).config
    assert (config.api_token, config.page_password) == ("hidden-token", "hidden-password")
    assert "hidden" not in repr(config)


@pytest.mark.parametrize("path", ["", "/yibao", "/a/b", "/a.b/c-d_e~f", "/9"])
def test_a_path_to_be_served_under_begins_with_a_slash(tmp_path: Path, path: str) -> None:
    assert load({"root_path": path}, tmp_path).config.root_path == path


@pytest.mark.parametrize(
    "path", ["yibao", "/", "/yibao/", "//yibao", "/a//b", "/../x", "/.x", "/a b", "/医保", "http://h/x", "/x?y", "/a\n"]
)
def test_what_is_no_path_is_refused(tmp_path: Path, path: str) -> None:
    with pytest.raises(ConfigError) as caught:
        load({"root_path": path}, tmp_path)
    assert str(caught.value) == wording.CONFIG_ROOT_PATH.format(value=path)


def test_proxies_are_addresses_or_networks(tmp_path: Path) -> None:
    folder = write(tmp_path, 'trusted_proxies = ["127.0.0.1", "10.0.0.1/8", "::1"]\n')
    assert load({}, folder).config.trusted_proxies == ("127.0.0.1", "10.0.0.1/8", "::1")
    for place in ("proxy.example.cn", "", "*", "10.0.0.0/33"):
        with pytest.raises(ConfigError) as caught:
            load({"trusted_proxies": [place]}, tmp_path / "elsewhere")
        assert str(caught.value) == wording.CONFIG_PROXY.format(value=place)
