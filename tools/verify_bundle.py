#!/usr/bin/env python3
"""
Check a bundle of afwegen without afwegen.

One file, nothing but the standard library, written from the description of the formats and not from the library: where
the two disagree, one of them is wrong. It checks the encoding of every entry (level 1), the roots and the signatures
(2), consistency with checkpoints you hold (3), and what the commitments open to (5). It knows no vocabulary, no rules
and no models: whether an entry has the fields of its type, was allowed, or was computed rightly is not its business.

    python verify_bundle.py BUNDLE.zip [--keys KEYS] [--since CHECKPOINT ...] [--json]

It ends with 0 where nothing is wrong, 1 where something is, 2 where the file is no bundle. What could not be checked
for want of something that was not given is said last, and never counts as checked.
"""

import argparse
import base64
import hashlib
import hmac
import json
import re
import struct
import sys
import unicodedata
import zlib
from datetime import datetime
from functools import lru_cache
from pathlib import Path

FORMAT = "afwegen-bundle/1"
MEMBERS = (
    "bundle.json",
    "installation/leaves.jsonl",
    "installation/checkpoints.jsonl",
    "sessions.jsonl",
    "entries.jsonl",
    "checkpoints.jsonl",
    "people.jsonl",
    "vault.jsonl",
)
LONGEST = {"entries.jsonl": 32 * 1024, "vault.jsonl": 64 * 1024 * 1024}
ENVELOPE = {
    *("by", "channel", "commitments", "fields", "happened_at", "meeting", "on_behalf_of"),
    *("people", "recorded_at", "role", "seq", "session", "subgroup", "type"),
}
CHANNELS = ("live", "paper", "oral", "async")
ROLES = ("organiser", "facilitator", "participant", "subgroup", "plenary", "recorder", "decider", "system")
TIME = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T([01][0-9]|2[0-3]):[0-9]{2}:[0-9]{2}\.[0-9]{3}Z")
EMPTY_ROOT = hashlib.sha256(b"").digest()


class Unusable(Exception):
    """The file is no bundle, or a list or checkpoint beside it is none."""


class Wrong(Exception):
    """Something in a bundle is not what it should be."""


# -- canonical JSON ---------------------------------------------------------------------------------------------------


def canonical(data):
    """Return the value that these octets are the one spelling of."""
    try:
        value = json.loads(data.decode(), parse_constant=_refuse)
        again = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False).encode()
    except (ValueError, RecursionError) as error:
        raise Wrong(f"these octets are no JSON: {error}") from error
    if again != data:
        raise Wrong("these octets are not the one spelling of what they mean")
    _profile(value, 100)
    return value


