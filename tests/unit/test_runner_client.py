"""Addresses and answers: what the client makes of them, and what it never prints."""

import hashlib
import socket
from pathlib import Path

import httpx
import pytest
from aldar_storyboard.runner.server.address import check_url, is_loopback
from aldar_storyboard.runner.server.client import Client, Limits
from aldar_storyboard.storyboard.errors import AldarError
from aldar_storyboard.tests.fakes.comfyui import Reply, Script, serving


@pytest.mark.parametrize(
    ("given", "used"),
    [
        ("127.0.0.1:8188", "http://127.0.0.1:8188"),
        ("http://host:1/", "http://host:1"),
        ("https://host/comfy/?x=1#y", "https://host/comfy"),
    ],
)
def test_addresses_are_brought_to_one_form(given: str, used: str):
    assert check_url(given) == used


@pytest.mark.parametrize("given", ["", "ftp://host", "http://", "http://[", "http://h:99999"])
def test_what_is_no_web_address_is_refused(given: str):
    with pytest.raises(AldarError) as caught:
        check_url(given)
    assert caught.value.code == "option_invalid"


@pytest.mark.parametrize(
    ("url", "local"),
    [
        ("http://127.0.0.9", True),
        ("http://[::1]:1", True),
        ("http://localhost", True),
        ("http://10.0.0.1", False),
        ("http://localhost.example.org", False),
    ],
)
def test_loopback_addresses_are_known(url: str, local: bool):
    assert is_loopback(url) is local


def answering(handler) -> Client:
    return Client("http://user:secret@host:1", httpx.MockTransport(handler))


def refuse(request: httpx.Request) -> httpx.Response:
    raise httpx.ConnectError("no")


@pytest.mark.parametrize(
    "handler",
    [
        refuse,
        lambda request: httpx.Response(500),
        lambda request: httpx.Response(200, text="<html>"),
        lambda request: httpx.Response(200, json=[]),
    ],
)
def test_whatever_is_no_comfyui_is_told_with_the_address_but_no_password(handler):
    with answering(handler) as client, pytest.raises(AldarError) as caught:
        client.system_stats()
    assert caught.value.code == "server_unreachable"
    assert "http://host:1" in caught.value.message
    assert "secret" not in str(caught.value)


def test_the_password_of_the_address_is_used():
    seen = []

    def handler(request: httpx.Request) -> httpx.Response:
        seen.append(request.headers["Authorization"])
        return httpx.Response(200, json={})

    with answering(handler) as client:
        client.system_stats()
    assert seen[0].startswith("Basic ")


def test_a_proxy_of_the_environment_is_not_used_for_the_loopback(monkeypatch):
    with socket.socket() as proxy:
        proxy.bind(("127.0.0.1", 0))
        proxy.listen()
        proxy.settimeout(0.2)
        monkeypatch.setenv("HTTP_PROXY", f"http://127.0.0.1:{proxy.getsockname()[1]}")
        with Client("http://127.0.0.1:9") as client, pytest.raises(AldarError):
            client.system_stats()
        with pytest.raises(TimeoutError):
            proxy.accept()


IMPATIENT = Limits(connect=2.0, silence=0.3, answer=0.6, file=0.6, tries=3, pause=0.01)


def told(
    script: Script, action=lambda client: client.object_info(), limits=IMPATIENT
) -> AldarError:
    with serving(script) as server:
        url = server.url.replace("//", "//ann:s3cret@")
        with Client(url, limits=IMPATIENT) as client, pytest.raises(AldarError) as caught:
            action(client)
        assert server.url in caught.value.message
    assert "s3cret" not in str(caught.value)
    return caught.value


@pytest.mark.parametrize(
    ("status", "code", "words"),
    [
        (401, "server_refused", "USER:PASSWORD@HOST"),
        (403, "server_refused", "forbids"),
        (404, "server_unreachable", "https://host/comfy"),
        (407, "server_refused", "a user and a password"),
        (413, "server_refused", "--max-upload-size"),
        (418, "server_unreachable", "Check that it is a ComfyUI"),
        (429, "server_unreachable", "too often"),
        (500, "server_unreachable", "failed"),
        (502, "server_unreachable", "proxy"),
    ],
)
def test_a_status_is_told_with_its_address_and_what_to_do(status: int, code: str, words: str):
    error = told(Script(always={"/object_info": Reply(status, b"<html>secret page</html>")}))
    assert error.code == code
    assert f"/object_info answers with status {status}" in error.message
    assert words in str(error)
    assert "secret page" not in str(error)


