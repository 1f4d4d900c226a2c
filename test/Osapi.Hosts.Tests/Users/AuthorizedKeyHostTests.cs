using Osapi.Hosts.Tests.Hosts;
using Osapi.Operations;
using Osapi.Operations.Users;

namespace Osapi.Hosts.Tests.Users;

/// <summary>Tests of SSH keys in homes whose users do everything to lead the agent elsewhere.</summary>
[Collection("hosts, one class after the other")]
public sealed class AuthorizedKeyHostTests(LightHosts hosts) : IClassFixture<LightHosts>
{
    private const string One = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIFsLLGJvNX2muduionZfGAFf3fwVrcgkyvEv5JwwveOB", OneFingerprint = "SHA256:5hCuYINQHuoTx3sbmSZQbLDVrqYvvoH8Pz4tzPnrmjw";

    private const string Two = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

    private const string File = "/home/acme/.ssh/authorized_keys";

    [Fact]
    public async Task A_key_gets_a_private_file_of_the_user_and_has_the_fingerprint_of_ssh_keygen()
    {
        var host = await FreshAsync("chown acme:users /home/acme; usermod -g users acme");

        var reply = await host.StepAsync(UserOperations.UpdateKeys, new() { Name = "acme", Keys = [One + " one"] }, changes: true);
        await host.StepAsync(UserOperations.UpdateKeys, new() { Name = "acme", Keys = [One + " one"] }, changes: false);

        Assert.Equal("700 acme users", await host.MustAsync("stat", "-c", "%a %U %G", "/home/acme/.ssh"));
        Assert.Equal("600 acme users", await host.MustAsync("stat", "-c", "%a %U %G", File));
        Assert.Equal(One + " one", await host.MustAsync("cat", File));
        Assert.Equal(OneFingerprint, reply.Result!.Value.GetProperty("added")[0].GetString());
        Assert.Contains(OneFingerprint, await host.MustAsync("ssh-keygen", "-lf", File), StringComparison.Ordinal);
        var listed = await host.ResultAsync(UserOperations.ListKeys, new() { Name = "acme" });
        Assert.Equal((File, "ssh-ed25519", OneFingerprint, "one"), (listed.Path, listed.Keys[0].Type, listed.Keys[0].Fingerprint, listed.Keys[0].Comment));
    }

    [Fact]
    public async Task Comments_order_and_unknown_lines_stay_and_the_last_line_gets_its_end()
    {
        var host = await FreshAsync("install -d -o acme -g acme -m 700 /home/acme/.ssh");
        await WriteAsync(host, "# of the admin\n\nnot a key\nfrom=\"10.0.0.1\",command=\"echo \\\"a b\\\"\" " + Two + " two words");

        await host.StepAsync(UserOperations.UpdateKeys, new() { Name = "acme", Keys = [One] }, changes: true);
        Assert.Equal("# of the admin\n\nnot a key\nfrom=\"10.0.0.1\",command=\"echo \\\"a b\\\"\" " + Two + " two words\n" + One, await host.MustAsync("cat", File));
        var listed = await host.ResultAsync(UserOperations.ListKeys, new() { Name = "acme" });
        Assert.Equal(("from=\"10.0.0.1\",command=\"echo \\\"a b\\\"\"", "two words"), (listed.Keys[0].Options, listed.Keys[0].Comment));

        // The comment stays, the options are those of the request.
        var updated = await host.StepAsync(UserOperations.UpdateKeys, new() { Name = "acme", Keys = ["restrict " + Two] }, changes: true);
        Assert.Equal("# of the admin\n\nnot a key\nrestrict " + Two + " two words\n" + One, await host.MustAsync("cat", File));
        Assert.Equal(1, updated.Result!.Value.GetProperty("updated").GetArrayLength());
        await host.StepAsync(UserOperations.UpdateKeys, new() { Name = "acme", Keys = [One], Exclusive = true }, changes: true);
        Assert.Equal("# of the admin\n\nnot a key\n" + One, await host.MustAsync("cat", File));
        await host.StepAsync(UserOperations.UpdateKeys, new() { Name = "acme", Keys = ["no-pty " + One + " other"], State = AuthorizedKeyState.Absent }, changes: true);
        await host.StepAsync(UserOperations.UpdateKeys, new() { Name = "acme", Keys = [One], State = AuthorizedKeyState.Absent }, changes: false);
        Assert.Equal("# of the admin\n\nnot a key", await host.MustAsync("cat", File));
    }