def spell(value):
    """Return the one spelling of a value."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def is_moment(text):
    """Say whether a text is a moment in its one spelling, on a day that there is."""
    try:
        return bool(TIME.fullmatch(text)) and bool(datetime.fromisoformat(text))
    except ValueError:
        return False


def _refuse(name):
    raise ValueError(f"{name} is no JSON")


def _profile(value, levels):
    if value is None or type(value) is bool:
        return
    if type(value) is str:
        if not unicodedata.is_normalized("NFC", value):
            raise Wrong(f"this text is not in NFC: {value!r:.60}")
    elif type(value) is int:
        if abs(value) >= 2**53:
            raise Wrong(f"this number is too large: {value}")
    elif type(value) in {dict, list} and levels:
        if type(value) is dict and not all(re.fullmatch(r"[a-z0-9_]+", key) for key in value):
            raise Wrong(f"these keys are not of a-z, 0-9 and _: {sorted(value)!r:.80}")
        for each in value.values() if type(value) is dict else value:
            _profile(each, levels - 1)
    else:
        raise Wrong(f"this cannot stand in a log: {value!r:.60}")


# -- Merkle trees, RFC 6962 and RFC 9162 ------------------------------------------------------------------------------


def leaf_hash(data):
    """Return the hash of a leaf."""
    return hashlib.sha256(b"\0" + data).digest()


def node_hash(left, right):
    """Return the hash of two subtrees together."""
    return hashlib.sha256(b"\1" + left + right).digest()


class Growing:
    """A tree that grows, of which only the right edge is kept."""

    def __init__(self):
        """Begin with the empty tree."""
        self.size = 0
        self.edge = []

    def add(self, leaf):
        """Add a leaf."""
        height = self.size
        while height & 1:
            leaf = node_hash(self.edge.pop(), leaf)
            height >>= 1
        self.edge.append(leaf)
        self.size += 1

    def root(self):
        """Return the root."""
        if not self.edge:
            return EMPTY_ROOT
        found = self.edge[-1]
        for peak in self.edge[-2::-1]:
            found = node_hash(peak, found)
        return found


def included(index, size, leaf, proof, root):
    """Say whether a leaf stands at a place in the tree of this root: RFC 9162, section 2.1.3.2."""
    if index >= size:
        return False
    at, last, found = index, size - 1, leaf
    for each in proof:
        if last == 0:
            return False
        if at & 1 or at == last:
            found = node_hash(each, found)
            while not at & 1 and at:
                at, last = at >> 1, last >> 1
        else:
            found = node_hash(found, each)
        at, last = at >> 1, last >> 1
    return last == 0 and found == root


# -- Ed25519, RFC 8032 ------------------------------------------------------------------------------------------------

P = 2**255 - 19
L = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P
ROOT_OF_MINUS_1 = pow(2, (P - 1) // 4, P)
ORDER_8 = 2707385501144840649318225287225658788936804267575313519463743609750303402022
SMALL = {0, 1, P - 1, ORDER_8, P - ORDER_8}
# Points are (X, Y, Z, T) with x = X/Z, y = Y/Z, xy = T/Z.
ZERO = (0, 1, 1, 0)


def _add(one, other):
    a = (one[1] - one[0]) * (other[1] - other[0]) % P
    b = (one[1] + one[0]) * (other[1] + other[0]) % P
    c = 2 * one[3] * other[3] * D % P
    d = 2 * one[2] * other[2] % P
    e, f, g, h = b - a, d - c, d + c, b + a
    return e * f % P, g * h % P, f * g % P, e * h % P


def _times(scalar, point):
    found = ZERO
    for bit in f"{scalar:b}":
        found = _add(found, found)
        if bit == "1":
            found = _add(found, point)
    return found


def _point(octets):
    y = int.from_bytes(octets, "little")
    sign, y = y >> 255, y & (2**255 - 1)
    if y >= P:
        return None
    square = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    x = pow(square, (P + 3) // 8, P)
    if (x * x - square) % P:
        x = x * ROOT_OF_MINUS_1 % P
    if (x * x - square) % P or (x == 0 and sign):
        return None
    x = P - x if x & 1 != sign else x
    return x, y, 1, x * y % P


def _octets(point):
    inverse = pow(point[2], P - 2, P)
    x, y = point[0] * inverse % P, point[1] * inverse % P
    return (y | (x & 1) << 255).to_bytes(32, "little")


BASE = _point((4 * pow(5, P - 2, P) % P).to_bytes(32, "little"))


@lru_cache(maxsize=4096)
def signed(public, message, signature):
    """Say whether a signature of a message is of a key: RFC 8032, section 5.1.7, without the cofactor."""
    point = _point(public) if len(public) == 32 else None
    if len(signature) != 64 or point is None:
        return False
    scalar = int.from_bytes(signature[32:], "little")
    if scalar >= L:
        return False
    challenge = int.from_bytes(hashlib.sha512(signature[:32] + public + message).digest(), "little") % L
    minus = (P - point[0], point[1], 1, P - point[3])
    return _octets(_add(_times(scalar, BASE), _times(challenge, minus))) == signature[:32]


# -- notes, keys and checkpoints, C2SP --------------------------------------------------------------------------------


def unspell(text):
    """Read base64 in its one spelling; empty where it has another."""
    try:
        octets = base64.b64decode(text, validate=True)
    except ValueError:
        return b""
    return octets if base64.b64encode(octets).decode() == text else b""


class Key:
    """A public key of a list."""

    def __init__(self, name, kind, public):
        """Take the parts."""
        self.name, self.kind, self.public = name, kind, public
        self.id = hashlib.sha256(name.encode() + b"\n" + bytes([kind]) + public).digest()[:4]

    def __eq__(self, other):
        """Say whether it is the same key of the same name."""
        return (self.name, self.kind, self.public) == (other.name, other.kind, other.public)

    def __hash__(self):
        """Hash by what makes it equal."""
        return hash((self.name, self.kind, self.public))

    def named(self, name):
        """Return the key under another name."""
        return Key(name, self.kind, self.public)

    def check(self, text, key_id, value):
        """Verify a signature that claims to be of this key."""
        message = text.encode()
        if self.kind == 4:
            moment, value = int.from_bytes(value[:8], "big"), value[8:]
            message = f"cosignature/v1\ntime {moment}\n{text}".encode()
        if key_id != self.id or not signed(self.public, message, value):
            raise Wrong(f"the signature of {self.name} is not of this text")


def read_key(line):
    """Read a key of a list."""
    name, _, rest = line.partition("+")
    key_id, _, material = rest.partition("+")
    octets = unspell(material)
    if not name or len(octets) != 33 or octets[0] not in {1, 4} or any(map(str.isspace, name)):
        raise Wrong(f"this is no key: {line!r:.80}")
    if not unicodedata.is_normalized("NFC", name) or any(letter < " " for letter in name):
        raise Wrong(f"this name is not spelled in one way: {name!r}")
    height = int.from_bytes(octets[1:], "little") & (2**255 - 1)
    if height >= P or height in SMALL:
        raise Wrong(f"this key verifies anything, or is spelled in two ways: {line!r:.80}")
    key = Key(name, octets[0], octets[1:])
    if key_id != key.id.hex():
        raise Wrong(f"the id in this key is not that of the key: {line!r:.80}")
    return key


class Keys:
    """A list of keys that somebody trusts."""

    def __init__(self, text):
        """Read the list: a key a line, and *leaked* behind one that is."""
        self.keys, self.leaked = [], set()
        for line in map(str.strip, text.splitlines()):
            if line and not line.startswith("#"):
                words = line.split()
                if len(words) > 2 or words[1:] not in ([], ["leaked"]):
                    raise Wrong(f"a line of a key list holds one key: {line!r:.80}")
                self.keys.append(read_key(words[0]))
                if len(words) == 2:
                    self.leaked.add(self.keys[-1].public)
        if not self.keys:
            raise Wrong("this list holds no key")

    def of(self, origin):
        """Return the keys that may sign for a log."""
        above = origin.rpartition("/s/")[0]
        return [key.named(origin) for key in self.keys if key.kind == 1 and key.name in {origin, above or origin}]


class Note:
    """Text with signatures."""

    def __init__(self, data):
        """Read the note."""
        if len(data) > 1_000_000:
            raise Wrong("this note is larger than a note may be")
        try:
            whole = data.decode()
        except UnicodeDecodeError as error:
            raise Wrong("a note is UTF-8") from error
        if any(letter < " " and letter != "\n" for letter in whole):
            raise Wrong("a note has no control characters")
        at = whole.rfind("\n\n")
        lines = whole[at + 2 :].split("\n")
        if at < 0 or lines.pop() or not 0 < len(lines) <= 100:
            raise Wrong("a note is text, an empty line, and one to a hundred signatures")
        self.text = whole[: at + 1]
        self.signatures = [self._signature(line) for line in lines]
        self.whole = whole

    @staticmethod
    def _signature(line):
        match = re.fullmatch(r"\u2014 ([^\s+]+) (\S+)", line)
        octets = unspell(match[2]) if match else b""
        if len(octets) < 5:
            raise Wrong(f"this is no signature: {line!r:.80}")
        return match[1], octets[:4], octets[4:]

    def signers(self, keys):
        """Return which keys signed; one that is named and did not is wrong."""
        found = set()
        for name, key_id, value in self.signatures:
            for key in keys:
                if key.name == name and key.id == key_id:
                    key.check(self.text, key_id, value)
                    found.add(key)
        return found


class Checkpoint(Note):
    """How far a log was."""

    def __init__(self, data):
        """Read the checkpoint."""
        super().__init__(data)
        lines = self.text.split("\n")[:-1]
        size = lines[1] if len(lines) > 2 else ""
        self.root = unspell(lines[2]) if len(lines) > 2 else b""
        if not all(lines) or not re.fullmatch(r"0|[1-9][0-9]{0,18}", size) or len(self.root) != 32:
            raise Wrong(f"this note is no checkpoint: {self.text!r:.80}")
        self.origin, self.size = lines[0], int(size)
        self.session = self.origin.rpartition("/s/")[2] if "/s/" in self.origin else ""
        if self.size == 0 and self.root != EMPTY_ROOT:
            raise Wrong("the root of an empty log is that of nothing")

    def verify(self, keys, held):
        """Verify who signed."""
        own = keys.of(self.origin)
        if not own:
            raise Wrong(f"the key list has no key for {self.origin}")
        witnesses = [key for key in keys.keys if key.kind == 4]
        found = self.signers(own + witnesses)
        by_log = [key for key in found if key.kind == 1]
        if not by_log:
            raise Wrong(f"no key of the list that is this log's signed this: {self.text!r:.80}")
        if all(key.public in keys.leaked for key in by_log) and not held and len(found) == len(by_log):
            raise Wrong(f"the key of this checkpoint leaked, and nobody else vouches for it: {self.text!r:.80}")


# -- the file ---------------------------------------------------------------------------------------------------------


def members(path):
    """Yield where each member lies in the file, after checking that the file is packed in the one way."""
    with Path(path).open("rb") as file:
        length = file.seek(0, 2)
        start = length - 22 - sum(46 + len(name) for name in MEMBERS)
        if start < 0:
            raise Unusable("this file is no bundle: it is too short")
        file.seek(start)
        directory, expected, at, offset, found = file.read(), b"", 0, 0, {}
        for name in map(str.encode, MEMBERS):
            crc, size = struct.unpack_from("<LL", directory, at + 16)
            at += 46 + len(name)
            about = struct.pack("<HHHHHLLLHH", 10, 0, 0, 0, 0x21, crc, size, size, len(name), 0)
            if offset + 30 + len(name) + size > start:
                raise Unusable("this file is no bundle: its directory does not fit")
            file.seek(offset)
            if file.read(30 + len(name)) != b"PK\3\4" + about + name:
                raise Unusable(f"this file is no bundle: {name.decode()} is not where it belongs")
            expected += b"PK\1\2" + struct.pack("<H", 10) + about + struct.pack("<HHHLL", 0, 0, 0, 0, offset) + name
            found[name.decode()] = offset + 30 + len(name), size, crc
            offset += 30 + len(name) + size
        end = struct.pack("<4sHHHHLLH", b"PK\5\6", 0, 0, len(MEMBERS), len(MEMBERS), len(expected), offset, 0)
        if offset != start or directory != expected + end:
            raise Unusable("this file is no bundle: its directory is not that of its members")
    return found


class Lines:
    """The lines of one member, with one line of foresight."""

    def __init__(self, path, name, where):
        """Open the member."""
        self.name, self.number, self.longest = name, 0, LONGEST.get(name, 256 * 1024)
        self.lines = self._read(path, *where)
        self.next = next(self.lines, None)

    def _read(self, path, at, left, crc):
        found = 0
        with Path(path).open("rb") as file:
            file.seek(at)
            while left:
                line = file.readline(min(left, self.longest + 1))
                if not line.endswith(b"\n"):
                    raise self.unusable("a line is too long, or does not end")
                found, left = zlib.crc32(line, found), left - len(line)
                yield line[:-1]
        if found != crc:
            raise self.unusable("its checksum is not that of its content")

    def unusable(self, what):
        """Make the error for this member."""
        return Unusable(f"{self.name}, line {self.number}: {what}")

    def take(self):
        """Return the next line."""
        if self.next is None:
            raise self.unusable("there are fewer lines than the bundle says")
        line, self.next, self.number = self.next, next(self.lines, None), self.number + 1
        return line

    def document(self, *keys):
        """Return the next line as an object with these keys."""
        try:
            value = canonical(self.take())
        except Wrong as error:
            raise self.unusable(str(error)) from error
        if type(value) is not dict or value.keys() != set(keys):
            raise self.unusable(f"this line has not the parts {', '.join(keys)}")
        return value

    def of(self, session, *keys):
        """Yield the lines of a session."""
        while self.next is not None and self.next.endswith(f',"session":"{session}"}}'.encode()):
            yield self.document(*keys, "session")

    def end(self):
        """Refuse lines that belong to nothing."""
        if self.next is not None:
            raise self.unusable("a line belongs to nothing the bundle tells of, or stands in the wrong place")

    def typed(self, value, kind):
        """Return a value that must be of a kind; numbers count things."""
        if type(value) is not kind or (kind is int and value < 0):
            raise self.unusable(f"{value!r:.60} is not what belongs here")
        return value

    def hash(self, value):
        """Return a hash that must be spelled in hexadecimal."""
        if type(value) is not str or not re.fullmatch(r"[0-9a-f]{64}", value, re.ASCII):
            raise self.unusable(f"{value!r:.60} is no hash")
        return bytes.fromhex(value)


# -- verification -----------------------------------------------------------------------------------------------------


class Verification:
    """Everything that is found about one bundle."""

    def __init__(self, keys, since):
        """Begin with what came from elsewhere."""
        self.keys = keys
        self.since = since
        self.findings = {1: [], 2: [], 3: [], 5: []}
        self.judged = dict.fromkeys(self.findings, 0)
        self.records = 0
        self.open = set()
        self.origin = ""
        self.signed_for = 0
        self.tail = 0
        if keys is None:
            self.open.add("signatures: no key list was given")

    def wrong(self, level, what):
        """Note that something is wrong."""
        self.findings[level].append(str(what))

    def who_signed(self, checkpoint, level, held):
        """Verify a checkpoint's signatures, where there are keys."""
        if self.keys is not None:
            try:
                checkpoint.verify(self.keys, held)
            except Wrong as error:
                self.wrong(level, error)

    def run(self, path):
        """Verify a bundle, from front to back."""
        try:
            where = members(path)
        except OSError as error:
            raise Unusable(f"the bundle cannot be read: {error.strerror}") from error
        lines = {name: Lines(path, name, where[name]) for name in MEMBERS}
        manifest = lines["bundle.json"]
        about = manifest.document("format", "installation", "openings", "sessions")
        if about["format"] != FORMAT:
            raise manifest.unusable(f"this bundle is of the format {about['format']!r}")
        manifest.end()
        sessions, leaves = (manifest.typed(about[name], int) for name in ("sessions", "installation"))
        self.disclosed = manifest.typed(about["openings"], bool)
        if not self.disclosed:
            lines["people.jsonl"].end()
            lines["vault.jsonl"].end()
        self.installation(lines["installation/leaves.jsonl"], lines["installation/checkpoints.jsonl"], leaves)
        places, last = 0, ""
        for _ in range(sessions):
            about = lines["sessions.jsonl"].document("length", "root", "session")
            session = lines["sessions.jsonl"].typed(about["session"], str)
            if session <= last:
                raise lines["sessions.jsonl"].unusable("sessions come in the order of their ids, each once")
            last = session
            places += Session(self, session).run(about, lines)
        for name in MEMBERS[3:]:
            lines[name].end()
        self.finish(places, sessions)

    def installation(self, leaves, kept, count):
        """Verify the installation log."""
        self.tree, told = Growing(), 0
        checkpoints, last = [], 0
        while kept.next is not None:
            note = kept.typed(kept.document("note")["note"], str).encode()
            try:
                checkpoints.append(Checkpoint(note))
            except Wrong as error:
                self.wrong(2, error)
                continue
            if checkpoints[-1].size <= last:
                self.wrong(2, f"a checkpoint of {checkpoints[-1].size} leaves follows one of {last}")
            last = checkpoints[-1].size
        waiting = list(checkpoints)
        held = sorted((each for each in self.since if not each.session), key=lambda each: each.size)
        for _ in range(count):
            document = leaves.document("leaf", "note")
            told += self.leaf(leaves.hash(document["leaf"]), document["note"], leaves)
            while waiting and waiting[0].size == self.tree.size:
                self.compare(waiting.pop(0), 2)
            while held and held[0].size == self.tree.size:
                self.compare(held.pop(0), 3)
        leaves.end()
        for checkpoint in waiting:
            self.wrong(
                2, f"a checkpoint of the installation log speaks of {checkpoint.size} leaves, out of order or too many"
            )
        for checkpoint in held:
            self.wrong(
                3, f"a checkpoint held speaks of {checkpoint.size} leaves; this bundle is older, or somebody else's"
            )
        self.told = told
        self.unsigned = self.tree.size - max((each.size for each in checkpoints), default=0)
        self.judged[3] += sum(not each.session for each in self.since)

    def leaf(self, found, note, lines):
        """Verify one leaf; return 1 where it tells of a session."""
        self.tree_before = self.tree.size
        self.tree.add(found)
        if note is None:
            return 0
        octets = lines.typed(note, str).encode()
        if leaf_hash(octets) != found:
            self.wrong(2, f"leaf {self.tree_before} of the installation log is not what its hash was made of")
        try:
            read = Note(octets)
        except Wrong as error:
            self.wrong(2, error)
            return 0
        if not read.text.startswith("afwegen/rotation/"):
            return 1
        if self.keys is not None:
            try:
                self.rotation(read)
            except Wrong as error:
                self.wrong(2, error)
        return 0

    def rotation(self, note):
        """Follow a key that hands over to another."""
        lines = note.text.split("\n")
        if len(lines) != 4 or lines[0] != "afwegen/rotation/v1" or lines[3]:
            raise Wrong("this note is no rotation of keys")
        old, new = read_key(lines[1]), read_key(lines[2])
        if old.name != new.name or note.signers([old, new]) != {old, new}:
            raise Wrong("a rotation is signed by the old and by the new key")
        if old not in self.keys.keys:
            raise Wrong(f"a key hands over that is not in the list: {old.name}")
        if old.public not in self.keys.leaked and new not in self.keys.keys:
            self.keys.keys.append(new)

    def compare(self, checkpoint, level):
        """Hold a checkpoint against the installation log as far as it has grown."""
        if checkpoint.root != self.tree.root():
            self.wrong(
                level, f"the first {checkpoint.size} leaves are not those of a checkpoint of {checkpoint.origin}"
            )
        if self.origin and checkpoint.origin != self.origin:
            self.wrong(level, f"a checkpoint is of {checkpoint.origin}, others of {self.origin}")
        if level == 2:
            self.origin = self.origin or checkpoint.origin
        known = any(checkpoint.text == each.text for each in self.since if not each.session)
        self.who_signed(checkpoint, level, held=level == 3 or known)

    def finish(self, places, sessions):
        """Hold what was seen against what was told."""
        if places != self.told:
            self.wrong(2, f"the installation log tells of {self.told} checkpoints of sessions, and {places} are here")
        for checkpoint in self.since:
            if checkpoint.session and not getattr(checkpoint, "met", False):
                self.wrong(3, f"a checkpoint is held of {checkpoint.origin}, and that session is not here")
        if self.keys is not None and not (self.origin or self.signed_for):
            self.open.add("signatures: keys were given, and nothing is signed")
        elif self.keys is not None and (self.unsigned > 0 or self.tail):
            leaves = max(self.unsigned, 0)
            self.open.add(f"signatures: {self.tail} records and {leaves} leaves are newer than the newest checkpoint")
        self.sessions = sessions

    def verdicts(self):
        """Return PASS, FAIL or NOT CHECKED by level."""
        of = {1: self.records, 2: self.records, 3: len(self.since), 5: self.records}
        return {
            level: "FAIL" if found else "PASS" if of[level] and self.judged[level] >= of[level] else "NOT CHECKED"
            for level, found in self.findings.items()
        }


