"""A private Dovecot for tests: IMAP, IMAPS, LMTP and the password service Postfix asks, all under one folder.

Promises: nothing outside `folder` is read (but Dovecot's own programs) or written; listens on 127.0.0.1 only; works as
root (mail belongs to the system's `dovecot` user) and as an ordinary user. `start()` returns when both IMAP ports have
greeted; `stop()` ends exactly this instance; stop() and start() keep ports, mail and passwords.

Who has a mailbox: `accounts` (address → password, plus a short login name for each local part) and, behind them, every
other address with `citizen_password`. Refused with 550 5.1.1 at LMTP: local parts in UNKNOWN at any domain.
Over quota: every mailbox at FULL_DOMAIN, and addresses given to `set_quota`.
"""
import getpass
import grp
import os
import pwd
import subprocess

from processes import Program, accepts, greeting, wait_for

UNKNOWN = ("unbekannt", "unknown", "niemand")
FULL_DOMAIN = "voll.example"

# What Dovecot 2.3.19 announces after login, in its own order; the option `without` removes words from it. Dovecot still
# executes a command it does not announce: a client that sends one anyway is not caught by this alone.
CAPABILITIES = ("IMAP4rev1 SASL-IR LOGIN-REFERRALS ID ENABLE IDLE SORT SORT=DISPLAY THREAD=REFERENCES THREAD=REFS "
                "THREAD=ORDEREDSUBJECT MULTIAPPEND URL-PARTIAL CATENATE UNSELECT CHILDREN NAMESPACE UIDPLUS LIST-EXTENDED "
                "I18NLEVEL=1 CONDSTORE QRESYNC ESEARCH ESORT SEARCHRES WITHIN CONTEXT=SEARCH LIST-STATUS BINARY MOVE "
                "SNIPPET=FUZZY PREVIEW=FUZZY PREVIEW STATUS=SIZE SAVEDATE LITERAL+ NOTIFY SPECIAL-USE QUOTA")

SPECIAL_USE = {"Sent": "\\Sent", "Drafts": "\\Drafts", "Trash": "\\Trash", "Junk": "\\Junk"}

CONFIG = """
base_dir = {folder}/run
state_dir = {folder}/state
log_path = {folder}/log
instance_name = {instance}
protocols = imap lmtp
listen = 127.0.0.1
default_internal_user = {internal_user}
default_internal_group = {internal_group}
default_login_user = {login_user}
mail_uid = {mail_user}
mail_gid = {mail_group}
first_valid_uid = 1
mail_home = {folder}/home/%Ld/%Ln
mail_location = {format}:~/mail
mail_fsync = {fsync}
auth_username_format = %Lu
auth_mechanisms = plain login{oauth_mechanisms}
# a refused login answers at once, and repeated ones are not slowed down
auth_failure_delay = 0
disable_plaintext_auth = no
recipient_delimiter = +
postmaster_address = postmaster@localhost
hostname = localhost
# benches and staff's clients open many connections from the one address there is
mail_max_userip_connections = 2000
mail_plugins = quota
{ssl}
namespace inbox {{
  inbox = yes
  separator = {separator}
  prefix = {prefix}
{mailboxes}
}}
plugin {{
  quota = count:User quota
  quota_vsizes = yes
  # no leeway beyond the limit, so that small test mails meet it
  quota_grace = 0
}}
{passdb_oauth}
passdb {{
  driver = passwd-file
  args = scheme=PLAIN username_format=%Lu {folder}/passwords
}}
passdb {{
  driver = static
  args = password={citizen_password}
}}
# the first that knows the user decides; `stop` ends with "no such user"
userdb {{
  driver = passwd-file
  args = username_format=%Ln {folder}/unknown
  result_success = return-fail
}}
userdb {{
  driver = passwd-file
  args = username_format=%Lu {folder}/quota
}}
userdb {{
  driver = passwd-file
  args = username_format=%Ld {folder}/quota-domains
}}
userdb {{
  driver = static
  args = allow_all_users=yes uid={mail_user} gid={mail_group}
}}
protocol imap {{
  mail_plugins = $mail_plugins imap_quota
{capability}
}}
service imap-login {{
  chroot =
  service_count = 0
  client_limit = 2000
  inet_listener imap {{
    port = {imap_port}
  }}
  inet_listener imaps {{
    port = {imaps_port}
    ssl = yes
  }}
}}
service imap {{
  process_limit = 1024
}}
service lmtp {{
  chroot =
  unix_listener {folder}/lmtp {{
    mode = 0666
  }}
}}
service auth {{
  chroot =
  client_limit = 8000
  unix_listener {folder}/auth {{
    mode = 0666
  }}
}}
service anvil {{
  chroot =
  client_limit = 8000
  unix_listener anvil-auth-penalty {{
    mode = 0
  }}
}}
service stats {{
  chroot =
  client_limit = 8000
}}
"""

