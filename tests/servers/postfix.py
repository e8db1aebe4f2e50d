"""A private Postfix for tests, with its own configuration, queue, data and log under one folder.

Promises: the system's Postfix is neither read, touched nor asked; listens on 127.0.0.1 only; asks no DNS; every domain is
delivered over LMTP to the Dovecot beside it. Must be started by root (Postfix insists). `start()` returns when all three
ports greet; `stop()` ends exactly this instance; stop() and start() keep ports and queue.

Ports:
    smtp_port        as from the outside world: no log-in needed, STARTTLS and AUTH offered
    submission_port  as the city's relay: STARTTLS and AUTH needed before MAIL
    smtps_port       the same with TLS from the first byte

Recipients that fail, at any domain unless said otherwise (what Dovecot refuses comes back to the envelope sender as a
real delivery report, RFC 3464):
    unbekannt@ unknown@ niemand@   accepted, then 550 5.1.1 from the mailbox server: report "failed"
    …@voll.example                 accepted, then 552 5.2.2 quota: report "failed"
    …@kein-host.example            accepted, then host not found 5.4.4: report "failed"
    …@langsam.example              accepted, stays in the queue (4.4.1): report "delayed" after about 2 seconds
    abgelehnt@                     550 5.7.1 at RCPT, nothing comes back
    spaeter@                       450 4.7.1 at RCPT, nothing comes back
"""
import grp
import os
import pwd
import subprocess

from processes import Program, accepts, greeting

DAEMONS = "/usr/lib/postfix/sbin"
UNKNOWN_HOST = "kein-host.example"
SLOW_DOMAIN = "langsam.example"

MAIN = """
compatibility_level = 3.6
queue_directory = {folder}/queue
data_directory = {folder}/data
maillog_file = {folder}/log
maillog_file_prefixes = {folder}
syslog_name = stadtlabor-test
myhostname = mail.stadtlabor.example
myorigin = stadtlabor.example
mydestination =
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
mynetworks = 127.0.0.0/8
# every address goes where Dovecot is, but for the names in `transport`
default_transport = lmtp:unix:{lmtp}
relay_transport = lmtp:unix:{lmtp}
local_transport = lmtp:unix:{lmtp}
virtual_transport = lmtp:unix:{lmtp}
transport_maps = regexp:{folder}/transport
local_recipient_maps =
alias_maps =
alias_database =
recipient_delimiter = +
disable_dns_lookups = yes
smtpd_peername_lookup = no
smtp_host_lookup = native
# a mail passes as it came: no header added or completed, no line folded, nothing cut off
local_header_rewrite_clients =
always_add_missing_headers = no
lmtp_line_length_limit = 0
header_size_limit = 10000000
message_size_limit = {size_limit}
mailbox_size_limit = 0
# nobody is told of failures but the sender
notify_classes =
smtpd_recipient_restrictions =
# an unknown host shall be accepted and come back as a report, as at a real relay
smtpd_reject_unlisted_recipient = no
smtpd_relay_restrictions = permit_mynetworks, permit_sasl_authenticated, reject
smtpd_client_restrictions = check_recipient_access regexp:{folder}/refused
smtpd_delay_reject = yes
smtpd_sasl_auth_enable = yes
smtpd_sasl_type = dovecot
smtpd_sasl_path = {auth}
smtpd_sasl_authenticated_header = no
{tls}
# tests are quick and many, from one address
smtpd_error_sleep_time = 0
smtpd_soft_error_limit = 1000
smtpd_hard_error_limit = 1000
smtpd_client_connection_count_limit = 0
in_flow_delay = 0
lmtp_destination_concurrency_limit = 20
default_destination_concurrency_failed_cohort_limit = 0
queue_run_delay = 1s
minimal_backoff_time = 1s
maximal_backoff_time = 2s
delay_warning_time = 1s
{extra}
"""

TLS = """smtpd_tls_chain_files = {key}, {cert}
smtpd_tls_security_level = may
smtpd_tls_auth_only = yes
smtpd_tls_mandatory_protocols = >=TLSv1.2
smtpd_tls_loglevel = 1
"""

