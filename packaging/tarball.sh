#!/usr/bin/env bash
# Builds the tarball for machines without dpkg: the files of an installation, to be unpacked in /.
# Usage: packaging/tarball.sh EXECUTABLE VERSION RUNTIME DIRECTORY      prints the path of the tarball
set -euo pipefail
source=$(cd "$(dirname "$0")/.." && pwd)
executable=$1 version=$2 runtime=$3 directory=$4
: "${SOURCE_DATE_EPOCH:?is the time of every file, in seconds since 1970}"
export LC_ALL=C

root=$(mktemp -d)
trap 'rm -rf "$root"' EXIT
name=osapi-$version-$runtime
"$source/packaging/stage.sh" "$executable" "$root/$name"
install -m 644 "$source/LICENSE" "$source/README.md" "$root/$name"

mkdir -p "$directory"
tarball="$directory/$name.tar.gz"
tar -C "$root" --sort=name --owner=0 --group=0 --numeric-owner --mode=u=rwX,go=rX --mtime="@$SOURCE_DATE_EPOCH" --format=ustar -c "$name" | gzip -9n > "$tarball"
echo "$tarball"
