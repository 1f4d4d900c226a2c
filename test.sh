#!/usr/bin/env bash
# Installs what the tests need, builds everything, publishes the native executable and runs every suite against it.
# Usage: ./test.sh [--full]    --full runs the reduced suites at full size.
set -euo pipefail
cd "$(dirname "$0")"

if [[ "${1:-}" == "--full" ]]; then export OSAPI_TEST_FULL=1; fi
export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1
step() { printf '\n== %s (%ss)\n' "$1" "$SECONDS"; }

step "Required packages"
packages=(gcc zlib1g-dev iproute2 procps util-linux catatonit curl debootstrap dnsmasq-base iptables iputils-ping nats-server
    docker.io docker-registry apache2-utils busybox-static podman acl gcc-aarch64-linux-gnu chromium fonts-dejavu-core zsh fish
    binutils groff-base lintian)
missing=()
for package in "${packages[@]}"; do
    dpkg-query -W -f '${Status}' "$package" 2>/dev/null | grep -q 'ok installed' || missing+=("$package")
done
if (( ${#missing[@]} > 0 )); then
    if (( EUID != 0 )); then
        echo "These packages are missing and only root can install them: ${missing[*]}" >&2
        exit 1
    fi
    apt-get update -q
    DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends "${missing[@]}"
fi
echo "installed: ${packages[*]}"

step "Restore"
dotnet restore Osapi.slnx --locked-mode

step "Formatting"
dotnet format whitespace Osapi.slnx --verify-no-changes --no-restore

step "Build"
# One compiler for all projects, also where the environment turns that off: half the time.
dotnet build Osapi.slnx -c Release --no-restore -p:UseSharedCompilation=true

step "Native executable (any IL warning is an error)"
dotnet publish src/Osapi.Cli -c Release -r linux-x64 -o artifacts/native -p:UseSharedCompilation=true
dotnet build-server shutdown --vbcscompiler
export OSAPI_BIN="$PWD/artifacts/native/osapi"
ls -l "$OSAPI_BIN"

step "Tests"
log=$(mktemp)
trap 'rm -f "$log"' EXIT
code=0
# One suite after the other: they start processes and measure time, and share two cores.
dotnet test --solution Osapi.slnx -c Release --no-build --max-parallel-test-modules 1 2>&1 | tee "$log" || code=$?

count() { awk -v name="$1:" '$1 == name { sum += $2 } END { print sum + 0 }' "$log"; }
passed=$(count succeeded) failed=$(count failed) skipped=$(count skipped)
if (( skipped > 0 )); then
    echo "Skipped tests:"
    grep -i '^ *skipped ' "$log" | sort -u | head -50 || true
    # Skipped tests are reported clearly; in CI every test can run, so there a skip is a failure.
    if [[ "${CI:-}" == "true" ]]; then code=1; fi
fi
if (( passed == 0 )); then code=1; fi
printf '\n%d passed, %d failed, %d skipped\n' "$passed" "$failed" "$skipped"
exit "$code"
