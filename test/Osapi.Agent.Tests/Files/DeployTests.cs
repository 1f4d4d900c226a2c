using Osapi.Operations;
using Osapi.Operations.Files;

namespace Osapi.Agent.Tests.Files;

public sealed class DeployTests : FileTest
{
    [Fact]
    public async Task Writes_a_new_file_and_says_so()
    {
        var result = await fixture.DeployAsync("port = 80\n");

        Assert.Equal("port = 80\n", fixture.Read("app.conf"));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead, File.GetUnixFileMode(fixture.PathOf("app.conf")));
        Assert.True(result.Changed);
        Assert.Equal(["missing"], result.Differences);
        Assert.Equal((10, fixture.PathOf("app.conf")), (result.Size, result.Path));
        Assert.Null(result.InPlace);
    }

    [Fact]
    public async Task A_check_compares_the_content_that_is_given_and_a_run_with_it_is_refused()
    {
        await fixture.DeployAsync("port = 80\n");
        var before = fixture.Snapshot();
        var given = fixture.Request() with { CheckContent = Convert.ToBase64String("port = 81\n"u8), ObjectName = "not-stored" };

        var check = await fixture.CheckAsync(given);
        var same = await fixture.CheckAsync(given with { CheckContent = Convert.ToBase64String("port = 80\n"u8) });
        var run = await fixture.FailAsync(given, ErrorType.Invalid);
        var broken = await fixture.FailAsync(given with { CheckContent = "%" }, ErrorType.Invalid);

        Assert.Equal((true, false), (check.Changed, same.Changed));
        Assert.Contains("+port = 81", check.Diff, StringComparison.Ordinal);
        Assert.StartsWith("check_content is for a check only", run.Error, StringComparison.Ordinal);
        Assert.StartsWith("check_content must be base64", broken.Error, StringComparison.Ordinal);
        Assert.Equal(before, fixture.Snapshot());
    }

    [Fact]
    public async Task Does_nothing_the_second_time_not_even_to_times()
    {
        await fixture.DeployAsync("port = 80\n", mode: "0640");
        var before = fixture.Snapshot();

        var again = await fixture.DeployAsync("port = 80\n", mode: "0640");

        Assert.False(again.Changed);
        Assert.Null(again.Differences);
        Assert.Equal(before, fixture.Snapshot());
    }

    [Theory]
    [InlineData("content")]
    [InlineData("mode")]
    [InlineData("missing")]
    public async Task Repairs_drift_as_the_check_predicted(string drift)
    {
        await fixture.DeployAsync("port = 80\n", mode: "0640");
        Drift(drift);
        var drifted = fixture.Snapshot();

        var check = await fixture.CheckAsync(fixture.Request(mode: "0640"));
        Assert.Equal(drifted, fixture.Snapshot());
        var repaired = await fixture.DeployAsync("port = 80\n", mode: "0640");
        var recheck = await fixture.CheckAsync(fixture.Request(mode: "0640"));

        Assert.True(check.Changed);
        Assert.True(repaired.Changed);
        Assert.Equal([drift], repaired.Differences);
        Assert.False(recheck.Changed);
        Assert.Null(recheck.Diff);
        Assert.Equal("port = 80\n", fixture.Read("app.conf"));
        Assert.Equal("0640", (await fixture.StatusAsync()).Mode);
    }

    [Fact]
    public async Task Repairs_owner_and_group()
    {
        Root();
        await fixture.StoreAsync("app.conf", "x");
        var request = fixture.Request() with { Owner = "daemon", Group = "daemon" };
        Assert.True((await fixture.DeployAsync(request)).Changed);
        Assert.False((await fixture.DeployAsync(request)).Changed);

        var other = await fixture.DeployAsync(request with { Owner = "root", Group = "0" });
        Assert.Equal(["owner", "group"], other.Differences);
        var check = await fixture.CheckAsync(request);

        Assert.Equal("root", check.Before!.Value.GetProperty("owner").GetString());
        Assert.Equal("daemon", check.After!.Value.GetProperty("owner").GetString());
        Assert.Null(check.Diff);
    }

    [Fact]
    public async Task A_change_of_mode_alone_keeps_the_file_and_its_time()
    {
        await fixture.DeployAsync("x", mode: "0644");
        var written = File.GetLastWriteTimeUtc(fixture.PathOf("app.conf"));

        await fixture.DeployAsync("x", mode: "0600");

        Assert.Equal(written, File.GetLastWriteTimeUtc(fixture.PathOf("app.conf")));
    }

    [Fact]
    public async Task Omitted_attributes_of_an_existing_file_stay_unchanged()
    {
        fixture.Write("app.conf", "old");
        File.SetUnixFileMode(fixture.PathOf("app.conf"), UnixFileMode.UserRead | UnixFileMode.UserWrite);

        await fixture.DeployAsync("new");

        Assert.Equal("new", fixture.Read("app.conf"));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(fixture.PathOf("app.conf")));
    }

    [Fact]
    public async Task Special_mode_bits_arrive_and_survive_a_change_of_owner()
    {
        Root();
        await fixture.StoreAsync("app.conf", "x");

        await fixture.DeployAsync(fixture.Request(mode: "06755") with { Owner = "daemon" });

        Assert.Equal("06755", (await fixture.StatusAsync()).Mode);
        Assert.Equal("in-sync", (await fixture.StatusAsync()).Status);
    }

    [Fact]
    public async Task An_unknown_owner_and_group_are_both_named()
    {
        await fixture.StoreAsync("app.conf", "x");

        var entry = await fixture.FailAsync(fixture.Request() with { Owner = "no-such-user", Group = "no-such-group" }, ErrorType.NotFound);

        Assert.Equal("owner: there is no user 'no-such-user' on this host; group: there is no group 'no-such-group' on this host", entry.Error);
    }

    [Fact]
    public async Task A_missing_directory_is_an_error_unless_it_may_be_made()
    {
        await fixture.StoreAsync("app.conf", "x");
        var request = fixture.Request("a/b/app.conf");

        var entry = await fixture.FailAsync(request, ErrorType.NotFound);
        Assert.Contains("create_parents", entry.Error, StringComparison.Ordinal);
        Assert.True((await fixture.CheckAsync(request with { CreateParents = true })).Changed);
        Assert.False(Directory.Exists(fixture.PathOf("a")));
        await fixture.DeployAsync(request with { CreateParents = true });

        Assert.Equal("x", fixture.Read("a/b/app.conf"));
        Assert.Equal("0755", OctalMode.Format((int)File.GetUnixFileMode(fixture.PathOf("a/b"))));
    }

    [Fact]
    public async Task A_backup_keeps_the_previous_content_and_its_metadata_only_when_the_content_changes()
    {
        fixture.Write("app.conf", "old");
        File.SetUnixFileMode(fixture.PathOf("app.conf"), UnixFileMode.UserRead);
        await fixture.StoreAsync("app.conf", "new");

        var result = await fixture.DeployAsync(fixture.Request() with { Backup = true });
        var again = await fixture.DeployAsync(fixture.Request(mode: "0600") with { Backup = true });

        Assert.Equal(fixture.PathOf("app.conf.20260102T030405.000Z"), result.Backup);
        Assert.Equal("old", File.ReadAllText(result.Backup!));
        Assert.Equal(UnixFileMode.UserRead, File.GetUnixFileMode(result.Backup!));
        Assert.Null(again.Backup);
        Assert.Equal(2, Directory.GetFiles(fixture.Tree).Length);
    }

    [Fact]
    public async Task A_stored_file_that_does_not_exist_is_named()
    {
        var entry = await fixture.FailAsync(fixture.Request(), ErrorType.NotFound);

        Assert.Equal("there is no file 'app.conf' in the object store", entry.Error);
    }

    [Fact]
    public async Task Large_files_are_streamed_and_compared()
    {
        var content = new byte[5_000_000];
        new Random(1).NextBytes(content);
        await fixture.StoreAsync("app.conf", content);

        Assert.True((await fixture.DeployAsync(fixture.Request())).Changed);
        Assert.False((await fixture.DeployAsync(fixture.Request())).Changed);
        File.WriteAllBytes(fixture.PathOf("app.conf"), content[..^1]);
        var check = await fixture.CheckAsync(fixture.Request());
        Assert.Equal(["content"], (await fixture.DeployAsync(fixture.Request())).Differences);

        Assert.Equal(content, File.ReadAllBytes(fixture.PathOf("app.conf")));
        Assert.Contains("4999999 bytes", check.Diff, StringComparison.Ordinal);
        Assert.Contains("-> 5000000 bytes, sha256 ", check.Diff, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_empty_file_can_be_deployed()
    {
        Assert.True((await fixture.DeployAsync("")).Changed);
        Assert.False((await fixture.DeployAsync("")).Changed);
        Assert.Equal("", fixture.Read("app.conf"));
    }

    [Fact]
    public async Task Two_jobs_for_one_file_leave_one_of_them_and_its_record()
    {
        await fixture.StoreAsync("app.conf", "a");
        await fixture.StoreAsync("b", "b");

        await Task.WhenAll(Enumerable.Range(0, 20).Select(i => fixture.DeployAsync(fixture.Request() with { ObjectName = i % 2 == 0 ? "app.conf" : "b" })));

        Assert.Equal("in-sync", (await fixture.StatusAsync()).Status);
        Assert.Single(Directory.GetFileSystemEntries(fixture.Tree));
    }

    private void Drift(string kind)
    {
        var path = fixture.PathOf("app.conf");
        if (kind == "content")
            File.AppendAllText(path, "# by hand\n");
        else if (kind == "mode")
            File.SetUnixFileMode(path, UnixFileMode.UserRead);
        else
            File.Delete(path);
    }

    private static void Root()
    {
        if (!Environment.IsPrivilegedProcess)
            Assert.Skip("NOT TESTED: owners, because only root can give files away.");
    }
}
