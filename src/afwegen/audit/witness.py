"""
Witnesses: others who saw how far an installation log was, and sign that they did.

A witness remembers the last checkpoint of each log, and signs a newer one only after a proof that the log still begins
with the old one. It sees hashes and sizes, never an entry. The one here is small and complete: a library, a university
or another association can run it; those of others that speak the protocol serve as well.

References:
    C2SP, tlog-witness and tlog-cosignature.
"""

import os
import re
from base64 import b64encode
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from hashlib import sha256
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Lock, Thread
from types import TracebackType
from typing import Final, Self
from urllib.error import HTTPError, URLError
from urllib.request import Request, urlopen

from attrs import field, frozen

from afwegen.audit.checkpoints import Checkpoint
from afwegen.audit.keys import KeyList
from afwegen.audit.notes import PLAIN, Note, Signer, Verifier, cosign, unspell
from afwegen.errors import AfwegenError, IntegrityError
from afwegen.log.merkle import HASH_SIZE, verify_consistency
from afwegen.log.tree import Tree
from afwegen.session import Clock, now

__all__ = ["Answer", "Witness", "WitnessClient", "WitnessServer"]

LARGEST_REQUEST: Final = 1_100_000
"""Octets of a request: a proof and a note."""
PATIENCE: Final = 5.0
"""Seconds to wait for a witness."""

_PATH: Final = "/add-checkpoint"
_SIZE_TYPE: Final = "text/x.tlog.size"
_OLD = re.compile(rb"old (0|[1-9][0-9]{0,18})")
_MOST_HASHES: Final = 63


@frozen(kw_only=True)
class Answer:
    """
    What a witness says to a checkpoint.

    Attributes:
        status: 200 where it signed; 400, 403, 404, 409 or 422 where it did not, as the protocol says.
        kind: The type of the body.
        body: Its signature, or after 409 the size it saw last; else why not.
    """

    status: int
    kind: str = "text/plain; charset=utf-8"
    body: bytes = b""


class Witness:
    """
    A witness that keeps in a folder what it saw.

    Args:
        signer: Its key.
        logs: The keys of the installation logs it watches.
        folder: Where it keeps the last checkpoint of each: never restore an old copy of it.
        clock: Gives the present moment.

    Raises:
        AfwegenError: The folder is not there.
    """

    def __init__(self, signer: Signer, logs: KeyList, folder: str | os.PathLike[str], *, clock: Clock = now) -> None:
        self._signer = signer
        self._logs = logs
        self._folder = Path(folder)
        self._clock = clock
        self._lock = Lock()
        if not self._folder.is_dir():
            raise AfwegenError("a witness remembers in a folder", "make it", str(folder))

    @property
    def verifier(self) -> Verifier:
        """Return its public key, for key lists."""
        return Verifier(name=self._signer.name, public=self._signer.public, kind=4)

    def add_checkpoint(self, body: bytes) -> Answer:
        """Look at a checkpoint and its proof, and sign it or say why not."""
        try:
            old, proof, checkpoint = _request(body)
        except IntegrityError as error:
            return _refusal(HTTPStatus.BAD_REQUEST, error)
        keys = [key for key in self._logs.keys if key.kind == PLAIN and key.name == checkpoint.origin]
        if not keys:
            return _refusal(HTTPStatus.NOT_FOUND, f"this witness does not watch {checkpoint.origin}")
        try:
            if not checkpoint.note.verified(keys):
                return _refusal(HTTPStatus.FORBIDDEN, "no key of this log signed this")
        except IntegrityError as error:
            return _refusal(HTTPStatus.FORBIDDEN, error)
        if old > checkpoint.size:
            return _refusal(HTTPStatus.BAD_REQUEST, "the old size is larger than the new one")
        with self._alone():
            return self._judge(old, proof, checkpoint)

    def _judge(self, old: int, proof: Sequence[bytes], checkpoint: Checkpoint) -> Answer:
        """Compare with what was seen last and remember it, with nobody in between."""
        last = self._last(checkpoint.origin)
        seen = last.size if last else 0
        if old != seen or (last and last.size == checkpoint.size and last.root != checkpoint.root):
            return Answer(status=HTTPStatus.CONFLICT, kind=_SIZE_TYPE, body=b"%d\n" % seen)
        try:
            _prove(last, proof, checkpoint)
        except IntegrityError as error:
            return _refusal(HTTPStatus.UNPROCESSABLE_ENTITY, error)
        signature = cosign(checkpoint.note, self._signer, int(self._clock().timestamp()))
        self._remember(checkpoint)
        return Answer(status=HTTPStatus.OK, body=f"{signature}\n".encode())

    def _file(self, origin: str) -> Path:
        return self._folder / f"{sha256(origin.encode()).hexdigest()}.note"

    def _last(self, origin: str) -> Checkpoint | None:
        file = self._file(origin)
        return Checkpoint.read(file.read_bytes()) if file.exists() else None

    def _remember(self, checkpoint: Checkpoint) -> None:
        file = self._file(checkpoint.origin)
        beside = file.with_suffix(".new")
        with beside.open("wb") as written:
            written.write(checkpoint.to_bytes())
            written.flush()
            os.fsync(written.fileno())
        beside.replace(file)
        _sync(self._folder)

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """Keep other threads, and other processes on the same folder, out."""
        with self._lock, (self._folder / "lock").open("a") as file:
            if os.name == "posix":
                import fcntl

                fcntl.flock(file, fcntl.LOCK_EX)
            yield