def test_a_redirection_says_where_to_without_what_is_secret_in_it():
    to = {"Location": "https://bob:hush@login.example.org/in?token=t0ken"}
    error = told(Script(always={"*": Reply(302, headers=to)}))
    assert "status 302" in error.message
    assert "https://login.example.org/in" in error.message
    assert "hush" not in str(error)
    assert "t0ken" not in str(error)


@pytest.mark.parametrize("place", ["http://[", "", "//"])
def test_a_redirection_to_nowhere_is_told_as_well(place: str):
    assert "302" in told(Script(always={"*": Reply(302, headers={"Location": place})})).message


@pytest.mark.parametrize(
    ("reply", "words"),
    [
        (Reply(body=b"<!DOCTYPE html><title>Sign in</title>"), "login page of a proxy"),
        (Reply(body=b"\xff\xfe"), "not a JSON object"),
        (Reply(body=b"[" * 100_000), "not a JSON object"),
        (Reply(body=["a"]), "not a JSON object"),
        (Reply(body={"a": {}}, lacks=3), "RemoteProtocolError"),
        (Reply(body={"a": {"b": 1}}, pause=0.2), "takes too long"),
    ],
)
def test_an_answer_that_is_none_is_told(reply: Reply, words: str):
    assert words in told(Script(always={"/object_info": reply})).message


@pytest.mark.parametrize("status", [500, 502, 503, 429])
def test_a_server_that_stumbles_is_asked_again(status: int):
    script = Script(info={"A": {}}, replies={"/object_info": [Reply(status), Reply(status)]})
    with serving(script) as server, Client(server.url, limits=IMPATIENT) as client:
        assert list(client.object_info()) == ["A"]
    assert script.got == ["/object_info"] * 3


@pytest.mark.parametrize("status", [401, 403, 404, 413])
def test_what_does_not_pass_is_asked_once(status: int):
    script = Script(always={"*": Reply(status)})
    told(script)
    assert script.got == ["/object_info"]


def test_a_prompt_is_posted_once_whatever_happens():
    script = Script(always={"/prompt": Reply(502)})
    told(script, lambda client: client.queue({}))
    assert script.got == []


def test_a_comfyui_behind_a_path_is_used_with_its_websocket():
    with serving(Script(info={"A": {}}), "/comfy") as server, Client(server.url + "/") as client:
        assert list(client.object_info()) == ["A"]
        events = client.events()
        assert events.receive(5) == ("status", {})
        events.close()


@pytest.mark.parametrize("url", ["http://ann:s3/cret@host", "http://ann:s3cret@h:x", "ann:s3cret@"])
def test_a_password_in_a_malformed_address_is_not_repeated(url: str):
    with pytest.raises(AldarError) as caught:
        check_url(url)
    assert caught.value.code == "option_invalid"
    assert not any(part in str(caught.value) for part in ("s3", "cret"))


def test_malformed_signatures_of_other_packs_do_not_stop_a_run():
    odd = {"a": "INT", "b": [["x"], 7], "c": ["COMBO", {"options": 1}]}
    info = {
        "Good": {"input": {"required": {"a": ["INT", {"min": 1}]}}, "output": ["INT"]},
        "Odd": {"input": {"required": odd}},
        "Bad": 7,
        "Worse": {"input": []},
    }
    with serving(Script(info=info)) as server, Client(server.url) as client:
        read = client.object_info()
    assert set(read) == {"Good", "Odd"}
    assert read["Good"] == info["Good"]  # nothing is added either
    assert read["Odd"]["input"]["required"] == {"b": [["x"]], "c": ["COMBO", {}]}


def test_a_file_arrives_whole_or_not_at_all(tmp_path: Path):
    target = tmp_path / "a.png"
    target.write_bytes(b"older")
    good = hashlib.sha256(b"new").hexdigest()
    script = Script(files={"x/a.png": b"new"}, replies={"/view": [Reply(body=b"new", lacks=1)]})
    with serving(script) as server, Client(server.url, limits=IMPATIENT) as client:
        with pytest.raises(AldarError) as caught:
            client.download("a.png", "x", target, "0" * 64)
        assert "does not arrive whole" in caught.value.message
        assert target.read_bytes() == b"older"
        client.download("a.png", "x", target, good)
        assert client.has("a.png", "x")
        assert not client.has("b.png", "x")
    assert [path.name for path in tmp_path.iterdir()] == ["a.png"]
    assert target.read_bytes() == b"new"
