#!/usr/bin/env bash
# Makes what is released into artifacts/package, and prints it with sizes and checksums. Only the restore needs the network. The same commit gives the same bytes.
# Usage: ./package.sh      OSAPI_BIN names a published executable to use instead of publishing one
set -euo pipefail
cd "$(dirname "$0")"

export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1
export SOURCE_DATE_EPOCH=${SOURCE_DATE_EPOCH:-$(git log -1 --format=%ct)}
step() { printf '\n== %s (%ss)\n' "$1" "$SECONDS"; }
out=$PWD/artifacts/package
version=$(sed -n 's|.*<Version>\(.*\)</Version>.*|\1|p' Directory.Build.props)
rm -rf "$out"
mkdir -p "$out"
# Paths of this machine are not in the binaries. Such a build does not share its files with an ordinary one.
build=(-c Release -p:ContinuousIntegrationBuild=true "-p:PathMap=$PWD/=/_/" "-p:ArtifactsPath=$PWD/artifacts/package-build")

if [[ -z "${OSAPI_BIN:-}" ]]; then
    step "Native executable"
    dotnet restore src/Osapi.Cli --locked-mode "${build[@]:2}"
    dotnet publish src/Osapi.Cli --no-restore -r linux-x64 -o artifacts/package-build/native "${build[@]}"
    OSAPI_BIN=$PWD/artifacts/package-build/native/osapi
fi
[[ $("$OSAPI_BIN" version) == "osapi $version" ]] || { echo "$OSAPI_BIN is not version $version" >&2; exit 1; }

step "Debian package and tarball"
packaging/deb.sh "$OSAPI_BIN" "$version" amd64 "$out"
packaging/tarball.sh "$OSAPI_BIN" "$version" linux-x64 "$out"

step "NuGet packages"
for project in Operations Client Orchestrator Testing; do
    dotnet restore "src/Osapi.$project" --locked-mode "${build[@]:2}"
    # The name of the branch would depend on the checkout.
    dotnet pack "src/Osapi.$project" --no-restore -o "$out" -v quiet "${build[@]}" -p:RepositoryBranch=main
done

step "Checksums"
(cd "$out" && sha256sum -- * > SHA256SUMS && while read -r sum file; do printf '%10d  %s  %s\n' "$(stat -c %s "$file")" "$sum" "$file"; done < SHA256SUMS)