class WitnessServer:
    """
    A witness that answers over HTTP, on this machine; put a proxy with a certificate before it for others.

    Args:
        witness: Who answers.
        port: Where; 0 for any that is free.
    """

    def __init__(self, witness: Witness, port: int = 0) -> None:
        self._server = ThreadingHTTPServer(("127.0.0.1", port), _handler(witness))
        self._thread = Thread(target=self._server.serve_forever, daemon=True)

    @property
    def url(self) -> str:
        """Return where it answers."""
        return f"http://127.0.0.1:{self._server.server_port}"

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


@frozen(kw_only=True)
class WitnessClient:
    """
    A witness somewhere else.

    Attributes:
        url: Before ``/add-checkpoint``.
        verifier: Its key, from elsewhere.
        patience: Seconds to wait for an answer.
    """

    url: str = field()
    verifier: Verifier
    patience: float = PATIENCE

    @url.validator
    def _is_http(self, _: object, url: str) -> None:
        if not url.startswith(("http://", "https://")):
            raise AfwegenError("a witness is reached over HTTP", "give its address", url)

    def size(self, checkpoint: Checkpoint) -> int:
        """
        Return how far the witness saw the log of this checkpoint, 0 where it never did.

        Raises:
            AfwegenError: It cannot be reached, or does not watch this log.
        """
        status, body = self._ask(0, (), checkpoint)
        return _number(body) if status == HTTPStatus.CONFLICT else 0

    def cosign(self, checkpoint: Checkpoint, tree: Tree) -> Checkpoint:
        """
        Return the checkpoint with the signature of the witness.

        Args:
            checkpoint: Of an installation log, signed.
            tree: Its leaves, to prove from.

        Raises:
            IntegrityError: The witness saw another log, or one that went further: a fork, or a store that is behind.
            AfwegenError: It cannot be reached, or does not watch this log.
        """
        old = 0
        for _ in range(3):
            proof = tree.consistency(old, checkpoint.size) if old else ()
            status, body = self._ask(old, proof, checkpoint)
            if status == HTTPStatus.OK:
                return self._signed(checkpoint, body)
            if status != HTTPStatus.CONFLICT:
                raise self._alarm(f"says this log does not begin as it did at {old} leaves")
            seen = _number(body)
            if seen > checkpoint.size:
                raise self._alarm(f"saw {seen} leaves, and the log has {checkpoint.size}: it is behind, or it forked")
            if seen == old:
                raise self._alarm(f"saw another log of {seen} leaves: it forked")
            old = seen
        raise AfwegenError("others kept showing this witness the log", "try again", self.url)

    def _signed(self, checkpoint: Checkpoint, body: bytes) -> Checkpoint:
        signatures = Note.read(b"answer\n\n" + body).signatures
        own = [each for each in signatures if self.verifier.made(each)]
        if not own:
            raise AfwegenError(f"{self.verifier.name} signed with another key", "see to the key list", self.url)
        self.verifier.check(checkpoint.text, own[0])
        return checkpoint.with_signature(own[0])

    def _alarm(self, what: str) -> IntegrityError:
        return IntegrityError(f"the witness {self.verifier.name} {what}")

    def _ask(self, old: int, proof: Sequence[bytes], checkpoint: Checkpoint) -> tuple[int, bytes]:
        """Ask, and return an answer that means something for the log."""
        lines = (f"old {old}", *(b64encode(each).decode() for each in proof), "", "")
        body = "\n".join(lines).encode() + checkpoint.to_bytes()
        request = Request(f"{self.url}{_PATH}", data=body, method="POST")  # noqa: S310 - the validator saw to the scheme
        try:
            with urlopen(request, timeout=self.patience) as answer:  # noqa: S310 - same
                return int(answer.status), answer.read(LARGEST_REQUEST)
        except HTTPError as error:
            with error:
                said = error.read(LARGEST_REQUEST)
            if error.code in {HTTPStatus.CONFLICT, HTTPStatus.UNPROCESSABLE_ENTITY}:
                return error.code, said
            why = said.decode("utf-8", "replace").strip()
            raise AfwegenError(
                f"the witness refused ({error.code}): {why}", "see to its configuration", self.url
            ) from None
        except (URLError, OSError) as error:
            raise AfwegenError(f"the witness cannot be reached ({error})", "try again later", self.url) from error


