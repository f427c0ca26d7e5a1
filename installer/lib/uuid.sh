# Identities that follow from names, so that they are the same wherever the package is built.

# uuid5 NAMESPACE NAME: RFC 9562, version 5, in capitals as MSI wants them
uuid5() {
    local namespace hash variant
    namespace=$(sed 's/-//g; s/../\\x&/g' <<<"$1")
    hash=$({ printf "$namespace"; printf %s "$2"; } | sha1sum | cut -c1-32)
    variant=$(printf %x $((0x${hash:16:1} & 3 | 8)))
    hash="${hash:0:8}-${hash:8:4}-5${hash:13:3}-$variant${hash:17:3}-${hash:20:12}"
    echo "${hash^^}"
}

# upgrade_code PRODUCT_WXS
upgrade_code() { sed -n 's/.*UpgradeCode="\([0-9A-F-]\{36\}\)".*/\1/p' "$1"; }
