# Authenticode by osslsigncode, when a certificate is given:
#   MAPTRAIL_SIGN_PFX            the PKCS #12 file
#   MAPTRAIL_SIGN_PASSWORD_FILE  a file with its password (left out: an empty password)
#   MAPTRAIL_SIGN_TIMESTAMP      the URL of an RFC 3161 time stamp service (left out: no time stamp)

# sign_if_asked FILE
sign_if_asked() {
    [ -n "${MAPTRAIL_SIGN_PFX:-}" ] || return 0
    local options=(-pkcs12 "$MAPTRAIL_SIGN_PFX" -h sha256 -n MapTrail)
    if [ -n "${MAPTRAIL_SIGN_PASSWORD_FILE:-}" ]; then
        options+=(-readpass "$MAPTRAIL_SIGN_PASSWORD_FILE")
    else
        options+=(-pass "")
    fi
    [ -z "${MAPTRAIL_SIGN_TIMESTAMP:-}" ] || options+=(-ts "$MAPTRAIL_SIGN_TIMESTAMP")
    echo "signing $(basename "$1")"
    osslsigncode sign "${options[@]}" -in "$1" -out "$1.signed" >/dev/null || fail "osslsigncode could not sign $1"
    mv "$1.signed" "$1"
}
