using Osapi.Agent.Tests.Hosts;
using Osapi.Operations.Node;

namespace Osapi.Agent.Tests.Node;

public sealed class DiskTests : IDisposable
{
    private readonly PreparedTree tree = new PreparedTree().With("proc/filesystems", MountTables.FileSystems);

    public void Dispose() => tree.Dispose();

    [Fact]
    public async Task Every_local_file_system_is_listed_once_ordered_by_path()
    {
        tree.With("proc/self/mountinfo", MountTables.Debian).Mounted("/", 1000, 600, 550).Mounted("/boot/efi", 100, 90, 90).Mounted("/srv/data", 5000, 5000, 5000);

        Assert.Equal([new("/", 1000, 400, 550), new("/boot/efi", 100, 10, 90), new("/srv/data", 5000, 0, 5000)], await DisksAsync());
    }

    [Fact]
    public async Task Images_are_left_out_for_nothing_can_be_stored_there()
    {
        tree.With("proc/self/mountinfo", MountTables.UbuntuWithSnaps).Mounted("/", 1000, 600, 550).Mounted("/boot/efi", 100, 90, 90);

        Assert.Equal(["/", "/boot/efi"], await NamesAsync());
    }

    [Fact]
    public async Task An_image_that_is_the_root_is_listed()
    {
        tree.With("proc/self/mountinfo", "20 1 31:2 / / ro,relatime - squashfs /dev/root ro\n21 20 31:3 / /overlay rw - jffs2 /dev/mtdblock6 rw\n")
            .Mounted("/", 10, 0, 0).Mounted("/overlay", 50, 20, 20);

        Assert.Equal(["/", "/overlay"], await NamesAsync());
    }

    [Fact]
    public async Task A_containers_root_is_listed_and_its_mounted_files_are_not()
    {
        tree.With("proc/self/mountinfo", MountTables.Container).With("etc/resolv.conf", "").With("etc/hostname", "").With("etc/hosts", "").Mounted("/", 1000, 600, 550);

        Assert.Equal([new("/", 1000, 400, 550)], await DisksAsync());
    }

    [Theory]
    [InlineData(1000, new[] { "/data" })]
    [InlineData(7000, new[] { "/", "/data" })]
    public async Task A_containers_root_is_left_out_when_the_file_system_below_it_is_listed(long volume, string[] names)
    {
        tree.With("proc/self/mountinfo", MountTables.Container + "1070 1043 254:1 /srv /data rw - ext4 /dev/vda1 rw\n")
            .With("etc/resolv.conf", "").With("etc/hostname", "").With("etc/hosts", "").Mounted("/", 1000, 600, 550).Mounted("/data", volume, 600, 550);

        Assert.Equal(names, await NamesAsync());
    }

    [Fact]
    public async Task Subvolumes_and_bind_mounts_are_one_file_system_and_names_are_unescaped()
    {
        tree.With("proc/self/mountinfo", MountTables.Btrfs).Mounted("/", 1000, 600, 550).Mounted("/mnt/usb disk\\\tx", 64, 32, 32);

        Assert.Equal(["/", "/mnt/usb disk\\\tx"], await NamesAsync());
    }

    [Theory]
    [InlineData("40 27 8:1 / /mnt/a/long/path rw - ext4 /dev/sda1 rw\n41 27 8:1 /www /b rw - ext4 /dev/sda1 rw\n", "/mnt/a/long/path")]
    [InlineData("41 27 8:1 /www /b rw - ext4 /dev/sda1 rw\n40 27 8:1 / /mnt/a/long/path rw - ext4 /dev/sda1 rw\n", "/mnt/a/long/path")]
    [InlineData("40 27 8:1 / /srv/data rw - ext4 /dev/sda1 rw\n41 27 8:1 / /data rw - ext4 /dev/sda1 rw\n", "/data")]
    [InlineData("40 27 8:1 /a/b /srv/data rw - ext4 /dev/sda1 rw\n41 27 8:1 /a/b/c /c rw - ext4 /dev/sda1 rw\n", "/srv/data")]
    public async Task A_bind_mount_of_a_directory_does_not_name_its_file_system(string mounts, string name)
    {
        tree.With("proc/self/mountinfo", "27 1 254:1 / / rw - ext4 /dev/vda1 rw\n" + mounts).Mounted("/", 1000, 600, 550).Mounted(name, 3, 2, 1);

        Assert.Equal(new[] { "/", name }.Order(StringComparer.Ordinal), await NamesAsync());
    }

    [Fact]
    public async Task Datasets_of_a_pool_are_file_systems_and_a_fuse_device_is_none()
    {
        tree.With("proc/self/mountinfo", "30 1 0:26 / / rw - zfs rpool/ROOT/pve-1 rw\n31 30 0:40 / /rpool/data rw - zfs rpool/data rw\n32 30 0:50 / /etc/pve rw - fuse /dev/fuse rw\n")
            .Mounted("/", 10, 5, 5).Mounted("/rpool/data", 10, 5, 5);

        Assert.Equal(["/", "/rpool/data"], await NamesAsync());
    }

