#!/usr/bin/env python3
"""Proves that the mailbox gives its password or token only to the right server, and what it says of the others."""
import socket
import ssl
import threading

from fake_imap import FakeImap
from mailbox_client import RUNNING, Probe, opened, run, secret, servers, test, timed, told


# ---- TLS ----

@test
def tls_that_is_right_is_taken():
    server = servers()
    for tls in ("implicit", "starttls"):
        for host in ("localhost", "127.0.0.1"):
            with opened(server, tls=tls, host=host, port=server.imaps_port if tls == "implicit" else server.imap_port):
                pass


@test
def bad_certificates_are_refused_with_the_reason():
    wanted = {"selfsigned": ["self-signed"], "otherca": ["issuer is unknown"],
              "wronghost": ["made out to another host (mail.example.net), not to localhost"],
              "expired": ["has expired (valid from", "to 2021-"], "notyet": ["is not yet valid (valid from 2090-"]}
    for kind, words in wanted.items():
        server = servers("cert-" + kind, cert=kind)
        for tls, port in (("implicit", server.imaps_port), ("starttls", server.imap_port)):
            line = told(server, tls=tls, port=port)
            assert line.startswith("open refused: localhost:%d" % port), line
            for word in words:
                assert word in line, line
        server.stop()
        del RUNNING["cert-" + kind]


@test
def an_authority_that_is_not_configured_is_unknown():
    assert "issuer is unknown" in told(servers(), tls="implicit", ca=None)
    assert "no certificate authority could be read" in told(servers(), tls="implicit", ca="/dev/null")


@test
def starttls_that_is_stripped_is_refused():
    without = {r"CAPABILITY": "* CAPABILITY IMAP4rev1 AUTH=PLAIN SASL-IR\r\n{tag} OK done\r\n"}
    refusing = {r"CAPABILITY": "* CAPABILITY IMAP4rev1 STARTTLS\r\n{tag} OK done\r\n", "STARTTLS": "{tag} NO not today\r\n"}
    for rules, words in ((without, "does not offer STARTTLS"), (refusing, "refuses to start TLS (STARTTLS): not today")):
        with FakeImap(rules) as fake:
            line = told(port=fake.port, tls="starttls")
            assert "refused" in line and words in line, line
            assert not [one for one in fake.lines if "AUTH" in one or "LOGIN" in one], fake.lines


@test
def preauth_and_slipped_in_data_are_refused():
    with FakeImap(greeting="* PREAUTH welcome\r\n") as fake:
        for tls in ("starttls", "none"):
            line = told(port=fake.port, tls=tls)
            assert "refused" in line and "PREAUTH" in line, line
    slipped = {r"CAPABILITY": "* CAPABILITY IMAP4rev1 STARTTLS\r\n{tag} OK done\r\n",
               "STARTTLS": "{tag} OK begin\r\n* CAPABILITY IMAP4rev1 AUTH=PLAIN\r\n"}
    with FakeImap(slipped) as fake:
        line = told(port=fake.port, tls="starttls")
        assert "refused" in line and "slips in data" in line, line


@test
def without_tls_only_this_machine():
    line = told(port=143, host="192.0.2.1", timeout=2)
    assert "lost" in line or "refused" in line
    assert "only this machine itself" in line, line


@test
def a_port_without_tls_and_old_tls_are_told():
    line = told(servers(), tls="implicit", port=servers().imap_port)
    assert "refused" in line and "does not speak TLS" in line, line
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*servers().certs.pair("good"))
    context.set_ciphers("ALL:@SECLEVEL=0")
    context.minimum_version = context.maximum_version = ssl.TLSVersion.TLSv1_1
    with socket.create_server(("127.0.0.1", 0)) as listening:
        def serve():
            client, _ = listening.accept()
            try:
                context.wrap_socket(client, server_side=True)
            except OSError:
                pass
            client.close()
        threading.Thread(target=serve, daemon=True).start()
        line = told(servers(), tls="implicit", port=listening.getsockname()[1])
    assert "refused" in line and "too old" in line, line


@test
def a_silent_port_is_lost_after_the_timeout():
    with socket.create_server(("127.0.0.1", 0)) as listening:
        for tls in ("implicit", "starttls"):
            line, took = timed(lambda: told(port=listening.getsockname()[1], tls=tls, timeout=1))
            assert line.startswith("open lost") and "did not answer within 1 seconds" in line, line
            assert 0.9 < took < 8, took


@test
def no_server_is_lost_at_once():
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port = listening.getsockname()[1]
    line, took = timed(lambda: told(port=port))
    assert line.startswith("open lost") and "Connection refused" in line and took < 4, line
    line = told(port=port, host="nicht.vorhanden.invalid", tls="implicit")
    assert line.startswith("open lost") and "name is not found" in line, line


