"""Addresses and answers: what the client makes of them, and what it never prints."""

import socket

import httpx
import pytest
from aldar_storyboard.runner.address import check_url, is_loopback
from aldar_storyboard.runner.client import Client
from aldar_storyboard.storyboard.errors import AldarError


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