MASTER = """
127.0.0.1:{smtp} inet n - n - - smtpd
127.0.0.1:{submission} inet n - n - - smtpd
  -o smtpd_tls_security_level={submission_tls}
  -o smtpd_relay_restrictions=permit_sasl_authenticated,reject
{smtps}
pickup unix n - n 60 1 pickup
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
tlsmgr unix - - n 1000? 1 tlsmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
verify unix - - n - 1 verify
flush unix n - n 1000? 0 flush
proxymap unix - - n - - proxymap
proxywrite unix - - n - 1 proxymap
smtp unix - - n - - smtp
relay unix - - n - - smtp
showq unix n - n - - showq
error unix - - n - - error
retry unix - - n - - error
discard unix - - n - - discard
lmtp unix - - n - - lmtp
anvil unix - - n - 1 anvil
scache unix - - n - 1 scache
postlog unix-dgram n - n - 1 postlogd
"""
SMTPS = """127.0.0.1:{smtps} inet n - n - - smtpd
  -o smtpd_tls_wrappermode=yes
  -o smtpd_relay_restrictions=permit_sasl_authenticated,reject
"""
TRANSPORT = r"""
/@%s$/ error:5.4.4 Host or domain name not found. Name service error for name=%s type=A: Host not found
/@%s$/ retry:4.4.1 connect to %s[192.0.2.1]:25: Connection timed out
"""
REFUSED = """
/^abgelehnt(\\+.*)?@/ 550 5.7.1 Access denied
/^spaeter(\\+.*)?@/ 450 4.7.1 Greylisted, try again later
"""


class Postfix(Program):
    def __init__(self, folder, certs, ports, lmtp_socket, auth_socket, cert="good", tls=True, size_limit=52428800,
                 extra=""):
        self.folder = str(folder)
        self.certs, self.cert, self.tls = certs, cert, tls
        self.smtp_port, self.submission_port, self.smtps_port = ports
        self.lmtp_socket, self.auth_socket = lmtp_socket, auth_socket
        self.size_limit, self.extra = size_limit, extra
        self.config = os.path.join(self.folder, "config")
        self.log = os.path.join(self.folder, "log")

    def launch(self):
        if os.geteuid() != 0:
            raise PermissionError("the private Postfix must be started by root: its master process insists. "
                                  "Without root, use Servers(folder, postfix=False) and deliver by LMTP.")
        # The master itself, not `postfix start`: that is a slow script which leaves a daemon to be searched for.
        self.run([os.path.join(DAEMONS, "master"), "-c", self.config],
                 env={"MAIL_CONFIG": self.config, "PATH": os.defpath})

    def wait_ready(self, seconds=15):
        checks = [("a greeting on port %d" % port, lambda port=port: greeting(port).startswith(b"220"))
                  for port in (self.smtp_port, self.submission_port)]
        if self.tls:
            checks.append(("port %d" % self.smtps_port, lambda: accepts(self.smtps_port)))
        self.wait_up(checks, seconds)

    def queue(self):
        """What `postqueue -p` shows of this instance."""
        return subprocess.run(["postqueue", "-c", self.config, "-p"], capture_output=True, text=True).stdout

    def flush(self):
        subprocess.run(["postqueue", "-c", self.config, "-f"], check=True, capture_output=True)

    def _write_files(self):
        for name in ("config", "queue", "data"):
            os.makedirs(os.path.join(self.folder, name), exist_ok=True)
        os.chmod(self.config, 0o755)
        self._make_queue()
        tls = "smtpd_tls_security_level = none"
        if self.tls:
            cert, key = self.certs.pair(self.cert)
            tls = TLS.format(cert=cert, key=key)
        self._write("config/main.cf", MAIN.format(folder=self.folder, lmtp=self.lmtp_socket, auth=self.auth_socket,
                                                  tls=tls, size_limit=self.size_limit, extra=self.extra))
        self._write("config/master.cf", MASTER.format(
            smtp=self.smtp_port, submission=self.submission_port, submission_tls="encrypt" if self.tls else "none",
            smtps=SMTPS.format(smtps=self.smtps_port) if self.tls else ""))
        host, slow = UNKNOWN_HOST.replace(".", "\\."), SLOW_DOMAIN.replace(".", "\\.")
        self._write("transport", TRANSPORT % (host, UNKNOWN_HOST, slow, SLOW_DOMAIN))
        self._write("refused", REFUSED)

    def _make_queue(self):
        """As `postfix check` would."""
        user, group = pwd.getpwnam("postfix").pw_uid, grp.getgrnam("postdrop").gr_gid
        os.chown(os.path.join(self.folder, "data"), user, -1)
        for name in "active bounce corrupt defer deferred flush hold incoming private saved trace".split():
            self._make_folder(name, user, 0, 0o700)
        self._make_folder("pid", 0, 0, 0o755)
        self._make_folder("public", user, group, 0o2710)
        self._make_folder("maildrop", user, group, 0o1730)

    def _make_folder(self, name, user, group, mode):
        path = os.path.join(self.folder, "queue", name)
        os.makedirs(path, exist_ok=True)
        os.chown(path, user, group)
        os.chmod(path, mode)

    def _write(self, name, text):
        path = os.path.join(self.folder, name)
        with open(path, "w") as out:
            out.write(text)
        # Postfix dozes up to two seconds, in every process, until a file it reads is older than that ("not hot")
        os.utime(path, (1600000000, 1600000000))
