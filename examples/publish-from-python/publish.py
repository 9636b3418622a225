"""Publishes one recovery event to Rekey over HTTP: what docs/events.md says, in one file. Needs Python 3.9 and `cryptography`.

    python3 publish.py https://id.example.com request.json

The keys are JSON Web Keys in the environment: REKEY_SIGNING_KEY, your private one (Ed25519), and REKEY_SEALING_KEY, Rekey's public one (X25519).
request.json has the data of a PasswordRecoveryRequested, with `secret` in the place of `sealedSecret`.
"""

import base64
import datetime
import hashlib
import json
import os
import sys
import urllib.error
import urllib.request
import uuid

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

SOURCE = os.environ.get("REKEY_SOURCE", "urn:example:portal")
VERSION = "1.2"


def b64u(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode("ascii")


def from_b64u(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def uint32(number: int) -> bytes:
    return number.to_bytes(4, "big")


def utc(time: datetime.datetime) -> str:
    return time.strftime("%Y-%m-%dT%H:%M:%SZ")


def compact(value: object) -> bytes:
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False).encode("utf-8")


def seal(secret: str, recovery_id: str, sealing_key: dict) -> str:
    """JWE in compact form: ECDH-ES over X25519, A256GCM, bound to the recovery by its header."""
    ephemeral = X25519PrivateKey.generate()
    epk = {"kty": "OKP", "crv": "X25519", "x": b64u(ephemeral.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw))}
    header = b64u(compact({"alg": "ECDH-ES", "enc": "A256GCM", "kid": sealing_key["kid"], "recovery_id": recovery_id, "epk": epk}))
    shared = ephemeral.exchange(X25519PublicKey.from_public_bytes(from_b64u(sealing_key["x"])))
    content_key = hashlib.sha256(uint32(1) + shared + uint32(7) + b"A256GCM" + uint32(0) + uint32(0) + uint32(256)).digest()
    iv = os.urandom(12)
    sealed = AESGCM(content_key).encrypt(iv, secret.encode("utf-8"), header.encode("ascii"))
    return ".".join([header, "", b64u(iv), b64u(sealed[:-16]), b64u(sealed[-16:])])


def sign(attributes: dict, value: bytes, signing_key: dict) -> str:
    """Detached JWS over the value's bytes, with the attributes in its protected header."""
    header = b64u(compact({"alg": "EdDSA", "b64": False, "crit": ["b64"], "kid": signing_key["kid"], "ce": attributes}))
    private_key = Ed25519PrivateKey.from_private_bytes(from_b64u(signing_key["d"]))
    return f"{header}..{b64u(private_key.sign(header.encode('ascii') + b'.' + value))}"


def password_recovery_requested(request: dict, signing_key: dict, sealing_key: dict) -> dict:
    """A CloudEvent in structured mode, for HTTP. For Kafka: the attributes as `ce_` headers, the user's id as the key, `value` as the value."""
    now = datetime.datetime.now(datetime.timezone.utc)
    data = {
        "recoveryId": str(uuid.uuid4()),
        "scenario": "NOTIFICATION_BASED_PW_RECOVERY",
        "channel": "EMAIL",
        "templateType": "passwordreset",
        "requestedAt": utc(now),
        "expiresAt": utc(now + datetime.timedelta(hours=1)),
        "properties": {},
        **request,
    }
    data["sealedSecret"] = seal(data.pop("secret"), data["recoveryId"], sealing_key)
    value = compact(data)
    event_type = "PasswordRecoveryRequested"
    attributes = {
        "id": str(uuid.uuid4()),
        "source": SOURCE,
        "type": event_type,
        "subject": data["user"]["id"],
        "time": utc(now),
        "dataschema": f"urn:rekey:schema:{event_type}:{VERSION}",
    }
    return {
        "specversion": "1.0",
        **attributes,
        "datacontenttype": "application/json",
        "signature": sign(attributes, value, signing_key),
        "data_base64": base64.b64encode(value).decode("ascii"),
    }


def publish(base_url: str, event: dict) -> None:
    """Sends it. Sending the same event again is safe: one id is one event."""
    request = urllib.request.Request(
        f"{base_url.rstrip('/')}/api/rekey/v1/events",
        data=compact(event),
        headers={"content-type": "application/cloudevents+json"},
        method="POST",
    )
    with urllib.request.urlopen(request, timeout=10):
        pass


if __name__ == "__main__":
    base_url, file = sys.argv[1:]
    with open(file, encoding="utf-8") as opened:
        asked = json.load(opened)
    made = password_recovery_requested(asked, json.loads(os.environ["REKEY_SIGNING_KEY"]), json.loads(os.environ["REKEY_SEALING_KEY"]))
    try:
        publish(base_url, made)
    except urllib.error.HTTPError as refused:
        sys.exit(f"not taken: {refused.code} {refused.read().decode('utf-8', 'replace')}")
    print(made["id"])
