#!/bin/sh
# Makes the libraries that the JIT loads, for both machines, out of osapi_spawn.c. Needs gcc and gcc-aarch64-linux-gnu.
# usage: build.sh [DIRECTORY]    where to put them; beside this file when not given.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
target=${1:-$here}
digest=$(sha256sum "$here/osapi_spawn.c" | cut -d ' ' -f 1)
cd "$here"

# The flags are those of ../Native.targets; the rest keeps everything out of the library that depends on the place and the time.
make_library() {
    compiler=$1 platform=$2
    mkdir -p "$target/$platform"
    "$compiler" -std=c11 -O2 -fPIC -ffreestanding -fno-builtin -fno-stack-protector -fno-asynchronous-unwind-tables \
        -fvisibility=hidden -Wall -Wextra -Werror "-DSOURCE_DIGEST=\"$digest\"" \
        -shared -nostdlib -s -Wl,--build-id=none -Wl,-z,noexecstack -Wl,-z,now -Wl,--no-undefined \
        -o "$target/$platform/libosapi_spawn.so" osapi_spawn.c
}

make_library "${CC_X64:-gcc}" linux-x64
if command -v "${CC_ARM64:-aarch64-linux-gnu-gcc}" > /dev/null; then
    make_library "${CC_ARM64:-aarch64-linux-gnu-gcc}" linux-arm64
else
    echo "linux-arm64 is left out: there is no ${CC_ARM64:-aarch64-linux-gnu-gcc}" >&2
fi