    [Fact]
    public async Task A_key_that_is_there_twice_is_there_once_afterwards()
    {
        var host = await FreshAsync("install -d -o acme -g acme -m 700 /home/acme/.ssh");
        await WriteAsync(host, $"{One} a\nrestrict {One} b\n{Two}\n");

        await host.StepAsync(UserOperations.UpdateKeys, new() { Name = "acme", Keys = [One] }, changes: true);

        Assert.Equal($"{One} a\n{Two}", await host.MustAsync("cat", File));
    }

    [Theory]
    [InlineData("ln -s /root /home/acme/.ssh; mkdir -p /root/.ssh", ".ssh on the path is a symbolic link, not a directory")]
    [InlineData("mkdir /home/acme/.ssh; chown acme /home/acme/.ssh; ln -s /etc/acme-target /home/acme/.ssh/authorized_keys", "it is a symbolic link, not a file")]
    [InlineData("mkdir /home/acme/.ssh; chown acme /home/acme/.ssh; ln -s /etc/shadow /home/acme/.ssh/authorized_keys", "it is a symbolic link, not a file")]
    [InlineData("mkdir /home/acme/.ssh; chown acme /home/acme/.ssh; mkfifo /home/acme/.ssh/authorized_keys; chown acme /home/acme/.ssh/authorized_keys", "not a file")]
    [InlineData("mkdir /home/acme/.ssh; chown acme /home/acme/.ssh; mkdir /home/acme/.ssh/authorized_keys", "it is a directory, not a file")]
    [InlineData("mkdir /home/acme/.ssh; chown acme /home/acme/.ssh; head -c 10000000 /dev/zero > /home/acme/.ssh/authorized_keys; chown acme /home/acme/.ssh/authorized_keys", "it is larger than 1 MiB")]
    [InlineData("mkdir /home/acme/.ssh; chown acme /home/acme/.ssh; truncate -s 8E /home/acme/.ssh/authorized_keys 2> /dev/null || truncate -s 8T /home/acme/.ssh/authorized_keys; chown acme /home/acme/.ssh/authorized_keys", "it is larger than 1 MiB")]
    [InlineData("mkdir /home/acme/.ssh; chown acme /home/acme/.ssh; cp /etc/shadow /home/acme/.ssh/secret; ln /home/acme/.ssh/secret /home/acme/.ssh/authorized_keys", "it has several names (hard links)")]
    [InlineData("mkdir /home/acme/.ssh; chown acme /home/acme/.ssh; cp /etc/shadow /home/acme/.ssh/authorized_keys", "it belongs to root")]
    [InlineData("mkdir /home/acme/.ssh; chown acme /home/acme/.ssh; touch /home/acme/.ssh/authorized_keys; chown daemon /home/acme/.ssh/authorized_keys", "it belongs to daemon")]
    [InlineData("mkdir /home/acme/.ssh; chown daemon /home/acme/.ssh", ".ssh belongs to daemon")]
    [InlineData("mkdir /home/acme/.ssh; chown acme /home/acme/.ssh; chmod 775 /home/acme/.ssh", "users other than its owner can write to .ssh (mode 0775), for which sshd refuses the keys")]
    [InlineData("chmod 777 /home/acme", "users other than its owner can write to /home/acme (mode 0777), for which sshd refuses the keys")]
    [InlineData("chown daemon /home/acme", "/home/acme belongs to daemon")]
    public async Task Nothing_hostile_in_a_home_is_followed_read_or_written(string prepare, string reason)
    {
        var host = await FreshAsync("rm -rf /etc/acme-target; " + prepare);

        var error = await host.RefusedAsync(UserOperations.UpdateKeys, new() { Name = "acme", Keys = [One] }, ErrorType.Conflict, reason);
        var listed = await host.ExecuteAsync(UserOperations.ListKeys, new() { Name = "acme" });

        Assert.StartsWith("the keys of acme in /home/acme/.ssh/authorized_keys are not used: ", error, StringComparison.Ordinal);
        Assert.Equal((ErrorType.Conflict, error), (listed.ErrorType, listed.Error));
        await host.MustAsync("test", "!", "-e", "/etc/acme-target");
    }

