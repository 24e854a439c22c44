"""A real nginx in front, with the site of deploy/: what it passes on, and what it does to an answer that is cut off."""

import http.client
import json
import re
import shutil
import ssl
import subprocess
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import pytest

from tests.live import free_port, start_server

SITE = Path(__file__).parent.parent / "deploy" / "nginx.conf"
NUMBER = re.compile(r"[0-9a-f]{32}")
ENDLESS = "/sparql?format=csv&query=" + quote("SELECT * WHERE { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }")
NGINX = shutil.which("nginx", path="/usr/sbin:/usr/local/sbin:/usr/bin:/usr/local/bin")

pytestmark = pytest.mark.skipif(
    NGINX is None or shutil.which("openssl") is None, reason="needs nginx and openssl, as of Debian's packages"
)


@dataclass(frozen=True)
class Front:
    """An nginx in front of a server."""

    port: int
    log: Path

    def get(self, path: str) -> http.client.HTTPResponse:
        context = ssl._create_unverified_context()  # noqa: S323 - the certificate is made for this test
        connection = http.client.HTTPSConnection("127.0.0.1", self.port, timeout=30, context=context)
        connection.request("GET", path)
        return connection.getresponse()


@pytest.fixture(scope="module")
def front(site_store: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Front]:
    folder = tmp_path_factory.mktemp("nginx")
    port, log = free_port(), folder / "access.log"
    with start_server(site_store, PROXIES="127.0.0.1", ACCESS_LOG=str(log), QUERY_TIMEOUT="1") as server:
        config = write_config(folder, port, server.url.removeprefix("http://"))
        subprocess.run([str(NGINX), "-t", "-c", config], check=True, capture_output=True)
        nginx = subprocess.Popen([str(NGINX), "-c", config], stderr=subprocess.DEVNULL)
        try:
            found = Front(port, log)
            wait_for(found)
            yield found
        finally:
            nginx.terminate()
            nginx.wait(10)


def write_config(folder: Path, port: int, upstream: str) -> str:
    """Write a configuration with the site as it is, but for its addresses and its certificate; return its path."""
    key, certificate, config = folder / "key.pem", folder / "certificate.pem", folder / "nginx.conf"
    made = f"req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 1 -subj /CN=example.org -keyout {key}"
    subprocess.run(["openssl", *made.split(), "-out", certificate], check=True, capture_output=True)
    site = SITE.read_text("utf-8").replace("127.0.0.1:8000", upstream)
    site = re.sub(r"listen \[::\].*\n", "", site).replace("listen 443", f"listen 127.0.0.1:{port}")
    site = re.sub(r"(ssl_certificate) .*;", rf"\1 {certificate};", site)
    site = re.sub(r"(ssl_certificate_key) .*;", rf"\1 {key};", site)
    kept = "".join(
        f"{each}_temp_path {folder / each};\n" for each in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    config.write_text(
        f"daemon off;\npid {folder / 'pid'};\nerror_log {folder / 'error.log'};\nevents {{}}\n"
        f"http {{\naccess_log off;\n{kept}{site}\n}}\n",
        "utf-8",
    )
    return str(config)


def wait_for(front: Front) -> None:
    deadline = time.monotonic() + 20
    while True:
        with suppress(OSError):
            front.get("/health").read()
            return
        assert time.monotonic() < deadline, "nginx does not start"
        time.sleep(0.02)


def test_number_of_nginx_is_that_of_the_log_and_of_the_answer(front: Front) -> None:
    response = front.get("/about?nginx")
    response.read()
    number = response.headers["X-Request-Id"]
    assert response.status == 200
    assert NUMBER.fullmatch(number)
    (line,) = [each for each in map(json.loads, front.log.read_text("utf-8").splitlines()) if each["id"] == number]
    assert (line["target"], line["client"], line["status"]) == ("/about?nginx", "127.0.0.1", 200)


def test_answer_that_is_cut_off_has_no_end_behind_nginx(front: Front) -> None:
    response = front.get(ENDLESS)
    assert response.status == 200
    end = b""
    with pytest.raises((http.client.IncompleteRead, ConnectionError, ssl.SSLError)):
        while True:
            part = response.read1(65_536)
            if not part:
                break
            end = (end + part)[-200:]
    assert b"!!! CUT OFF" in end
