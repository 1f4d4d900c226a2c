using Osapi.Hosts.Tests.Hosts;
using Osapi.Operations;
using Osapi.Operations.Users;

namespace Osapi.Hosts.Tests.Users;

/// <summary>Tests of the deletion of accounts and their homes.</summary>
[Collection("hosts, one class after the other")]
public sealed class UserDeletionTests(LightHosts hosts, BootedHost booted) : IClassFixture<LightHosts>, IClassFixture<BootedHost>
{
    [Fact]
    public async Task The_home_stays_unless_it_is_to_go_and_the_mailbox_goes_with_it()
    {
        var host = await FreshAsync("useradd -m acme; useradd -m acme-two; touch /var/mail/acme-two; chown acme-two /var/mail/acme-two");

        await host.StepAsync(UserOperations.Delete, new() { Name = "acme" }, changes: true);
        await host.StepAsync(UserOperations.Delete, new() { Name = "acme", Home = true }, changes: false);
        var reply = await host.StepAsync(UserOperations.Delete, new() { Name = "acme-two", Home = true }, changes: true);

        await host.MustAsync("test", "-d", "/home/acme");
        await host.MustAsync("test", "!", "-e", "/home/acme-two");
        await host.MustAsync("test", "!", "-e", "/var/mail/acme-two");
        Assert.Equal("/home/acme-two", reply.Result!.Value.GetProperty("home").GetString());
        Assert.EndsWith("\"home\":\"/home/acme-two\"}", reply.Check!.Before!.Value.GetRawText(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Links_in_a_home_lead_nowhere()
    {
        var host = await FreshAsync("useradd -m acme; mkdir /srv/acme; echo kept > /srv/acme/file; ln -s /srv/acme /home/acme/link; ln -s /etc/passwd /home/acme/passwd; mkfifo /home/acme/pipe; chown -h acme /home/acme/link");

        await host.StepAsync(UserOperations.Delete, new() { Name = "acme", Home = true }, changes: true);

        Assert.Equal("kept", await host.MustAsync("cat", "/srv/acme/file"));
        await host.MustAsync("test", "!", "-e", "/home/acme");
    }

    [Fact]
    public async Task A_home_that_is_not_the_users_alone_is_not_removed()
    {
        var host = await FreshAsync("useradd -m acme; useradd -m acme-two; useradd -d /usr/games acme-three; useradd -d /home/acme-four acme-four; ln -s /srv /home/acme-four");

        await host.RefusedAsync(UserOperations.Delete, new() { Name = "acme-three", Home = true }, ErrorType.Conflict, "/usr/games is not ");
        await host.RefusedAsync(UserOperations.Delete, new() { Name = "acme-four", Home = true }, ErrorType.Conflict, "/home/acme-four is not a directory of acme-four");
        await host.ShellAsync("usermod -d /home/acme/two acme-two");
        await host.RefusedAsync(UserOperations.Delete, new() { Name = "acme", Home = true }, ErrorType.Conflict, "/home/acme is not removed: the home directory of acme-two is /home/acme/two");
        await host.ShellAsync("usermod -d /home/acme-two acme-two; mkdir /home/acme/mounted; mount -t tmpfs tmpfs /home/acme/mounted");
        await host.RefusedAsync(UserOperations.Delete, new() { Name = "acme", Home = true }, ErrorType.Conflict, "/home/acme is not removed: something is mounted at mounted below it");
        await host.ShellAsync("umount /home/acme/mounted; mount -t tmpfs tmpfs /home/acme; chown acme /home/acme");
        await host.RefusedAsync(UserOperations.Delete, new() { Name = "acme", Home = true }, ErrorType.Conflict, "/home/acme is not removed: something is mounted there");
        await host.ShellAsync("umount /home/acme");
        await host.StepAsync(UserOperations.Delete, new() { Name = "acme", Home = true }, changes: true);
    }

    [Fact]
    public async Task Root_and_whoever_shares_its_number_are_never_deleted()
    {
        var host = await FreshAsync("useradd -o -u 0 acme");

        await host.RefusedAsync(UserOperations.Delete, new() { Name = "root", Force = true, Kill = true, Home = true }, ErrorType.Conflict, "root has the number 0 and is never deleted");
        await host.RefusedAsync(UserOperations.Delete, new() { Name = "acme", Force = true }, ErrorType.Conflict, "acme has the number 0 and is never deleted");
        await host.ShellAsync("sed -i '/^acme:/d' /etc/passwd /etc/shadow");
    }

    [Fact]
    public async Task A_user_with_processes_is_deleted_when_they_end_or_with_force()
    {
        var host = await FreshAsync("useradd -m acme; useradd -m acme-two");
        await using var first = await SleepAsync(host, "acme");
        await using var second = await SleepAsync(host, "acme-two");

        var refused = await host.RefusedAsync(UserOperations.Delete, new() { Name = "acme" }, ErrorType.Conflict, "1 processes run as acme: sleep (pid ");
        var killed = await host.StepAsync(UserOperations.Delete, new() { Name = "acme", Kill = true, Home = true }, changes: true);
        await host.StepAsync(UserOperations.Delete, new() { Name = "acme-two", Force = true }, changes: true);

        Assert.EndsWith("(kill ends them, force deletes the account nevertheless)", refused, StringComparison.Ordinal);
        Assert.Equal(1, killed.Result!.Value.GetProperty("killed").GetInt32());
        await host.MustAsync("pgrep", "sleep");
        await host.MustAsync("test", "-d", "/home/acme-two");
    }

    [Fact]
    public async Task Processes_of_another_account_with_the_same_number_are_not_ended()
    {
        var host = await FreshAsync("useradd -u 4100 acme; useradd -o -u 4100 acme-two");

        await host.RefusedAsync(UserOperations.Delete, new() { Name = "acme", Kill = true }, ErrorType.Conflict, "acme and acme-two have one number");
    }

    [Fact]
    public async Task Force_does_not_delete_the_primary_group_of_another_user()
    {
        var host = await FreshAsync("useradd acme; useradd -g acme acme-two");

        await host.RefusedAsync(UserOperations.Delete, new() { Name = "acme", Force = true }, ErrorType.Conflict, "the group acme is the primary group of acme-two, and force would delete it");
        await host.StepAsync(UserOperations.Delete, new() { Name = "acme" }, changes: true);
        Assert.Equal("acme", await host.MustAsync("id", "-gn", "acme-two"));
    }

    [Fact]
    public async Task A_user_that_lingers_on_a_booted_host_is_gone_with_all_services()
    {
        var host = await booted.GetAsync();
        await host.RunAsync("userdel", "-rf", "acme");
        await host.ShellAsync("useradd -m acme; mkdir -p /var/lib/systemd/linger; touch /var/lib/systemd/linger/acme");
        await host.MustAsync("systemd-run", "--quiet", "--unit=acme-sleep", "--uid=acme", "sleep", "infinity");
        await WaitAsync(host, "pgrep -u acme sleep");

        var refused = await host.ExecuteAsync(UserOperations.Delete, new() { Name = "acme" });
        var reply = await host.StepAsync(UserOperations.Delete, new() { Name = "acme", Kill = true, Home = true }, changes: true);

        Assert.Equal(ErrorType.Conflict, refused.ErrorType);
        Assert.True(reply.Result!.Value.GetProperty("killed").GetInt32() >= 1);
        await host.MustAsync("test", "!", "-e", "/var/lib/systemd/linger/acme");
        await host.MustAsync("sh", "-c", "! pgrep -u acme; ! id acme");
    }

    private static async Task<BackgroundCommand> SleepAsync(LightHost host, string user)
    {
        var process = host.Start("setpriv", "--reuid", await host.MustAsync("id", "-u", user), "--clear-groups", "sleep", "infinity");
        await WaitAsync(host, $"pgrep -u {user} sleep");
        return process;
    }

    private static async Task WaitAsync(TestHost host, string condition)
    {
        for (var attempt = 0; (await host.RunAsync("sh", "-c", condition)).ExitCode != 0; attempt++)
            Assert.True(attempt < 200, $"{condition} did not come true");
    }

    private async Task<LightHost> FreshAsync(string prepare)
    {
        var host = await hosts.GetAsync("h1");
        await host.RunAsync("sh", "-c", "for each in $(grep ^acme /etc/passwd | cut -d: -f1); do userdel -rf $each; done; for each in $(grep ^acme /etc/group | cut -d: -f1); do groupdel $each; done; rm -rf /home/acme* /srv/acme*");
        await host.ShellAsync(prepare);
        return host;
    }
}
