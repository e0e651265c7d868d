"""What is made by chance: ids, and the secrets of which only a hash is kept (SPEC, Secrets)."""

import hashlib
import hmac
import secrets
from collections.abc import Callable

# So many bytes by chance.
RandomBytes = Callable[[int], bytes]

_INVITATION_PREFIX = b"clearml-admin invitation:"
_SECRET_KEY_PREFIX = b"clearml-admin secret key:"
_ACCESS_KEY_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
_ACCESS_KEY_LENGTH = 30
# Bytes from here on are thrown away, so that every letter is as likely as every other.
_FAIR_BYTES = 256 - 256 % len(_ACCESS_KEY_LETTERS)


class Mint:
    """Makes ids and tokens. Tests and the demo give it a source of their own."""

    def __init__(self, random_bytes: RandomBytes = secrets.token_bytes) -> None:
        self._random_bytes = random_bytes

    def new_id(self) -> str:
        """An id: 32 hex digits."""
        return self._random_bytes(16).hex()

    def new_ids(self, count: int) -> list[str]:
        """As many ids as asked for."""
        return [self.new_id() for _ in range(count)]

    def new_token(self) -> str:
        """The secret part of an invitation's link: 43 characters of base64url."""
        return _base64url(self._random_bytes(32))

    def new_tokens(self, count: int) -> list[str]:
        """As many tokens as asked for."""
        return [self.new_token() for _ in range(count)]

    def new_access_key(self) -> str:
        """An access key: 30 characters of A to Z and 0 to 9."""
        letters: list[str] = []
        while len(letters) < _ACCESS_KEY_LENGTH:
            fair = (byte for byte in self._random_bytes(_ACCESS_KEY_LENGTH) if byte < _FAIR_BYTES)
            letters += (_ACCESS_KEY_LETTERS[byte % len(_ACCESS_KEY_LETTERS)] for byte in fair)
        return "".join(letters[:_ACCESS_KEY_LENGTH])

    def new_secret_key(self) -> str:
        """A secret key: 64 characters of base64url."""
        return _base64url(self._random_bytes(48))


def hash_of_secret_key(secret_key: str) -> str:
    """What is kept of a credential's secret key."""
    # Whatever was sent is answered, also what no text can hold.
    raw = secret_key.encode(errors="surrogatepass")
    return hashlib.sha256(_SECRET_KEY_PREFIX + raw).hexdigest()


def is_secret_key(secret_key: str, kept: str) -> bool:
    """Whether the secret key is the one whose hash was kept, compared in constant time."""
    return hmac.compare_digest(hash_of_secret_key(secret_key), kept)


def hash_of_token(token: str) -> str:
    """What is kept of an invitation's token."""
    raw = token.encode(errors="surrogatepass")
    return hashlib.sha256(_INVITATION_PREFIX + raw).hexdigest()


def is_token(token: str, kept: str) -> bool:
    """Whether the token is the one whose hash was kept, compared in constant time."""
    return hmac.compare_digest(hash_of_token(token), kept)


def _base64url(raw: bytes) -> str:
    import base64

    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()
