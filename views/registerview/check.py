# Checks a public register with nothing but Python and OpenSSL.
# Use: python3 check.py https://example.org [RECEIPT SECRET]
import base64, hashlib, json, os, subprocess, sys, tempfile, urllib.request

site, receipt = sys.argv[1].rstrip("/"), sys.argv[2:]


def get(path, **headers):
    asked = urllib.request.Request(site + path, headers=headers)
    return urllib.request.urlopen(asked).read()


def sha(*parts):
    return hashlib.sha256(b"".join(parts)).digest()


def root_of(note):
    origin, size, root = note.split("\n")[:3]
    return int(size), base64.b64decode(root)


# 1. The checkpoint: name, number of entries and root hash, then signatures.
note = get("/api/v1/log/checkpoint").decode()
size, root = root_of(note)
text, signatures = note.split("\n\n", 1)
keys = [key.split("+", 2) for key in get("/api/v1/log/key").decode().split()]
good = 0
for line in signatures.splitlines():
    raw = base64.b64decode(line.split(" ")[2])
    for name, number, key in keys:
        if raw[:4].hex() != number:
            continue
        with tempfile.TemporaryDirectory() as folder:
            at = lambda name: os.path.join(folder, name)
            public = bytes.fromhex("302a300506032b6570032100") + base64.b64decode(key)[1:]
            for name, data in ("key", public), ("text", text.encode() + b"\n"), ("sig", raw[4:]):
                open(at(name), "wb").write(data)
            subprocess.run(["openssl", "pkeyutl", "-verify", "-pubin", "-keyform", "DER", "-inkey", at("key"),
                            "-rawin", "-in", at("text"), "-sigfile", at("sig")], check=True, stdout=subprocess.DEVNULL)
            good += 1
assert good, "the checkpoint is signed by none of the keys"
print("signed:", size, "entries")

# 2. The entries, hashed by twos into one hash. It must be the root.
blocks, letters, summaries = [], {}, []
for start in range(0, size, 1000):
    page = get("/api/v1/log/entries?start=%d&end=%d" % (start, min(start + 1000, size)))
    for entry in json.loads(page)["entries"]:
        leaf = base64.b64decode(entry["leaf"])
        fields, hashed, n = json.loads(leaf), sha(b"\0", leaf), entry["index"]
        if fields["kind"] == "submission":
            letters.setdefault(fields["consultation"], set()).add(hashed.hex())
        if fields["kind"] == "summary":
            summaries.append((fields, set(letters.get(fields["consultation"], ()))))
        while n % 2:
            hashed, n = sha(b"\1", blocks.pop(), hashed), n // 2
        blocks.append(hashed)
top = blocks.pop() if blocks else sha()
while blocks:
    top = sha(b"\1", blocks.pop(), top)
assert top == root, "the entries are not the ones that were signed"
print("complete: no entry was changed, moved or left out")

# 3. The account of each published summary: every submission is in it, once.
for summary, sent in summaries:
    account = get("/consultations/%s/summary/account.txt" % summary["consultation"])
    assert sha(account).hex() == summary["account"], "the account was changed"
    named = [line.split(" ")[0] for line in account.decode().splitlines()]
    assert sorted(named) == sorted(sent), "a submission is missing from the account"
    assert len(named) == summary["counts"]["submissions"], "the published count is wrong"
    print("accounted for:", summary["consultation"], len(named), "submissions")

# 4. A receipt: its entry leads to the root, and commits to the words as sent.
if receipt:
    proof = json.loads(get("/api/v1/receipts/%s/proof" % receipt[0], **{"Receipt-Secret": receipt[1]}))
    size, root = root_of(proof["checkpoint"])
    leaf = base64.b64decode(proof["leaf"])
    hashed, n, last = sha(b"\0", leaf), proof["index"], size - 1
    for step in map(bytes.fromhex, proof["path"]):
        if n % 2 or n == last:
            hashed = sha(b"\1", step, hashed)
            while n and n % 2 == 0:
                n, last = n // 2, last // 2
        else:
            hashed = sha(b"\1", hashed, step)
        n, last = n // 2, last // 2
    assert hashed == root, "the submission is not in the register"
    content = base64.b64decode(proof["opening"]["content"])
    salt = bytes.fromhex(proof["opening"]["salt"])
    assert json.loads(leaf)["commitment"] == sha(salt, content).hex(), "the words were changed"
    print("in the register, unchanged:", content.decode())
