#!/bin/bash
# Inside new namespaces: a root of its own over this machine's, so that whatever is installed here is there as well.
set -e
name=$1 directory=$2 share=$4
hostname "$name"
mount -t tmpfs -o size=256m tmpfs "$directory"
mkdir "$directory"/{up,work,root}
mount -t overlay overlay -o "lowerdir=/,upperdir=$directory/up,workdir=$directory/work" "$directory/root"
cd "$directory/root"
mount -t proc proc proc
# Settings of the kernel are the whole machine's, but for those of the network.
mount --bind proc/sys proc/sys
mount -o remount,bind,ro proc/sys
mount --bind proc/sys/net proc/sys/net
mount -o remount,bind,rw proc/sys/net
mount -t sysfs -o ro sysfs sys
mount --rbind /dev dev
mount -t tmpfs tmpfs run
mount -t tmpfs tmpfs tmp
# What runs on the host may have been built in a directory that now has another one on top.
for needed in "$share/../../.." ${OSAPI_BIN:+"$(dirname "$OSAPI_BIN")"}; do
    needed=$(readlink -f "$needed")
    if ! [ -e ".$needed" ]; then
        mkdir -p ".$needed"
        mount --bind "$needed" ".$needed"
    fi
done
echo "$name" > etc/hostname
rm -f etc/resolv.conf
printf '# of the test\noptions timeout:1 attempts:1\nnameserver 10.77.0.254\n' > etc/resolv.conf
printf '127.0.0.1 localhost\n127.0.1.1 %s.hosts.test %s\n' "$name" "$name" > etc/hosts
mkdir -p .old
pivot_root . .old
umount -l /.old
rmdir /.old
exec setpriv --bounding-set "$CAPS" catatonit -P
