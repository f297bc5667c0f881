#!/usr/bin/env python3
"""Keeps a copy of a public register and finds out if its history is rewritten.

    python3 follow.py https://yijian.example [FOLDER]

Each run takes what is new. Exit status: 0 all holds, 1 something does not (the
checkpoints that prove it stay in FOLDER), 2 the register could not be read.
Needs Python 3.8 and OpenSSL 3, nothing else. The format: /log/format of the site.
"""
import base64, hashlib, json, pathlib, re, subprocess, sys, tempfile, urllib.request


def broken(what):
    print("BROKEN: " + what)
    sys.exit(1)


def get(path):
    try:
        with urllib.request.urlopen(SITE + "/api/v1/log/" + path, timeout=60) as answer:
            return answer.read().decode()
    except (OSError, ValueError) as fault:
        print("%s cannot be read: %s" % (SITE, fault), file=sys.stderr)
        sys.exit(2)


def ed25519(public, text, signature):
    """Asks OpenSSL whether the signature of text holds under the 32-byte public key."""
    der = bytes.fromhex("302a300506032b6570032100") + public
    pem = "-----BEGIN PUBLIC KEY-----\n%s\n-----END PUBLIC KEY-----\n" % base64.b64encode(der).decode()
    with tempfile.TemporaryDirectory() as folder:
        key, message, sig = (pathlib.Path(folder, name) for name in ("key", "message", "sig"))
        key.write_text(pem), message.write_bytes(text.encode()), sig.write_bytes(signature)
        return subprocess.run(["openssl", "pkeyutl", "-verify", "-pubin", "-inkey", key, "-rawin", "-in", message,
                               "-sigfile", sig], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL).returncode == 0


def signed_by(key, note):
    """Tells whether a signed note holds under a verifier key name+hash+base64(01 || public key)."""
    name, short, data = key.split("+", 2)
    raw = base64.b64decode(data)
    if raw[0] != 1 or len(raw) != 33 or hashlib.sha256(name.encode() + b"\n" + raw).hexdigest()[:8] != short:
        broken("a key is malformed: " + key)
    text, _, lines = note.rpartition("\n\n")
    for line in lines.splitlines():
        match = re.fullmatch("\u2014 (\\S+) (\\S+)", line)
        if match and match[1] == name:
            signature = base64.b64decode(match[2])
            if signature[:4].hex() == short:
                return ed25519(raw[1:], text + "\n", signature[4:])
    return False


def parse(note):
    """Gives origin, size and root of a checkpoint."""
    origin, size, root = note.split("\n")[:3]
    return origin, int(size), base64.b64decode(root)


def root_of(leaves):
    """The root after RFC 9162, 2.1.2: a stack of complete subtrees."""
    stack = []
    for i, leaf in enumerate(leaves):
        node = hashlib.sha256(b"\0" + leaf).digest()
        while i & 1:
            node = hashlib.sha256(b"\1" + stack.pop() + node).digest()
            i >>= 1
        stack.append(node)
    if not stack:
        return hashlib.sha256().digest()
    node = stack.pop()
    while stack:
        node = hashlib.sha256(b"\1" + stack.pop() + node).digest()
    return node


def trusted_keys():
    """The keys kept here, and those that a kept key has handed over to."""
    kept = FOLDER / "keys.txt"
    if not kept.exists():
        kept.write_text(get("key"))
        print("First run: compare the key with one that you have from elsewhere.\n" + kept.read_text().strip())
    trusted = kept.read_text().split()
    for key in sorted(json.loads(get("keys"))["items"], key=lambda k: k["first_checkpoint"]):
        if key["ed25519"] in trusted:
            continue
        page = json.loads(get("checkpoints?limit=1&cursor=%d" % key["first_checkpoint"]))["items"]
        note = page[0]["checkpoint"] if page else ""
        if not (signed_by(key["ed25519"], note) and any(signed_by(old, note) for old in trusted)):
            broken("the key %s was not handed over by one that is known here" % key["ed25519"])
        trusted.append(key["ed25519"])
    kept.write_text("\n".join(trusted) + "\n")
    return trusted


def follow():
    trusted, note = trusted_keys(), get("checkpoint")
    (FOLDER / "newest.txt").write_text(note)
    if not any(signed_by(key, note) for key in trusted):
        broken("the checkpoint is signed by no known key")
    origin, size, root = parse(note)
    kept = FOLDER / "checkpoint.txt"
    if kept.exists():
        old = parse(kept.read_text())
        if old[0] != origin or old[1] > size or (old[1] == size and old[2] != root):
            broken("history was rewritten: newest.txt and checkpoint.txt cannot both be true")
    file = FOLDER / "leaves.txt"  # a leaf a line, base64
    leaves = [base64.b64decode(line) for line in file.read_text().split()] if file.exists() else []
    while len(leaves) < size:
        entries = json.loads(get("entries?start=%d&end=%d" % (len(leaves), size)))["entries"]
        if not entries or entries[0]["index"] != len(leaves):
            broken("entries from %d on are missing" % len(leaves))
        leaves += [base64.b64decode(entry["leaf"]) for entry in entries]
    if root_of(leaves[:size]) != root:
        broken("history was rewritten: the entries, the kept ones with them, do not give the signed root")
    file.write_text("".join(base64.b64encode(leaf).decode() + "\n" for leaf in leaves))
    kept.write_text(note)
    print("%s: %d entries, all of them agree with the signed root %s" % (origin, size, root.hex()))


if __name__ == "__main__":
    if len(sys.argv) not in (2, 3):
        sys.exit(__doc__)
    SITE = sys.argv[1].rstrip("/")
    FOLDER = pathlib.Path(sys.argv[2] if len(sys.argv) == 3 else "register-copy")
    FOLDER.mkdir(parents=True, exist_ok=True)
    follow()
