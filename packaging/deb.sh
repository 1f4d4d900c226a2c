#!/usr/bin/env bash
# Builds the Debian package from an executable. The same input gives the same bytes: every time is SOURCE_DATE_EPOCH.
# Usage: packaging/deb.sh EXECUTABLE VERSION ARCHITECTURE DIRECTORY      prints the path of the package
set -euo pipefail
source=$(cd "$(dirname "$0")/.." && pwd)
executable=$1 version=$2 architecture=$3 directory=$4
: "${SOURCE_DATE_EPOCH:?is the time of every file, in seconds since 1970}"
export SOURCE_DATE_EPOCH LC_ALL=C TZ=UTC

root=$(mktemp -d)
trap 'rm -rf "$root"' EXIT
chmod 755 "$root"
"$source/packaging/stage.sh" "$executable" "$root"

# The oldest C library that has every symbol of the executable, and OpenSSL, which the runtime loads when it needs it.
libc=$(objdump -T "$executable" | grep -o 'GLIBC_2\.[0-9]*' | sort -Vu | tail -1)
mkdir "$root/DEBIAN"
for script in postinst prerm postrm; do install -m 755 "$source/packaging/debian/$script" "$root/DEBIAN/$script"; done
echo /etc/osapi/osapi.yaml > "$root/DEBIAN/conffiles"
install -D -m 644 "$source/packaging/debian/lintian-overrides" "$root/usr/share/lintian/overrides/osapi"
printf 'osapi (%s) unstable; urgency=medium\n\n  * The changes are in NEWS.gz.\n\n -- The OSAPI authors <osapi@example.com>  %s\n' "$version" "$(date -d "@$SOURCE_DATE_EPOCH" -R)" | gzip -9nc > "$root/usr/share/doc/osapi/changelog.gz"
sed -e "s/@VERSION@/$version/" -e "s/@ARCHITECTURE@/$architecture/" -e "s/@LIBC@/${libc#GLIBC_}/" \
    -e "s/@SIZE@/$(du -sk --apparent-size --exclude DEBIAN "$root" | cut -f1)/" "$source/packaging/debian/control" > "$root/DEBIAN/control"
(cd "$root" && find . -path ./DEBIAN -prune -o -type f -printf '%P\n' | sort | xargs md5sum > DEBIAN/md5sums)
find "$root" -exec touch --no-dereference --date "@$SOURCE_DATE_EPOCH" {} +

mkdir -p "$directory"
package="$directory/osapi_${version}_$architecture.deb"
dpkg-deb --root-owner-group --build "$root" "$package" >&2
echo "$package"