class Session:
    """One session of a bundle being verified."""

    def __init__(self, whole, session):
        """Begin with nobody introduced and nothing erased."""
        self.whole, self.id = whole, session
        self.introduced, self.erased, self.closed = {}, set(), {}

    def wrong(self, level, what):
        """Note that something is wrong."""
        self.whole.wrong(level, f"{self.id}: {what}")

    def run(self, about, lines):
        """Verify the session; return how many checkpoints it has."""
        heads = lines["sessions.jsonl"]
        length = heads.typed(about["length"], int)
        root = heads.hash(about["root"])
        entries = [lines["entries.jsonl"].take() for _ in range(length)]
        vault, people = self.rows(lines, length)
        due, count = self.checkpoints(lines["checkpoints.jsonl"])
        self.whole.tail += max(
            length - max((size for size, each in due.items() if any(level == 2 for _, level in each)), default=0), 0
        )
        tree = Growing()
        for seq, entry in enumerate(entries):
            tree.add(leaf_hash(entry))
            for checkpoint, level in due.pop(tree.size, ()):
                if checkpoint.root != tree.root():
                    self.wrong(level, f"the first {tree.size} entries are not those of a checkpoint")
            self.look(seq, entry, vault.get(seq, []), people.get(seq, []))
        for waiting in due.values():
            for checkpoint, level in waiting:
                self.wrong(level, f"a checkpoint speaks of {checkpoint.size} entries, and the log has {length}")
        if tree.root() != root:
            self.wrong(2, "the root is not the one the bundle says")
        self.whole.records += length
        self.whole.judged[2] += length
        self.explain()
        return count

    def rows(self, lines, length):
        """Read what is disclosed."""
        vault, people, last = {}, {}, None
        for document in lines["vault.jsonl"].of(self.id, "part", "row", "seq"):
            last = self.place(lines["vault.jsonl"], document, last, length, "part", int)
            vault.setdefault(last[0], []).append((last[1], document["row"]))
        last = None
        for document in lines["people.jsonl"].of(self.id, "pseudonym", "row", "seq"):
            last = self.place(lines["people.jsonl"], document, last, length, "pseudonym", str)
            people.setdefault(last[0], []).append((last[1], document["row"]))
        return vault, people

    @staticmethod
    def place(lines, document, last, length, name, kind):
        """Return to which entry a row belongs, and which of its rows it is; they come in order, each once."""
        place = lines.typed(document["seq"], int), lines.typed(document[name], kind)
        if place[0] >= length or (last is not None and place <= last):
            raise lines.unusable("this row belongs to no entry, or stands in the wrong place")
        return place

    def checkpoints(self, lines):
        """Read the checkpoints of this session, and those held of it; verify where they stand and who signed."""
        due, origins, last, count, whole = {}, set(), -1, 0, self.whole
        held = [each for each in whole.since if each.session == self.id]
        for document in lines.of(self.id, "index", "note", "proof"):
            count += 1
            index = lines.typed(document["index"], int)
            proof = [lines.hash(each) for each in lines.typed(document["proof"], list)]
            note = lines.typed(document["note"], str).encode()
            if index <= last:
                self.wrong(2, "checkpoints come in the order of the installation log, each once")
            last = index
            if not included(index, whole.tree.size, leaf_hash(note), proof, whole.tree.root()):
                self.wrong(2, "a checkpoint does not stand in the installation log where it says")
            try:
                checkpoint = Checkpoint(note)
            except Wrong as error:
                self.wrong(2, error)
                continue
            whole.signed_for += 1
            origins.add(checkpoint.origin)
            if whole.origin and checkpoint.origin != f"{whole.origin}/s/{checkpoint.session}":
                self.wrong(2, f"a checkpoint of {checkpoint.origin} stands in the installation log {whole.origin}")
            if checkpoint.session != self.id:
                self.wrong(2, f"a checkpoint of {checkpoint.origin} stands among those of this session")
            whole.who_signed(checkpoint, 2, held=checkpoint.whole in {each.whole for each in held})
            due.setdefault(checkpoint.size, []).append((checkpoint, 2))
        if len(origins) > 1:
            self.wrong(2, f"checkpoints of this session are of several logs: {sorted(origins)}")
        for checkpoint in held:
            checkpoint.met = True
            whole.judged[3] += 1
            if origins and checkpoint.origin not in origins:
                self.wrong(3, f"the checkpoint held is of another log: {checkpoint.origin}")
                continue
            whole.who_signed(checkpoint, 3, held=True)
            due.setdefault(checkpoint.size, []).append((checkpoint, 3))
        return due, count

    def look(self, seq, entry, rows, people):
        """Look at one entry: its encoding, and what opens it."""
        try:
            document = canonical(entry)
            self.envelope(seq, document)
        except Wrong as error:
            self.wrong(1, f"entry {seq}: {error}")
            return
        self.whole.judged[1] += 1
        try:
            closed = self.opened(seq, document, rows, people)
        except Wrong as error:
            self.wrong(5, f"record {seq}: {error}")
            return
        if closed:
            self.closed[seq] = closed
        elif [part for part, _ in rows] != list(range(len(rows))):
            self.wrong(5, f"the rows of record {seq} are not numbered from 0")
        else:
            self.whole.judged[5] += 1

    def envelope(self, seq, document):
        """Check the parts that every entry has."""
        if type(document) is not dict or document.keys() != ENVELOPE:
            raise Wrong("it has not the parts of an entry")
        if document["session"] != self.id or document["seq"] != seq or type(document["seq"]) is not int:
            raise Wrong(f"it says it is record {document['seq']!r} of {document['session']!r}")
        fields, commitments, people = document["fields"], document["commitments"], document["people"]
        if not all(type(each) is dict for each in (fields, commitments, people)):
            raise Wrong("it has no fields, commitments or people")
        if type(document["type"]) is not str or document["channel"] not in CHANNELS or document["role"] not in ROLES:
            raise Wrong("its type, channel or role is none")
        for name in ("meeting", "subgroup"):
            if document[name] is not None and type(document[name]) is not str:
                raise Wrong(f"its {name} is no id")
        for name in ("happened_at", "recorded_at"):
            if type(document[name]) is not str or not is_moment(document[name]):
                raise Wrong(f"its {name} is no moment")
        if not all(type(each) is str for each in (*commitments.values(), *people.values())):
            raise Wrong("a commitment is text")
        if self.introduced.keys() & people.keys():
            raise Wrong("it introduces somebody a second time")
        self.introduced.update(dict.fromkeys(people, seq))
        for name in ("by", "on_behalf_of"):
            if document[name] is None and name == "on_behalf_of":
                continue
            if type(document[name]) is not str or document[name] not in self.introduced:
                raise Wrong(f"it names somebody no entry introduced: {document[name]!r}")
        subject, covered = fields.get("subject"), fields.get("entries")
        if document["type"] == "subject-erased/1" and type(subject) is str and type(covered) is list:
            self.erased |= {subject, *(each for each in covered if type(each) is int)}
        entry, paths = fields.get("entry"), fields.get("fields")
        if document["type"] == "text-redacted/1" and isinstance(entry, int) and type(paths) is list:
            self.erased |= {(entry, path) for path in paths if type(path) is str} if paths else {entry}

    def opened(self, seq, document, rows, people):
        """Open what can be opened; return the paths that stay closed."""
        closed = set(document["commitments"])
        for _, row in rows:
            if type(row) is not dict or row.keys() != {"salts", "values"} or type(row["values"]) is not dict:
                raise Wrong("this is no row of the vault")
            if type(row["salts"]) is not dict or row["salts"].keys() != row["values"].keys():
                raise Wrong("a row has values without salts")
            for path, value in row["values"].items():
                self.opens(document, seq, path, document["commitments"].get(path), row["salts"][path], value)
                closed.discard(path)
        found = {}
        for pseudonym, row in people:
            if type(row) is not dict or row.keys() != {"key", "salt"} or type(row["key"]) is not str:
                raise Wrong("this is no row of a person")
            if pseudonym not in document["people"]:
                raise Wrong(f"it did not introduce {pseudonym}")
            found[pseudonym] = row
        for pseudonym, commitment in document["people"].items():
            path = f"person/{pseudonym}"
            if pseudonym in found:
                self.opens(document, seq, path, commitment, found[pseudonym]["salt"], found[pseudonym]["key"])
            else:
                closed.add(path)
        return closed

    def opens(self, document, seq, path, commitment, salt, value):
        """Hold a value against its commitment."""
        if commitment is None:
            raise Wrong(f"it committed to no {path}")
        try:
            octets = base64.urlsafe_b64decode(f"{salt}==")
        except ValueError:
            octets = b""
        if base64.urlsafe_b64encode(octets).rstrip(b"=").decode() != salt or len(octets) != 32:
            raise Wrong(f"the salt of {path} is none")
        place = b"afwegen/commit/v1\0" + spell([document["session"], seq, path, value])
        code = base64.urlsafe_b64encode(hmac.digest(octets, place, "sha256")).rstrip(b"=").decode()
        if code != commitment:
            raise Wrong(f"{path} is not what was committed to")

    def explain(self):
        """Hold every value that is gone against the erasures the log tells of."""
        for seq, paths in self.closed.items():
            left = [path for path in paths if self.erased.isdisjoint({seq, (seq, path), path.removeprefix("person/")})]
            if left and self.whole.disclosed:
                self.wrong(5, f"{', '.join(sorted(left))} of record {seq} is missing, and no erasure says why")