# ---- logging in ----

@test
def a_wrong_password_is_refused():
    line = told(servers(), tls="implicit", password=secret("falsch"))
    assert line.startswith("open refused") and "log in with user and password" in line and "falsch" not in line, line


@test
def strange_passwords_pass():
    server = servers("passwords", accounts={"anna@example.org": 'a"b\\c d{3}%', "otto@example.org": "Schlüssel-日本 é"})
    for user, password in server.accounts.items():
        with opened(server, tls="implicit", user=user, password=secret(password)):
            pass


@test
def login_quotes_what_it_sends():
    plain = {r"CAPABILITY": "* CAPABILITY IMAP4rev1\r\n{tag} OK done\r\n"}
    with FakeImap(plain) as fake:
        with opened(port=fake.port, user='a"b c', password=secret('x\\y"z {5}')):
            pass
        assert [line.split(" ", 1)[1] for line in fake.lines if "LOGIN" in line] == ['LOGIN "a\\"b c" "x\\\\y\\"z {5}"'], fake.lines
    with FakeImap(plain) as fake:
        assert "only ASCII" in told(port=fake.port, password=secret("Schlüssel"))
        assert "control characters" in told(port=fake.port, password=secret("a\x01b"))
        assert "control characters" in told(port=fake.port, user="a\r\nb")
        assert not [line for line in fake.lines if "LOGIN" in line], fake.lines
    with FakeImap({r"CAPABILITY": "* CAPABILITY IMAP4rev1 LOGINDISABLED\r\n{tag} OK done\r\n"}) as fake:
        assert "does not allow a login by password" in told(port=fake.port)


@test
def password_files_must_be_private():
    assert "others may read" in told(servers(), password=secret("x", 0o644))
    assert "No such file" in told(servers(), password="/nonexistent")


def oauth_settings(server, **more):
    return dict(tls="implicit", password=None, endpoint=server.oauth.token_url, client_id=server.oauth.client_id,
                client_secret=secret(server.oauth.client_secret), scope="https://outlook.example.org/.default") | more


@test
def a_token_from_a_file_logs_in():
    server = servers("oauth", oauth=True)
    with opened(server, tls="implicit", password=None, token_file=secret(server.oauth.token())):
        pass
    line = told(server, tls="implicit", password=None, token_file=secret(server.oauth.token("otto@example.org")))
    assert line.startswith("open refused") and "access token" in line, line


@test
def a_token_from_the_endpoint_is_kept_and_renewed():
    server = servers("oauth", oauth=True)
    with Probe(server, **oauth_settings(server)) as probe:
        before = len(server.oauth.requests())
        for _ in range(3):
            probe.one("open", "open ok")
            probe.one("close", "close ok")
        asked = server.oauth.requests()[before:]
        assert len(asked) == 1 and asked[0]["grant_type"] == "client_credentials", asked
        assert asked[0]["scope"] == "https://outlook.example.org/.default", asked
    server.oauth.control(lifetime=0)
    with Probe(server, **oauth_settings(server)) as probe:
        before = len(server.oauth.requests())
        first, second = probe.one("token", "token ok"), probe.one("token", "token ok")
        assert len(server.oauth.requests()) == before + 2 and first != second
    server.oauth.control(email="otto@example.org")
    with Probe(server, **oauth_settings(server)) as probe:
        probe.one("open", "open refused", "access token")
        server.oauth.control()
        probe.one("open", "open ok")            # the refused one was not kept
    with Probe(server, **oauth_settings(server, endpoint=server.oauth.token_url_tls, token_ca=server.ca_file)) as probe:
        probe.one("open", "open ok")


@test
def an_endpoint_that_gives_no_token_is_told():
    server = servers("oauth", oauth=True)
    wrong = secret("falsches-geheimnis")
    line = told(server, **oauth_settings(server, client_secret=wrong))
    assert "HTTP 401, invalid_client" in line and "geheimnis" not in line, line
    for wish, words in ((dict(status=503), "HTTP 503"), (dict(body="nonsense"), "no access token: HTTP 200"),
                        (dict(body='{"access_token": "a b"}'), "characters that no token has"),
                        (dict(body='{"access_token": ["x"]}'), "no access token"), (dict(body="x" * 100000), "too long")):
        server.oauth.control(**wish)
        line = told(server, **oauth_settings(server))
        assert line.startswith("open refused") and words in line, line
    server.oauth.control()
    assert "https://" in told(server, **oauth_settings(server, endpoint="http://token.example.org/x"))
    line = told(server, **oauth_settings(server, endpoint=server.oauth.token_url_tls))
    assert "certificate" in line, line


if __name__ == "__main__":
    run()