    [Theory]
    [InlineData("40 27 8:1 / /mnt/a rw - ext4 /dev/sda1 rw\n41 40 0:60 / /mnt/a rw - nfs4 nas:/a rw\n")]
    [InlineData("40 27 8:1 / /mnt/a rw - ext4 /dev/sda1 rw\n41 27 0:60 / /mnt rw - nfs4 nas:/a rw\n")]
    [InlineData("40 27 8:9 / /mnt rw - tmpfs none rw\n42 40 8:1 / /mnt/a/b rw - ext4 /dev/sda1 rw\n43 40 0:60 / /mnt/a rw - nfs4 nas:/a rw\n")]
    [InlineData("40 27 0:77 / /mnt/a rw - tmpfs none rw\n42 40 8:1 / /mnt/a/b rw - ext4 /dev/sda1 rw\n43 27 0:60 / /mnt rw - nfs4 nas:/a rw\n")]
    public async Task A_mount_under_another_one_is_never_queried(string hidden)
    {
        tree.With("proc/self/mountinfo", "27 1 254:1 / / rw - ext4 /dev/vda1 rw\n" + hidden).Mounted("/", 1000, 600, 550);

        Assert.Equal(["/"], await NamesAsync());
    }

    [Fact]
    public async Task A_mount_beside_or_above_a_share_is_queried()
    {
        tree.With("proc/self/mountinfo", """
            27 1 254:1 / / rw - ext4 /dev/vda1 rw
            40 27 0:60 / /mnt rw - nfs4 nas:/a rw
            41 40 8:1 / /mnt/a rw - ext4 /dev/sda1 rw
            42 27 8:2 / /mnt2 rw - ext4 /dev/sda2 rw
            """).Mounted("/", 3, 2, 1).Mounted("/mnt/a", 3, 2, 1).Mounted("/mnt2", 3, 2, 1);

        Assert.Equal(["/", "/mnt/a", "/mnt2"], await NamesAsync());
    }

    [Fact]
    public async Task Where_the_shortest_path_is_inaccessible_the_next_one_is_used()
    {
        tree.With("proc/self/mountinfo", "40 1 8:1 / /a rw - ext4 /dev/sda1 rw\n41 1 8:1 / /longer rw - ext4 /dev/sda1 rw\n42 1 8:2 / /closed rw - ext4 /dev/sda2 rw\n43 1 8:3 / /gone rw - ext4 /dev/sda3 rw\n")
            .Mounted("/a", new UnauthorizedAccessException()).Mounted("/longer", 3, 2, 1)
            .Mounted("/closed", new UnauthorizedAccessException()).Mounted("/gone", new DriveNotFoundException());

        Assert.Equal(["/longer"], await NamesAsync());
    }

    [Fact]
    public async Task A_dying_disk_is_named_beside_the_others()
    {
        tree.With("proc/self/mountinfo", MountTables.Debian).Mounted("/", 3, 2, 1).Mounted("/boot/efi", 3, 2, 1).Mounted("/srv/data", new IOException("Input/output error"));

        var result = await tree.ResultAsync(NodeOperations.Disk);

        Assert.Equal(["/", "/boot/efi"], result.Disks.Select(disk => disk.Name));
        Assert.Equal([new("/srv/data", "Input/output error")], result.Unavailable!);
    }

    [Fact]
    public async Task When_no_disk_can_be_read_the_operation_fails()
    {
        tree.With("proc/self/mountinfo", "27 1 254:1 / / rw - ext4 /dev/vda1 rw\n").Mounted("/", new IOException("Input/output error"));

        Assert.Equal("the space of / cannot be read: Input/output error", await tree.ErrorAsync(NodeOperations.Disk));
    }

    [Theory]
    [InlineData("")]
    [InlineData("27 1 254:1 / / rw,relatime\n")]
    [InlineData("x 1 254:1 / / rw - ext4 /dev/vda1 rw\n")]
    [InlineData("27 1 254:1 / relative rw - ext4 /dev/vda1 rw\n")]
    public async Task An_invalid_table_is_named(string table)
    {
        tree.With("proc/self/mountinfo", table);

        Assert.Equal("/proc/self/mountinfo has no mount that can be read", await tree.ErrorAsync(NodeOperations.Disk));
    }

    [Fact]
    public async Task Without_the_list_of_types_it_fails_rather_than_finding_nothing()
    {
        using var bare = new PreparedTree().With("proc/self/mountinfo", MountTables.Debian);

        Assert.Equal("/proc/filesystems cannot be read: there is no such file", await bare.ErrorAsync(NodeOperations.Disk));
    }

    private async Task<IReadOnlyList<Disk>> DisksAsync()
    {
        var result = await tree.ResultAsync(NodeOperations.Disk);
        Assert.Null(result.Unavailable);
        return result.Disks;
    }

    private async Task<IEnumerable<string>> NamesAsync() => (await DisksAsync()).Select(disk => disk.Name);
}
