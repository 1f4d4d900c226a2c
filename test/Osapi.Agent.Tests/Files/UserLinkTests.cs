using System.Diagnostics;
using Osapi.Operations;
using Osapi.Operations.Files;

namespace Osapi.Agent.Tests.Files;

/// <summary>Tests of users' links and files on the path of an agent that runs as root.</summary>
public sealed class UserLinkTests : FileTest
{
    public override async ValueTask InitializeAsync()
    {
        if (!Environment.IsPrivilegedProcess)
            Assert.Skip("NOT TESTED: directories of other users, because that needs root.");
        await base.InitializeAsync();
        await fixture.StoreAsync("app.conf", "new");
        foreach (var name in (string[])["alice", "alice/own", "bob", "system"])
            Directory.CreateDirectory(fixture.PathOf(name));
        Run("chown", "-R", "daemon", fixture.PathOf("alice"));
        Run("chown", "-R", "bin", fixture.PathOf("bob"));
    }

    [Theory]
    [InlineData("bob", "daemon")]
    [InlineData("system", "daemon")]
    // Root's own link, which the user may have renamed.
    [InlineData("system", "root")]
    public async Task A_link_out_of_a_users_directory_into_another_ones_is_refused_unless_it_is_allowed(string target, string owner)
    {
        Link("alice/link", fixture.PathOf(target), owner);

        var entry = await fixture.FailAsync(fixture.Request("alice/link/app.conf"), ErrorType.Conflict);
        Assert.Contains("link on the path is a symbolic link from a directory of daemon into a directory of another user", entry.Error, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(fixture.PathOf(target)));

        await fixture.DeployAsync(fixture.Request("alice/link/app.conf") with { FollowLinks = true });
        Assert.Equal("new", fixture.Read(target + "/app.conf"));
        Assert.Equal("in-sync", (await fixture.StatusAsync("alice/link/app.conf")).Status);
        Assert.True((await fixture.ResultAsync(FileOperations.Undeploy, new() { Path = fixture.PathOf("alice/link/app.conf") })).Changed);
        Assert.Empty(Directory.GetFiles(fixture.PathOf(target)));
    }

    [Fact]
    public async Task A_link_within_a_users_own_directories_is_followed()
    {
        Link("alice/link", "own", "daemon");
        Link("alice/far", fixture.PathOf("alice/own"), "daemon");

        await fixture.DeployAsync(fixture.Request("alice/link/app.conf"));
        await fixture.DeployAsync(fixture.Request("alice/far/app.conf"));

        Assert.Equal("new", fixture.Read("alice/own/app.conf"));
    }

    [Fact]
    public async Task Links_that_users_pass_on_to_each_other_lead_nowhere_else()
    {
        Link("bob/next", fixture.PathOf("system"), "bin");
        Link("alice/link", fixture.PathOf("bob/next"), "daemon");

        await fixture.FailAsync(fixture.Request("alice/link/app.conf"), ErrorType.Conflict);
    }

    [Fact]
    public async Task A_link_that_a_third_user_created_in_a_group_writable_directory_is_refused()
    {
        Run("chmod", "0775", fixture.PathOf("alice"));
        Link("alice/link", fixture.PathOf("alice/own"), "bin");

        await fixture.FailAsync(fixture.Request("alice/link/app.conf"), ErrorType.Conflict);
    }

    [Fact]
    public async Task A_file_of_another_one_in_a_users_directory_is_replaced_and_never_given_away()
    {
        // Still empty: its new owner could read what root writes into it later.
        await fixture.StoreAsync("app.conf", "");
        fixture.Write("alice/app.conf", "");
        File.SetUnixFileMode(fixture.PathOf("alice/app.conf"), UnixFileMode.UserRead | UnixFileMode.UserWrite);
        using var roots = File.OpenWrite(fixture.PathOf("alice/app.conf"));
        var written = File.GetLastWriteTimeUtc(fixture.PathOf("alice/app.conf"));

        var result = await fixture.DeployAsync(fixture.Request("alice/app.conf", mode: "0644") with { Owner = "daemon" });
        Assert.Equal(["mode", "owner"], result.Differences);
        Assert.Equal(written, File.GetLastWriteTimeUtc(fixture.PathOf("alice/app.conf")));
        roots.Write("secret"u8);

        Assert.Equal("", fixture.Read("alice/app.conf"));
    }

    [Fact]
    public async Task A_list_of_rights_that_a_user_gives_to_all_new_files_does_not_open_a_backup()
    {
        Need("setfacl");
        Run("setfacl", "-d", "-m", "u:daemon:rwx", fixture.PathOf("alice"));
        fixture.Write("alice/app.conf", "secret");
        Run("setfacl", "-b", fixture.PathOf("alice/app.conf"));
        File.SetUnixFileMode(fixture.PathOf("alice/app.conf"), UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead);

        var result = await fixture.DeployAsync(fixture.Request("alice/app.conf", mode: "0640") with { Backup = true });

        foreach (var file in (string[])[result.Backup!, fixture.PathOf("alice/app.conf")])
            Assert.DoesNotContain("daemon", Output("getfacl", "-c", "-p", file), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_group_bits_of_an_access_control_list_give_the_group_no_additional_rights()
    {
        Need("setfacl");
        fixture.Write("app.conf", "old");
        File.SetUnixFileMode(fixture.PathOf("app.conf"), UnixFileMode.UserRead | UnixFileMode.UserWrite);
        Run("setfacl", "-m", "u:daemon:r", fixture.PathOf("app.conf"));

        var result = await fixture.DeployAsync(fixture.Request() with { Backup = true });

        Assert.Equal("0600", OctalMode.Format((int)File.GetUnixFileMode(fixture.PathOf("app.conf"))));
        Assert.Equal("0600", OctalMode.Format((int)File.GetUnixFileMode(result.Backup!)));
    }

    [Fact]
    public async Task State_behind_a_users_link_is_not_used()
    {
        Directory.CreateSymbolicLink(fixture.State, fixture.PathOf("alice/own"));
        Run("chown", "-h", "daemon", fixture.State);
        Run("chmod", "0777", Path.GetDirectoryName(fixture.State)!);

        var entry = await fixture.RunAsync(FileOperations.Deploy, fixture.Request());

        Assert.Equal(Outcome.Failed, entry.Outcome);
        Assert.Contains("could not record that", entry.Error, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFileSystemEntries(fixture.PathOf("alice/own")));
    }

    private void Link(string name, string target, string owner)
    {
        File.CreateSymbolicLink(fixture.PathOf(name), target);
        Run("chown", "-h", owner, fixture.PathOf(name));
    }

    private static void Need(string program)
    {
        if (!File.Exists("/usr/bin/" + program))
            Assert.Skip($"NOT TESTED: access control lists, because there is no {program} (acl).");
    }

    private static void Run(string command, params string[] arguments)
    {
        using var process = Process.Start(command, arguments);
        process.WaitForExit();
        Assert.Equal(0, process.ExitCode);
    }

    private static string Output(string command, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(command, arguments) { RedirectStandardOutput = true })!;
        return process.StandardOutput.ReadToEnd();
    }
}