def verify(path, keys=None, since=()):
    """
    Verify a bundle.

    Args:
        path: The file.
        keys: The text of a key list, or None.
        since: The octets of checkpoints that somebody held.

    Returns:
        The verification.

    Raises:
        Unusable: The file is no bundle, or the list or a checkpoint is none.
    """
    try:
        verification = Verification(None if keys is None else Keys(keys), [Checkpoint(note) for note in since])
    except Wrong as error:
        raise Unusable(str(error)) from error
    verification.run(path)
    return verification


def main(arguments=None):
    """Run as a command."""
    parser = argparse.ArgumentParser(description="Check a bundle of afwegen without afwegen.")
    parser.add_argument("bundle")
    parser.add_argument("--keys", help="a key list that did not come with the bundle")
    parser.add_argument("--since", action="append", default=[], help="a checkpoint you hold; may be repeated")
    parser.add_argument("--json", action="store_true", help="print the outcome as JSON")
    chosen = parser.parse_args(arguments)
    try:
        keys = None if chosen.keys is None else Path(chosen.keys).read_text(encoding="utf-8")
        found = verify(chosen.bundle, keys, [Path(each).read_bytes() for each in chosen.since])
    except (Unusable, OSError, UnicodeDecodeError) as error:
        print(f"not usable: {error}", file=sys.stderr)
        return 2
    verdicts = found.verdicts()
    if chosen.json:
        print(json.dumps({"levels": verdicts, "findings": found.findings, "not_checked": sorted(found.open)}))
    else:
        show(found, verdicts)
    return 1 if "FAIL" in verdicts.values() else 0


def show(found, verdicts):
    """Print the outcome; what was not checked comes last."""
    names = {1: "encoding", 2: "roots and signatures", 3: "consistency", 5: "openings"}
    print(f"{found.sessions} sessions, {found.records} records")
    for level, verdict in verdicts.items():
        print(f"{level} {names[level]:22}{verdict}")
        for finding in found.findings[level][:5]:
            print(f"    {finding}")
    for what in sorted(found.open):
        print(f"NOT CHECKED  {what}")
    print("NOT CHECKED  rules, results and erasures (4, 6, 7): afwegen verify")


if __name__ == "__main__":
    sys.exit(main())
