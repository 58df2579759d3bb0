"""Passkeys (WebAuthn), as the library `webauthn` checks them; the user is always verified."""

import json
from collections.abc import Mapping
from typing import Any

import webauthn
from webauthn.helpers import base64url_to_bytes
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from bongsu.node.people import NotLetInError, Passkey

REMEDY = "Begin again on this console's own page"


class WebauthnPasskeys:
    """Implements `console.web.passkey_port.PasskeyChecker`."""

    def __init__(self, *, host: str, origin: str) -> None:
        """`host`: the name that passkeys are bound to; `origin`: of the pages that use them."""
        self._host = host
        self._origin = origin

    def to_enrol(self, challenge: bytes, name: str) -> Mapping[str, object]:
        """See the port."""
        options = webauthn.generate_registration_options(
            rp_id=self._host,
            rp_name="Bongsu",
            user_name=name,
            challenge=challenge,
            authenticator_selection=AuthenticatorSelectionCriteria(
                resident_key=ResidentKeyRequirement.REQUIRED,
                user_verification=UserVerificationRequirement.REQUIRED,
            ),
        )
        return _plain(webauthn.options_to_json(options))

    def enrolled(self, answer: Mapping[str, object], challenge: bytes) -> Passkey:
        """See the port."""
        try:
            found = webauthn.verify_registration_response(
                credential=dict(answer),
                expected_challenge=challenge,
                expected_rp_id=self._host,
                expected_origin=self._origin,
                require_user_verification=True,
            )
        except (WebAuthnException, ValueError, TypeError, KeyError) as error:
            raise NotLetInError(
                f"this is no passkey of this console: {str(error)[:200]}", remedy=REMEDY
            ) from error
        return Passkey(
            credential=found.credential_id,
            public_key=found.credential_public_key,
            used=found.sign_count,
        )

    def to_enter(self, challenge: bytes) -> Mapping[str, object]:
        """See the port."""
        options = webauthn.generate_authentication_options(
            rp_id=self._host,
            challenge=challenge,
            user_verification=UserVerificationRequirement.REQUIRED,
        )
        return _plain(webauthn.options_to_json(options))

    def credential_of(self, answer: Mapping[str, object]) -> bytes:
        """See the port."""
        try:
            return base64url_to_bytes(str(answer.get("id", "")))
        except ValueError:
            return b""

    def entered(self, answer: Mapping[str, object], challenge: bytes, passkey: Passkey) -> int:
        """See the port."""
        try:
            found = webauthn.verify_authentication_response(
                credential=dict(answer),
                expected_challenge=challenge,
                expected_rp_id=self._host,
                expected_origin=self._origin,
                credential_public_key=passkey.public_key,
                credential_current_sign_count=passkey.used,
                require_user_verification=True,
            )
        except (WebAuthnException, ValueError, TypeError, KeyError) as error:
            raise NotLetInError(
                f"this login is refused: {str(error)[:200]}", remedy=REMEDY
            ) from error
        return found.new_sign_count


def _plain(text: str) -> dict[str, Any]:
    plain: dict[str, Any] = json.loads(text)
    return plain