    [Fact]
    public async Task A_home_that_is_missing_has_no_keys_and_gets_none()
    {
        var host = await FreshAsync("rm -r /home/acme");

        Assert.Empty((await host.ResultAsync(UserOperations.ListKeys, new() { Name = "acme" })).Keys);
        var reply = await host.ExecuteAsync(UserOperations.UpdateKeys, new() { Name = "acme", Keys = [One] });
        Assert.Equal((ErrorType.Conflict, "the keys of acme in /home/acme/.ssh/authorized_keys are not used: the home directory /home/acme does not exist"), (reply.ErrorType, reply.Error));
        await host.RefusedAsync(UserOperations.UpdateKeys, new() { Name = "acme-none", Keys = [One] }, ErrorType.NotFound, "there is no user acme-none on this host");
    }

    [Fact]
    public async Task Another_file_is_in_the_home_or_where_only_root_can_write()
    {
        var host = await FreshAsync("mkdir -p /etc/ssh/acme; useradd -m acme-two; install -d -m 777 /srv/acme");

        await host.StepAsync(UserOperations.UpdateKeys, new() { Name = "acme", Keys = [One], Path = "/home/acme/.config/keys" }, changes: true);
        var outside = await host.ExecuteAsync(UserOperations.UpdateKeys, new() { Name = "acme", Keys = [One], Path = "/etc/ssh/acme/acme" });
        Assert.Equal((Outcome.Ok, true), (outside.Outcome, outside.Changed));
        Assert.Equal("644 root", await host.MustAsync("stat", "-c", "%a %U", "/etc/ssh/acme/acme"));
        Assert.Equal("700 acme", await host.MustAsync("stat", "-c", "%a %U", "/home/acme/.config"));
        await host.RefusedAsync(UserOperations.UpdateKeys, new() { Name = "acme", Keys = [One], Path = "/home/acme-two/.ssh/authorized_keys" }, ErrorType.Conflict, "the directory /home/acme-two/.ssh does not exist");
        await host.RefusedAsync(UserOperations.UpdateKeys, new() { Name = "acme", Keys = [One], Path = "/home/acme-two/keys" }, ErrorType.Conflict, "it is not in the home directory /home/acme, and users other than root can change /home/acme-two");
        await host.RefusedAsync(UserOperations.UpdateKeys, new() { Name = "acme", Keys = [One], Path = "/srv/acme/keys" }, ErrorType.Conflict, "users other than root can change /srv/acme");
    }

    [Fact]
    public async Task A_user_who_exchanges_the_directory_all_the_time_gets_nothing_outside_of_the_home_changed()
    {
        var host = await FreshAsync("mkdir /srv/acme; install -d -o acme -m 700 /home/acme/.ssh");
        var user = await host.MustAsync("id", "-u", "acme");
        await using var attack = host.Start("setpriv", "--reuid", user, "--clear-groups", "sh", "-c", "cd /home/acme; while :; do mv .ssh real; ln -s /srv/acme .ssh; rm .ssh; mv real .ssh; done");

        for (var times = 0; times < 20; times++)
        {
            var reply = await host.ExecuteAsync(UserOperations.UpdateKeys, new() { Name = "acme", Keys = [times % 2 == 0 ? One : Two], Exclusive = true });
            Assert.True(reply.ErrorType is null or ErrorType.Conflict or ErrorType.Failed, reply.Error);
        }

        Assert.Equal("", await host.ShellAsync("ls -A /srv/acme; find /srv /etc -user acme"));
    }

    private static Task<string> WriteAsync(LightHost host, string text)
    {
        System.IO.File.WriteAllText(host.Outside(File), text);
        return host.ShellAsync($"chown acme:acme {File}; chmod 600 {File}");
    }

    private async Task<LightHost> FreshAsync(string prepare)
    {
        var host = await hosts.GetAsync("h1");
        await host.RunAsync("sh", "-c", "for each in $(grep ^acme /etc/passwd | cut -d: -f1); do userdel -rf $each; done; for each in $(grep ^acme /etc/group | cut -d: -f1); do groupdel $each; done; rm -rf /home/acme* /srv/acme* /root/.ssh; umask 022; useradd -m acme");
        await host.ShellAsync("umask 022; " + prepare);
        return host;
    }
}
