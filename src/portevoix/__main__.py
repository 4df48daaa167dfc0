"""`portevoix demo | serve | redirect | worker | doctor | manage … | preview | agents | feed`: the one command."""

import argparse
import json
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from portevoix import env


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs one command; 0 when it went well, 1 when it could not be done (a sentence says why), 2 when misspelt."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    if words[:1] == ["manage"]:
        return _manage(words[1:])
    options = _parser().parse_args(words)
    run: Callable[[argparse.Namespace], int] = options.run
    try:
        return run(options)
    except (env.BadEnvironment, _Refused) as refused:
        print(refused, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 0
    except BrokenPipeError:  # whoever read our lines has read enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0


class _Refused(Exception):
    """The command cannot be done; the sentence says why and what to do."""


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="portevoix", description="The open-source platform for employee advocacy."
    )
    commands = parser.add_subparsers(required=True, metavar="command")

    def command(name: str, run: Callable[[argparse.Namespace], int], help: str) -> argparse.ArgumentParser:
        one = commands.add_parser(name, help=help, description=help)
        one.set_defaults(run=run)
        return one

    demo = command("demo", _demo, "a believable company, ready to try, on this machine")
    demo.add_argument("--fresh", action="store_true", help="start over with a new database")
    command("serve", _serve, "the web, the redirector and the worker, together")
    command("redirect", _redirect, "the redirector alone: tracked links, no pages")
    command("worker", _worker, "the worker alone")
    command("doctor", _doctor, "what is configured, from where, and what is unsafe or missing")
    commands.add_parser("manage", help="Django's own commands: portevoix manage migrate, …")
    preview = command("preview", _preview, "the preview of a page, as JSON")
    preview.add_argument("--url", required=True, help="address of the page")
    preview.add_argument("--file", type=Path, help="the page's HTML, instead of fetching it")
    command("agents", _agents, "reads one User-Agent a line; prints robot or person, and the reason")
    feed = command("feed", _feed, "the entries a source would take from a feed, as JSON lines")
    feed.add_argument("--file", type=Path, required=True, help="the feed's XML")
    return parser


def _manage(words: list[str]) -> int:
    _set_up_django()
    from django.core.management import execute_from_command_line

    execute_from_command_line(["portevoix manage", *words])
    return 0


def _set_up_django() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portevoix.settings")
    import django

    django.setup()


def _demo(options: argparse.Namespace) -> int:
    from portevoix.demo.command import run

    return _without_trace(lambda: run(fresh=options.fresh))


def _serve(_: argparse.Namespace) -> int:
    from portevoix import serving

    def serve() -> int:
        _set_up_django()
        from portevoix.doctor import refuse_unsafe

        refuse_unsafe()
        serving.serve(env.read())
        return 0

    return _without_trace(serve)


def _redirect(_: argparse.Namespace) -> int:
    """Knows no Django, so that it starts at once and stays small."""
    from portevoix import serving

    def redirect() -> int:
        serving.redirect(env.read())
        return 0

    return _without_trace(redirect)


def _worker(_: argparse.Namespace) -> int:
    from portevoix import serving

    _set_up_django()
    serving.work(env.read())
    return 0


def _doctor(_: argparse.Namespace) -> int:
    _set_up_django()
    from portevoix.doctor import report

    return report()


def _without_trace(run: Callable[[], int]) -> int:
    from portevoix.serving import CannotServe

    try:
        return run()
    except CannotServe as refused:
        raise _Refused(str(refused)) from refused


def _preview(options: argparse.Namespace) -> int:
    """Reads no database; the page comes from the file, or through the outgoing door."""
    from portevoix.core.http import Door
    from portevoix.core.outgoing import CannotFetch
    from portevoix.library.preview.reading import preview_json

    environment = env.read()
    door = Door(allow=environment.outgoing_allow, stand_ins=environment.stand_ins)
    content = _content(options.file) if options.file else None
    try:
        found = preview_json(options.url, content=content, door=door)
    except CannotFetch as refused:
        raise _Refused(str(refused)) from refused
    print(json.dumps(found, ensure_ascii=False, indent=2))
    return 0


def _agents(_: argparse.Namespace) -> int:
    from portevoix.links.agents import write_judgements

    # Agents come from the wild: bytes that are no text are read all the same.
    with open(sys.stdin.fileno(), encoding="utf-8", errors="replace", closefd=False) as lines:
        write_judgements(lines, sys.stdout)
    return 0


def _feed(options: argparse.Namespace) -> int:
    from portevoix.library.feeds import feed_lines

    for entry in feed_lines(_content(options.file)):
        print(json.dumps(entry, ensure_ascii=False))
    return 0


def _content(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as error:
        raise _Refused(f"{file} cannot be read: {error.strerror}.") from error


if __name__ == "__main__":
    sys.exit(main())