def _request(body: bytes) -> tuple[int, tuple[bytes, ...], Checkpoint]:
    head, separator, note = body.partition(b"\n\n")
    first, *lines = head.split(b"\n")
    old = _OLD.fullmatch(first)
    proof = tuple(unspell(line.decode("ascii", "replace")) for line in lines)
    if not old or not separator or len(proof) > _MOST_HASHES or any(len(each) != HASH_SIZE for each in proof):
        raise IntegrityError("a request is an old size, a proof, an empty line and a checkpoint")
    return int(old[1]), proof, Checkpoint.read(note)


def _prove(last: Checkpoint | None, proof: Sequence[bytes], checkpoint: Checkpoint) -> None:
    if last is None or not last.size:
        if proof:
            raise IntegrityError("from an empty log there is nothing to prove")
        return
    verify_consistency(last.size, checkpoint.size, last.root, checkpoint.root, proof)


def _refusal(status: HTTPStatus, why: object) -> Answer:
    return Answer(status=status, body=f"{why}\n".encode("utf-8", "replace"))


def _number(body: bytes) -> int:
    text = body.strip()
    if not text.isdigit() or len(text) > 19:
        raise AfwegenError("the witness did not say how far it saw the log", "see to it", body[:80])
    return int(text)


def _sync(folder: Path) -> None:
    """See that a rename is on disk, where folders can be synced."""
    if os.name == "posix":
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def _handler(witness: Witness) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            length = self.headers.get("Content-Length", "")
            if not length.isdigit() or int(length) > LARGEST_REQUEST:
                self._say(_refusal(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "a request is a proof and a note"))
            elif self.path != _PATH:
                self._say(_refusal(HTTPStatus.NOT_FOUND, f"a witness answers {_PATH}"))
            else:
                self._say(witness.add_checkpoint(self.rfile.read(int(length))))

        def _say(self, answer: Answer) -> None:
            self.send_response(answer.status)
            self.send_header("Content-Type", answer.kind)
            self.send_header("Content-Length", str(len(answer.body)))
            self.end_headers()
            self.wfile.write(answer.body)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name is the library's
            """Say nothing: who runs a witness has a proxy that keeps count."""

    return Handler
