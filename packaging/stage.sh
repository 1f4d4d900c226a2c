#!/usr/bin/env bash
# Lays out the files of an installation below a directory: executable, completions, manual pages, units, configuration, licences.
# Usage: packaging/stage.sh EXECUTABLE ROOT      EXECUTABLE must run here, or OSAPI_HOST_BIN names one of the same version that does
set -euo pipefail
source=$(cd "$(dirname "$0")/.." && pwd)
executable=$1 root=$2
run=${OSAPI_HOST_BIN:-$executable}
umask 022

install -D -m 755 "$executable" "$root/usr/bin/osapi"
mkdir -p "$root"/usr/share/{bash-completion/completions,zsh/vendor-completions,fish/vendor_completions.d,man} "$root/usr/share/doc/osapi/examples" "$root/etc/osapi"
"$run" completion bash > "$root/usr/share/bash-completion/completions/osapi"
"$run" completion zsh > "$root/usr/share/zsh/vendor-completions/_osapi"
"$run" completion fish > "$root/usr/share/fish/vendor_completions.d/osapi.fish"
"$run" man "$root/usr/share/man"
"$run" config sample > "$root/etc/osapi/osapi.yaml"
gzip -9n "$root"/usr/share/man/man?/*

for unit in "$source"/examples/systemd/*.service; do install -D -m 644 "$unit" "$root/usr/lib/systemd/system/$(basename "$unit")"; done
install -D -m 644 "$source"/examples/systemd/*.conf "$source"/examples/*.yaml -t "$root/usr/share/doc/osapi/examples"
install -D -m 644 "$source/SECURITY.md" -t "$root/usr/share/doc/osapi"
gzip -9nc "$source/CHANGELOG.md" > "$root/usr/share/doc/osapi/NEWS.gz"
# Texts of the licences and notices that osapi licenses --text prints.
for text in "$source"/licenses/*.txt; do
    case $(basename "$text") in
        Apache-2.0.txt|packages.txt) ;;
        *) gzip -9nc "$text" | install -D -m 644 /dev/stdin "$root/usr/share/doc/osapi/licenses/$(basename "$text").gz" ;;
    esac
done
"$source/packaging/copyright.sh" > "$root/usr/share/doc/osapi/copyright"