OAUTH_PASSDB = """
passdb {{
  driver = oauth2
  mechanisms = xoauth2 oauthbearer
  args = {folder}/oauth2.conf
}}
"""
# keys/default/HS256/<kid> holds the secret the token endpoint signs with, see oauth.py
OAUTH_CONFIG = """
introspection_mode = local
local_validation_key_dict = fs:posix:prefix={keys}/
username_attribute = email
username_format = %Lu
"""


class Dovecot(Program):
    def __init__(self, folder, certs, ports, accounts, citizen_password, cert="good", tls=True, separator="/", prefix="",
                 without=(), mail_format="sdbox", fsync="never", quota=None, special_use=SPECIAL_USE, oauth_keys=None,
                 extra=""):
        self.folder = str(folder)
        self.certs, self.cert, self.tls = certs, cert, tls
        self.imap_port, self.imaps_port = ports
        self.accounts, self.citizen_password = dict(accounts), citizen_password
        self.separator, self.prefix, self.without = separator, prefix, tuple(without)
        self.mail_format, self.fsync = mail_format, fsync
        self.quota = dict(quota or {})
        self.special_use = special_use if "SPECIAL-USE" not in without else {name: None for name in special_use}
        self.oauth_keys, self.extra = oauth_keys, extra
        self._stamp = 1600000000
        self.config = os.path.join(self.folder, "dovecot.conf")
        self.lmtp_socket = os.path.join(self.folder, "lmtp")
        self.auth_socket = os.path.join(self.folder, "auth")
        self.log = os.path.join(self.folder, "log")

    def launch(self):
        self.run(["dovecot", "-F", "-c", self.config])

    def wait_ready(self, seconds=15):
        checks = [("IMAP to greet", lambda: greeting(self.imap_port).startswith(b"* OK"))]
        if self.tls:
            checks.append(("the IMAPS port", lambda: accepts(self.imaps_port)))
        self.wait_up(checks, seconds)

    def set_quota(self, address, limit):
        """Limit like "20K" or "messages=100"; None lifts it. Counts from the user's next login or delivery on.
        Dovecot looks at the file once a second at most: returns when it has seen the change."""
        self.quota[address] = limit
        self._write_quota()
        if self.process:
            rule = "*:" + _rule(limit) if limit else ""
            wait_for(lambda: doveadm(self.config, "user", "-f", "quota_rule", address).strip() == rule, 5, "the new quota to be seen")

    def set_password(self, address, password):
        """As set_quota: returns when the new password holds."""
        self.accounts[address] = password
        self._write_passwords()
        if self.process:
            test = ["doveadm", "-c", self.config, "auth", "test", address, password]
            wait_for(lambda: subprocess.run(test, capture_output=True).returncode == 0, 5, "the new password to hold")

    def _write_files(self):
        os.makedirs(self.folder, exist_ok=True)
        os.makedirs(os.path.join(self.folder, "run"), exist_ok=True)
        home = os.path.join(self.folder, "home")
        os.makedirs(home, exist_ok=True)
        if os.geteuid() == 0:
            # Dovecot refuses to hold mail as root
            users = {"internal_user": "dovecot", "internal_group": "dovecot", "login_user": "dovenull",
                     "mail_user": "dovecot", "mail_group": "dovecot"}
            person = pwd.getpwnam("dovecot")
            os.chown(home, person.pw_uid, person.pw_gid)
        else:
            me, group = getpass.getuser(), grp.getgrgid(os.getegid()).gr_name
            me = pwd.getpwuid(os.geteuid()).pw_name or me
            users = {"internal_user": me, "internal_group": group, "login_user": me, "mail_user": me, "mail_group": group}
        if self.tls:
            cert, key = self.certs.pair(self.cert)
            ssl = "ssl = yes\nssl_cert = <%s\nssl_key = <%s\nssl_min_protocol = TLSv1.2" % (cert, key)
        else:
            ssl = "ssl = no"
        mailboxes = "\n".join("  mailbox %s {\n    auto = subscribe\n%s  }" % (
            _quoted(name), "    special_use = %s\n" % use if use else "") for name, use in self.special_use.items())
        capability = ""
        if self.without:
            words = [word for word in CAPABILITIES.split() if word not in self.without]
            capability = "  imap_capability = " + " ".join(words)
        text = CONFIG.format(
            folder=self.folder, instance="stadtlabor-test-%d" % self.imap_port, format=self.mail_format, fsync=self.fsync,
            separator=self.separator, prefix=self.prefix, mailboxes=mailboxes, capability=capability, ssl=ssl,
            citizen_password=self.citizen_password, imap_port=self.imap_port, imaps_port=self.imaps_port if self.tls else 0,
            oauth_mechanisms=" xoauth2 oauthbearer" if self.oauth_keys else "",
            passdb_oauth=OAUTH_PASSDB.format(folder=self.folder) if self.oauth_keys else "", **users)
        self._write("dovecot.conf", text + self.extra + "\n")
        if self.oauth_keys:
            self._write("oauth2.conf", OAUTH_CONFIG.format(keys=self.oauth_keys))
        self._write("unknown", "".join(name + ":::::::\n" for name in UNKNOWN))
        self._write("quota-domains", "%s:::::::userdb_quota_rule=*:storage=1B\n" % FULL_DOMAIN)
        self._write_passwords()
        self._write_quota()

    def _write_passwords(self):
        lines = []
        for address, password in self.accounts.items():
            lines.append("%s:{PLAIN}%s::::::\n" % (address, password))
            # the short login name leads to the same mailbox, not to a second one
            lines.append("%s:{PLAIN}%s::::::user=%s\n" % (address.split("@")[0], password, address))
        self._write("passwords", "".join(lines))

    def _write_quota(self):
        lines = []
        for address, limit in self.quota.items():
            if limit:
                lines.append("%s:::::::userdb_quota_rule=*:%s\n" % (address, _rule(limit)))
        self._write("quota", "".join(lines))

    def _write(self, name, text):
        """Replaced in one step, for Dovecot may be reading it."""
        path = os.path.join(self.folder, name)
        with open(path + ".new", "w") as out:
            out.write(text)
        os.chmod(path + ".new", 0o644)
        # Dovecot looks for changes by time stamp in whole seconds: give each version a second of its own
        self._stamp += 1
        os.utime(path + ".new", (self._stamp, self._stamp))
        os.replace(path + ".new", path)


def doveadm(config, *arguments):
    done = subprocess.run(["doveadm", "-c", config, *arguments], capture_output=True, text=True)
    if done.returncode:
        raise RuntimeError("doveadm %s: %s" % (" ".join(arguments), done.stderr.strip()))
    return done.stdout


def _rule(limit):
    return limit if "=" in limit else "storage=" + limit


def _quoted(name):
    return '"%s"' % name.replace("\\", "\\\\").replace('"', '\\"')
