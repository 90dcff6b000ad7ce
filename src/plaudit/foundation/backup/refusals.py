"""The ways a backup, or a restoring of one, says no."""

from __future__ import annotations

from plaudit.foundation.refusals import Conflict, Refusal


class NotABackup(Refusal):
    """The file is cut, altered, or something else altogether."""

    code = "backup_not_whole"
    sentence = "{file} is not a whole backup: {fault}."
    way_forward = "Nothing was restored. Take another copy of it, or another backup."


class BackupExists(Conflict):
    code = "backup_exists"
    sentence = "{file} is there already, and a backup never replaces another."
    way_forward = "Name another file, or a folder: the backup then names itself by the moment."


class OtherKey(Conflict):
    """What is sealed in the backup could not be opened here."""

    code = "backup_of_another_key"
    sentence = "{file} was made under another secret key than this installation has; its {sealed} could not be opened."
    way_forward = (
        "Put the key of the installation it comes from into PLAUDIT_SECRET_KEY, or into {key_file}; "
        "or give up what is sealed with --other-key."
    )


class BackupTooNew(Refusal):
    code = "backup_too_new"
    sentence = "{file} was made by Plaudit {version}, whose tables this one does not know: {unknown}."
    way_forward = "Restore it with Plaudit {version} or later."


class TablesDiffer(Refusal):
    code = "backup_tables_differ"
    sentence = "{file} was made by Plaudit {version}, whose table {table} has other columns: {columns}."
    way_forward = "Restore it with the Plaudit that made it, then bring that up to date."


class DatabaseNotEmpty(Conflict):
    code = "database_not_empty"
    sentence = "The database {database} is not empty: it has {organisations}."
    way_forward = (
        "Name an empty one in PLAUDIT_DATABASE_NAME, or say --replace to give up what is in this one."
    )


class DatabaseInUse(Conflict):
    code = "database_in_use"
    sentence = "Others are at work in the database {database}: {who}."
    way_forward = "Stop Plaudit (serve and worker) first; what they wrote now would be lost or mixed."


class RestoredDiffers(Conflict):
    """What was restored is not what was backed up; the database is left as it was before."""

    code = "restored_differs"
    exit_code = 8
    sentence = "What came out of {file} is not what went in: {faults}."
    way_forward = "Nothing was put in place. Keep the file, and try an earlier backup."
