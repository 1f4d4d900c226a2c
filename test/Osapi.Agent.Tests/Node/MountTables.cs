namespace Osapi.Agent.Tests.Node;

/// <summary>Mount tables of real systems, shortened to the relevant lines.</summary>
internal static class MountTables
{
    public const string FileSystems = "nodev\tsysfs\nnodev\ttmpfs\nnodev\tproc\nnodev\tcgroup2\nnodev\tdevtmpfs\nnodev\toverlay\nnodev\tautofs\nnodev\tnfs4\nnodev\tfuse\nnodev\tzfs\n" +
        "\text3\n\text2\n\text4\n\tsquashfs\n\tvfat\n\tfuseblk\n\txfs\n\tbtrfs\n\tiso9660\n";

    // A virtual machine with a data disk, a share and an automounter.
    public const string Debian = """
        22 27 0:21 / /sys rw,nosuid,nodev,noexec,relatime shared:7 - sysfs sysfs rw
        23 27 0:22 / /proc rw,nosuid,nodev,noexec,relatime shared:14 - proc proc rw
        24 27 0:5 / /dev rw,nosuid,relatime shared:2 - devtmpfs udev rw,size=2006692k,nr_inodes=501673,mode=755,inode64
        26 27 0:24 / /run rw,nosuid,nodev,noexec,relatime shared:5 - tmpfs tmpfs rw,size=405744k,mode=755,inode64
        27 1 254:1 / / rw,relatime shared:1 - ext4 /dev/vda1 rw,errors=remount-ro
        33 23 0:30 / /proc/sys/fs/binfmt_misc rw,relatime shared:12 - autofs systemd-1 rw,fd=29,pgrp=1,timeout=0,minproto=5,maxproto=5,direct,pipe_ino=15023
        61 27 254:15 / /boot/efi rw,relatime shared:29 - vfat /dev/vda15 rw,fmask=0077,dmask=0077,codepage=437
        64 27 253:0 / /srv/data rw,noatime shared:31 - xfs /dev/mapper/vg0-data rw,attr2,inode64,logbufs=8,noquota
        70 27 0:45 / /mnt/share rw,relatime shared:40 - nfs4 nas:/export rw,vers=4.2,hard,addr=10.0.0.9
        71 64 254:1 /var/lib/extra /srv/data/extra rw,relatime shared:1 - ext4 /dev/vda1 rw,errors=remount-ro

        """;

    public const string UbuntuWithSnaps = """
        29 1 259:2 / / rw,relatime shared:1 - ext4 /dev/nvme0n1p2 rw
        38 29 7:0 / /snap/core22/1612 ro,nodev,relatime shared:19 - squashfs /dev/loop0 ro,errors=continue,threads=single
        39 29 7:1 / /snap/lxd/29351 ro,nodev,relatime shared:21 - squashfs /dev/loop1 ro,errors=continue,threads=single
        41 29 259:1 / /boot/efi rw,relatime shared:23 - vfat /dev/nvme0n1p1 rw,fmask=0022,dmask=0022,codepage=437
        90 29 11:0 / /media/cdrom ro,relatime shared:50 - iso9660 /dev/sr0 ro,nojoliet,check=s,map=n,blocksize=2048

        """;

    // An Alpine container on a Docker host: the root is an overlay, and three files come from the host's disk.
    public const string Container = """
        1043 901 0:92 / / rw,relatime master:357 - overlay overlay rw,lowerdir=/var/lib/docker/overlay2/l/AAA:/var/lib/docker/overlay2/l/BBB,upperdir=/var/lib/docker/overlay2/c/diff,workdir=/var/lib/docker/overlay2/c/work
        1044 1043 0:95 / /proc rw,nosuid,nodev,noexec,relatime - proc proc rw
        1045 1043 0:96 / /dev rw,nosuid - tmpfs tmpfs rw,size=65536k,mode=755,inode64
        1061 1043 254:1 /var/lib/docker/containers/c/resolv.conf /etc/resolv.conf rw,relatime - ext4 /dev/vda1 rw,errors=remount-ro
        1062 1043 254:1 /var/lib/docker/containers/c/hostname /etc/hostname rw,relatime - ext4 /dev/vda1 rw,errors=remount-ro
        1063 1043 254:1 /var/lib/docker/containers/c/hosts /etc/hosts rw,relatime - ext4 /dev/vda1 rw,errors=remount-ro

        """;

    // One file system, three subvolumes, a snapshot and a bind mount of a directory.
    public const string Btrfs = """
        61 1 0:31 /@ / rw,relatime shared:1 - btrfs /dev/sda2 rw,compress=zstd:1,ssd,space_cache=v2,subvolid=256,subvol=/@
        90 61 0:31 /@home /home rw,relatime shared:50 - btrfs /dev/sda2 rw,compress=zstd:1,ssd,space_cache=v2,subvolid=257,subvol=/@home
        91 61 0:31 /@snapshots /.snapshots rw,relatime shared:52 - btrfs /dev/sda2 rw,compress=zstd:1,ssd,space_cache=v2,subvolid=258,subvol=/@snapshots
        95 61 0:31 /@/srv/www /var/www rw,relatime shared:1 - btrfs /dev/sda2 rw,compress=zstd:1,ssd,space_cache=v2,subvolid=256,subvol=/@
        99 61 8:17 / /mnt/usb\040disk\134\011x rw,relatime shared:60 - fuseblk /dev/sdb1 rw,user_id=0,group_id=0,allow_other,blksize=4096

        """;
}
