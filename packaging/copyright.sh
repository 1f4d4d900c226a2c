#!/usr/bin/env bash
# Prints the copyright file (https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/) from LICENSE and licenses/packages.txt.
set -euo pipefail
cd "$(dirname "$0")/.."

# A text as the continuation of a field.
indented() { sed -e 's/^[[:space:]]*$/./' -e 's/^/ /' "$1"; }

cat <<'TEXT'
Format: https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/
Upstream-Name: osapi
Comment: The executable contains the components below. osapi licenses lists them with their versions; osapi licenses --text prints all licences and notices.

Files: *
Copyright: 2026 The OSAPI authors
License: MIT

Files: native/sqlite/sqlite3.c
Copyright: none
License: public-domain
 SQLite is in the public domain: https://sqlite.org/copyright.html

Files: runtime/*
Copyright: .NET Foundation and Contributors
License: MIT
Comment: .NET runtime and ASP.NET Core; notices of their third parties are in /usr/share/doc/osapi/licenses.
TEXT
awk -F '\t' '{ printf "\nFiles: packages/%s/*\nCopyright: %s\nLicense: %s\n", $1, $4, $3 }' licenses/packages.txt
printf '\nLicense: MIT\n'
sed -n '/^Permission is hereby/,$p' LICENSE | indented /dev/stdin
printf '\nLicense: BSD-3-Clause\n'
indented licenses/BSD-3-Clause.txt
printf '\nLicense: Apache-2.0\n On Debian systems, the text of the Apache License 2.0 is in /usr/share/common-licenses/Apache-2.0.\n'
