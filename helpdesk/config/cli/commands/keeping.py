"""`helpdesk backup`, `restore`, `verify`: keeping an installation."""

import argparse
from pathlib import Path

from helpdesk.config import env
from helpdesk.config.cli.database import home, joined, say, way

_BACKUP = """The product may run and be written to: the backup is of one moment. It is whole when manifest.json stands
in it. Not in it: the settings of the environment and secret.key; keep them apart."""
_RESTORE = """Everything is checked before anything is written. A backup of an older version is brought up to date. An
interrupted restore goes on when it is called again with the same backup."""
_VERIFY = """Reads every part and restores the database into a temporary one (in TMPDIR) to compare it with the
manifest."""


def register(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the subcommands."""
    for name, run, text, more in (
        ("backup", backup, "save database and files into a new or empty folder", _BACKUP),
        ("restore", restore, "bring a backup into an empty installation", _RESTORE),
        ("verify", verify, "prove a backup by restoring it beside, touching nothing", _VERIFY),
    ):
        parser = subparsers.add_parser(name, help=text, description=f"{text[0].upper()}{text[1:]}. {more}")
        parser.add_argument("folder", metavar="DIR", type=folder, help="the folder of the backup")
        parser.set_defaults(run=run)


def folder(text: str) -> Path:
    """A folder's path, made absolute. Raises what argparse turns into wrong usage."""
    if not text or "\0" in text:
        raise argparse.ArgumentTypeError("a folder must be named")
    return Path(text).absolute()


def backup(arguments: argparse.Namespace) -> int:
    """Make a backup, and note in the database when."""
    with joined(role="backup"):
        from helpdesk.config.keeping import backup as making  # noqa: PLC0415
        from helpdesk.config.keeping import last  # noqa: PLC0415

        manifest = making.make(arguments.folder, env.text("DATABASE_URL"), say=say)
        last.note()
    print(f"The backup of {manifest.made_at} is in {arguments.folder}: {manifest.told()}.")
    if manifest.lost:
        from helpdesk.config.keeping.errors import KeepingError  # noqa: PLC0415

        raise KeepingError(
            f"the backup is made, but {len(manifest.lost)} of the installation's own files are lost or damaged and so "
            f"not in it ({manifest.lost[0]} …; all stand in its manifest.json): bring them back from an older backup"
        )
    return 0


def restore(arguments: argparse.Namespace) -> int:
    """Bring a backup into an empty installation."""
    from helpdesk.config.keeping import restore as restoring  # noqa: PLC0415

    manifest, steps = restoring.bring(arguments.folder, home(), way=way(), say=say)
    print(f"Restored the backup of {manifest.made_at}: {manifest.told()}.")
    if steps:
        print(f"Its schema was older and was brought up to date by {steps} step{'' if steps == 1 else 's'}.")
    if not env.text("HELPDESK_SECRET_KEY"):
        say(
            f"A backup does not hold secret.key: put the old one into {home()} before the first start; with another "
            "everybody signs in anew, and the addresses for answers in letters sent so far are not known any more"
        )
    return 0


def verify(arguments: argparse.Namespace) -> int:
    """Prove a backup."""
    from helpdesk.config.keeping import proof  # noqa: PLC0415

    manifest = proof.see(arguments.folder, way=way(), say=say)
    print(f"The backup of {manifest.made_at} is whole: {manifest.told()}; restored beside, no difference.")
    if manifest.lost:
        print(f"When it was made, {len(manifest.lost)} files were lost already (see its manifest.json).")
    return 0
