using System.Text.Json;
using Osapi.Hosts.Tests.Hosts;
using Osapi.Operations;
using Osapi.Operations.Users;

namespace Osapi.Hosts.Tests.Users;

/// <summary>Tests of the creation and the change of accounts, with the tools of a real host.</summary>
[Collection("hosts, one class after the other")]
public sealed class UserAccountTests(LightHosts hosts) : IClassFixture<LightHosts>
{
    [Fact]
    public async Task A_new_account_has_a_home_a_group_and_no_password_and_is_listed()
    {
        var host = await FreshAsync();

        var reply = await host.StepAsync(UserOperations.Update, new() { Name = "acme" }, changes: true);
        var account = Assert.Single((await host.ResultAsync(UserOperations.List, new() { Name = "acme" })).Users);
        var found = await host.ResultAsync(UserOperations.Get, new() { Name = "acme" });

        Assert.Equal("""["missing"]""", reply.Result!.Value.GetProperty("differences").GetRawText());
        Assert.Equal("""{"home":"/home/acme","create_home":true}""", reply.Check!.After!.Value.GetRawText());
        Assert.Equal(account with { Groups = [] }, found with { Groups = [] });
        Assert.Equal(("acme", "acme", "/home/acme", true, PasswordState.Locked, false, true), (account.Name, account.Group, account.Home, account.Locked, account.Password, account.System, account.Local));
        Assert.Equal(await host.MustAsync("id", "-u", "acme"), account.Uid.ToString(System.Globalization.CultureInfo.InvariantCulture));
        Assert.Equal("acme acme", await host.MustAsync("stat", "-c", "%U %G", "/home/acme"));
        Assert.Equal("acme", await host.MustAsync("su", "acme", "-c", "id -un"));
    }

    [Fact]
    public async Task An_account_of_the_system_has_a_low_number_and_no_home()
    {
        var host = await FreshAsync();

        await host.StepAsync(UserOperations.Update, new() { Name = "acme", System = true, Shell = "/usr/sbin/nologin" }, changes: true);
        await host.StepAsync(UserOperations.Update, new() { Name = "acme", System = true, CreateHome = true }, changes: false);

        var account = await host.ResultAsync(UserOperations.Get, new() { Name = "acme" });
        Assert.True(account is { System: true, Uid: < 1000, Shell: "/usr/sbin/nologin" });
        await host.MustAsync("test", "!", "-e", "/home/acme");
        Assert.Contains(account.Name, (await host.ResultAsync(UserOperations.List, new() { System = true })).Users.Select(user => user.Name));
        Assert.DoesNotContain(account.Name, (await host.ResultAsync(UserOperations.List, new() { System = false })).Users.Select(user => user.Name));
    }

    [Fact]
    public async Task Groups_are_added_and_taken_away_only_when_that_is_said()
    {
        var host = await FreshAsync("groupadd acme-one; groupadd acme-two; useradd -G acme-one acme");

        var reply = await host.StepAsync(UserOperations.Update, new() { Name = "acme", Groups = ["acme-two"] }, changes: true);
        await host.StepAsync(UserOperations.Update, new() { Name = "acme", Groups = ["acme-one"] }, changes: false);
        Assert.Equal("""{"groups":["acme-one","acme-two"]}""", reply.Check!.After!.Value.GetRawText());
        await host.StepAsync(UserOperations.Update, new() { Name = "acme", Groups = ["acme-two"], GroupsExclusive = true }, changes: true);
        Assert.Equal("acme acme-two", await host.MustAsync("id", "-Gn", "acme"));
        // The primary group is one of the groups already.
        await host.StepAsync(UserOperations.Update, new() { Name = "acme", Groups = ["acme", "acme-two"] }, changes: false);
        await host.StepAsync(UserOperations.Update, new() { Name = "acme", Groups = [], GroupsExclusive = true }, changes: true);
        Assert.Equal("acme", await host.MustAsync("id", "-Gn", "acme"));
    }

    [Fact]
    public async Task Everything_that_is_missing_is_listed_at_once()
    {
        var host = await FreshAsync();

        await host.RefusedAsync(
            UserOperations.Update,
            new() { Name = "acme", Group = "acme-none", Groups = ["acme-no", "daemon"], Shell = "/bin/acme", Skeleton = "/etc/acme" },
            ErrorType.NotFound,
            "group: there is no group acme-none on this host; groups: there is no group acme-no on this host; shell: there is no file /bin/acme on this host; skeleton: there is no directory /etc/acme on this host");
        await host.RefusedAsync(UserOperations.Update, new() { Name = "acme", Home = "/srv/none/acme" }, ErrorType.NotFound, "home: the directory /srv/none does not exist");
        await host.RefusedAsync(UserOperations.Get, new() { Name = "acme" }, ErrorType.NotFound, "there is no user acme on this host");
    }

    [Fact]
    public async Task A_number_or_a_name_that_is_taken_is_a_conflict_that_names_its_holder()
    {
        var host = await FreshAsync("useradd -u 4100 acme");

        await host.RefusedAsync(UserOperations.Update, new() { Name = "acme-two", Uid = 4100 }, ErrorType.Conflict, "the number 4100 is that of the user acme");
        await host.RefusedAsync(UserOperations.Update, new() { Name = "acme", Uid = 0 }, ErrorType.Conflict, "the number 0 is that of the user root");
        await host.RefusedAsync(UserOperations.Update, new() { Name = "Acme-two" }, ErrorType.Invalid, "a new one must have a name without capital letters");
    }

    [Fact]
    public async Task A_group_of_the_same_name_becomes_the_primary_group()
    {
        var host = await FreshAsync("groupadd -g 4300 acme");

        await host.StepAsync(UserOperations.Update, new() { Name = "acme" }, changes: true);

        Assert.Equal("4300", await host.MustAsync("id", "-g", "acme"));
    }

    [Fact]
    public async Task A_home_moves_only_when_that_is_said_and_never_over_another_one()
    {
        var host = await FreshAsync("useradd -m acme; mkdir /home/acme-two; echo one > /home/acme/file");

        await host.RefusedAsync(UserOperations.Update, new() { Name = "acme", Home = "/home/acme-two", MoveHome = true }, ErrorType.Conflict, "/home/acme-two exists already");
        await host.StepAsync(UserOperations.Update, new() { Name = "acme", Home = "/home/acme-two" }, changes: true);
        await host.RefusedAsync(UserOperations.Update, new() { Name = "acme", Home = "/home/acme-three", MoveHome = true }, ErrorType.Conflict, "/home/acme-two is not a directory of the user");
        await host.StepAsync(UserOperations.Update, new() { Name = "acme", Home = "/home/acme" }, changes: true);
        await host.StepAsync(UserOperations.Update, new() { Name = "acme", Home = "/home/acme-three", MoveHome = true }, changes: true);
        Assert.Equal("one", await host.MustAsync("cat", "/home/acme-three/file"));
        await host.ShellAsync("rm -r /home/acme-three");
        await host.RefusedAsync(UserOperations.Update, new() { Name = "acme", Home = "/home/acme", MoveHome = true }, ErrorType.Conflict, "the home directory /home/acme-three does not exist");
    }

    [Fact]
    public async Task A_home_that_exists_or_that_others_could_exchange_is_refused()
    {
        var host = await FreshAsync("mkdir /home/acme; useradd -m acme-two; ln -s /etc /home/acme-two/link; ln -s /home/acme-two /srv/acme");

        await host.RefusedAsync(UserOperations.Update, new() { Name = "acme" }, ErrorType.Conflict, "/home/acme exists and belongs to root (create_home: false leaves it as it is)");
        await host.RefusedAsync(UserOperations.Update, new() { Name = "acme", Home = "/home/acme-two/acme" }, ErrorType.Conflict, "other users can change /home/acme-two");
        await host.RefusedAsync(UserOperations.Update, new() { Name = "acme", Home = "/home/acme-two/link/acme" }, ErrorType.Conflict, "/home/acme-two");
        await host.RefusedAsync(UserOperations.Update, new() { Name = "acme", Home = "/srv/acme/acme" }, ErrorType.Conflict, "other users can change /home/acme-two");
        await host.RefusedAsync(UserOperations.Update, new() { Name = "acme", Home = "/tmp/acme" }, ErrorType.Conflict, "other users can change /tmp");
        await host.StepAsync(UserOperations.Update, new() { Name = "acme", CreateHome = false }, changes: true);
    }

    [Fact]
    public async Task A_number_does_not_change_under_running_processes()
    {
        var host = await FreshAsync("useradd -m acme");
        await using var process = host.Start("setpriv", "--reuid", await host.MustAsync("id", "-u", "acme"), "--clear-groups", "sleep", "infinity");
        await WaitAsync(host, "pgrep -u acme sleep");

        await host.RefusedAsync(UserOperations.Update, new() { Name = "acme", Uid = 4100, Home = "/srv/acme" }, ErrorType.Conflict, "uid and home cannot change while processes run as acme: sleep (pid ");
        await host.StepAsync(UserOperations.Update, new() { Name = "acme", Comment = "busy" }, changes: true);
    }

    [Fact]
    public async Task A_password_is_in_no_process_list_and_in_no_answer()
    {
        var host = await FreshAsync("printf '#!/bin/sh\\ncat > /run/in; for each in /proc/[0-9]*; do tr \"\\\\0\" \" \" < $each/cmdline; cat $each/environ; done > /run/all; exec /usr/sbin/chpasswd \"$@\" < /run/in\\n' > /usr/local/sbin/chpasswd; chmod 755 /usr/local/sbin/chpasswd");

        var created = await host.StepAsync(UserOperations.Update, new() { Name = "acme", PasswordHash = AccountFixture.Hash, Expires = "2031-02-03" }, changes: true);
        var changed = await host.StepAsync(UserOperations.UpdatePassword, new() { Name = "acme", PasswordHash = AccountFixture.OtherHash }, changes: true);
        await host.ShellAsync("rm /usr/local/sbin/chpasswd");

        Assert.Equal(AccountFixture.OtherHash, await host.FieldAsync("/etc/shadow", "acme", 2));
        Assert.Contains("chpasswd", await host.MustAsync("cat", "/run/all"), StringComparison.Ordinal);
        Assert.DoesNotContain("acmeacme", await host.MustAsync("cat", "/run/all"), StringComparison.Ordinal);
        Assert.DoesNotContain("acmeacme", $"{created.Result}{created.Check!.After}{changed.Result}{changed.Check!.After}", StringComparison.Ordinal);
        Assert.Equal("""{"password":"differs"}""", changed.Check.After!.Value.GetRawText());
        Assert.Equal("2031-02-03", (await host.ResultAsync(UserOperations.Get, new() { Name = "acme" })).Expires);
    }

    [Fact]
    public async Task A_password_of_the_user_stays_with_on_create()
    {
        var host = await FreshAsync();
        UpdateUser request = new() { Name = "acme", PasswordHash = AccountFixture.Hash, PasswordWhen = PasswordPolicy.OnCreate };

        await host.StepAsync(UserOperations.Update, request, changes: true);
        await host.ShellAsync($"echo 'acme:{AccountFixture.OtherHash}' | chpasswd -e");
        await host.StepAsync(UserOperations.Update, request, changes: false);
        await host.StepAsync(UserOperations.Update, request with { PasswordWhen = PasswordPolicy.Always }, changes: true);

        Assert.Equal(AccountFixture.Hash, await host.FieldAsync("/etc/shadow", "acme", 2));
    }

    [Fact]
    public async Task A_lock_keeps_the_password_and_a_password_keeps_the_lock()
    {
        var host = await FreshAsync();
        UpdateUser request = new() { Name = "acme" };

        await host.RefusedAsync(UserOperations.Update, request with { Locked = false }, ErrorType.Conflict, "a new account has no password to unlock");
        await host.StepAsync(UserOperations.Update, request with { PasswordHash = AccountFixture.Hash, Locked = true }, changes: true);
        Assert.Equal("!" + AccountFixture.Hash, await host.FieldAsync("/etc/shadow", "acme", 2));
        await host.StepAsync(UserOperations.UpdatePassword, new() { Name = "acme", PasswordHash = AccountFixture.OtherHash }, changes: true);
        await host.StepAsync(UserOperations.UpdatePassword, new() { Name = "acme", PasswordHash = AccountFixture.OtherHash }, changes: false);
        Assert.Equal("!" + AccountFixture.OtherHash, await host.FieldAsync("/etc/shadow", "acme", 2));
        await host.StepAsync(UserOperations.Update, request with { Locked = false }, changes: true);
        await host.StepAsync(UserOperations.Update, request with { Locked = false, PasswordHash = AccountFixture.OtherHash }, changes: false);
        Assert.Equal(AccountFixture.OtherHash, await host.FieldAsync("/etc/shadow", "acme", 2));
        await host.StepAsync(UserOperations.Update, request with { PasswordHash = "!" }, changes: true);
        await host.StepAsync(UserOperations.Update, request with { PasswordHash = "!" }, changes: false);
        await host.RefusedAsync(UserOperations.Update, request with { Locked = false }, ErrorType.Conflict, "acme has no password to unlock");
        await host.StepAsync(UserOperations.Update, request with { PasswordHash = "*" }, changes: true);
        Assert.Equal("*", await host.FieldAsync("/etc/shadow", "acme", 2));
    }

    [Fact]
    public async Task A_change_of_the_password_records_its_day_and_the_user_can_be_told_to_choose_another()
    {
        var host = await FreshAsync("useradd acme; chage -d 2001-01-01 acme");

        await host.StepAsync(UserOperations.UpdatePassword, new() { Name = "acme", PasswordHash = AccountFixture.Hash }, changes: true);
        Assert.Equal(await host.ShellAsync("echo $(($(date +%s) / 86400))"), await host.FieldAsync("/etc/shadow", "acme", 3));
        await host.StepAsync(UserOperations.UpdatePassword, new() { Name = "acme", PasswordHash = AccountFixture.Hash, MustChange = true, MaxDays = 60 }, changes: true);
        Assert.Equal("0", await host.FieldAsync("/etc/shadow", "acme", 3));
        await host.StepAsync(UserOperations.UpdatePassword, new() { Name = "acme", PasswordHash = AccountFixture.Hash, MustChange = false }, changes: true);
        await host.StepAsync(UserOperations.UpdatePassword, new() { Name = "acme", PasswordHash = AccountFixture.Hash, MustChange = false, MaxDays = 60 }, changes: false);
        await host.RefusedAsync(UserOperations.UpdatePassword, new() { Name = "acme-none", PasswordHash = AccountFixture.Hash }, ErrorType.NotFound, "there is no user acme-none");
    }

    [Fact]
    public async Task Files_that_another_program_has_locked_are_unavailable_and_nothing_has_changed()
    {
        var host = await FreshAsync("sleep 60 > /dev/null 2>&1 & echo $! > /etc/passwd.lock");
        var before = await host.AccountsAsync();

        var reply = await host.ExecuteAsync(UserOperations.Update, new() { Name = "acme" });
        var after = await host.AccountsAsync();
        await host.ShellAsync("kill $(cat /etc/passwd.lock); rm /etc/passwd.lock");

        Assert.Equal((ErrorType.Unavailable, false), (reply.ErrorType, reply.Changed));
        Assert.StartsWith("another program has the accounts of this host locked: useradd: existing lock file /etc/passwd.lock", reply.Error, StringComparison.Ordinal);
        Assert.Equal(before, after);
        await host.StepAsync(UserOperations.Update, new() { Name = "acme" }, changes: true);
    }

    [Fact]
    public async Task Agents_that_change_accounts_at_the_same_time_wait_for_each_other()
    {
        var host = await FreshAsync();

        var replies = await Task.WhenAll(Enumerable.Range(1, 4).Select(async number =>
        {
            await using var agent = host.StartAgent();
            return await agent.ExecuteAsync(number % 2 == 0 ? "user.account.update" : "group.account.update", JsonElement.Parse($$"""{"name":"acme-{{number}}"}"""), check: false, TestContext.Current.CancellationToken);
        }));

        Assert.All(replies, reply => Assert.Equal((Outcome.Ok, null, true), (reply.Outcome, reply.Error, reply.Changed)));
        await host.MustAsync("pwck", "-rq");
    }

    [Fact]
    public async Task An_agent_that_is_not_root_reads_accounts_without_passwords_and_changes_none()
    {
        var host = await FreshAsync("useradd acme");
        await using var agent = host.StartUnprivilegedAgent();

        var read = await agent.ExecuteAsync("user.account.get", JsonElement.Parse("""{"name":"acme"}"""), check: false, TestContext.Current.CancellationToken);
        var changed = await agent.ExecuteAsync("user.account.update", JsonElement.Parse("""{"name":"acme","comment":"x"}"""), check: false, TestContext.Current.CancellationToken);

        Assert.Equal(Outcome.Ok, read.Outcome);
        Assert.False(read.Result!.Value.TryGetProperty("password", out _));
        Assert.Equal((ErrorType.Unavailable, "/etc/shadow cannot be read: users and groups can only be changed by an agent that runs as root"), (changed.ErrorType, changed.Error));
    }

    [Fact]
    public async Task A_host_without_the_tools_is_unavailable_and_the_package_is_named()
    {
        var host = await FreshAsync("useradd acme-two; mv /usr/sbin/useradd /usr/sbin/usermod /usr/sbin/chpasswd /run");
        var created = await host.ExecuteAsync(UserOperations.Update, new() { Name = "acme" });
        var changed = await host.ExecuteAsync(UserOperations.Update, new() { Name = "acme-two", Comment = "x" });
        var password = await host.ExecuteAsync(UserOperations.UpdatePassword, new() { Name = "acme-two", PasswordHash = AccountFixture.Hash });
        await host.ShellAsync("mv /run/useradd /run/usermod /run/chpasswd /usr/sbin");

        Assert.Equal((ErrorType.Unavailable, "there is no useradd on this host: operations on users and groups need the package passwd (shadow-utils)", false), (created.ErrorType, created.Error, created.Changed));
        Assert.Equal((ErrorType.Unavailable, "there is no usermod on this host: operations on users and groups need the package passwd (shadow-utils)"), (changed.ErrorType, changed.Error));
        Assert.Equal((ErrorType.Unavailable, "there is no chpasswd on this host: operations on users and groups need the package passwd (shadow-utils)"), (password.ErrorType, password.Error));
    }

    [Fact]
    public async Task A_failure_after_the_account_was_made_says_so_and_the_next_run_ends_it()
    {
        var host = await FreshAsync("mv /usr/sbin/chpasswd /run/chpasswd");
        UpdateUser request = new() { Name = "acme", PasswordHash = AccountFixture.Hash, PasswordWhen = PasswordPolicy.OnCreate };

        var half = await host.ExecuteAsync(UserOperations.Update, request);
        await host.ShellAsync("mv /run/chpasswd /usr/sbin");
        await host.StepAsync(UserOperations.Update, request, changes: true);

        Assert.Equal((Outcome.Failed, ErrorType.Unavailable, true), (half.Outcome, half.ErrorType, half.Changed));
        Assert.Equal("acme", half.Result!.Value.GetProperty("name").GetString());
        Assert.Equal(AccountFixture.Hash, await host.FieldAsync("/etc/shadow", "acme", 2));
    }

    private async Task<LightHost> FreshAsync(string prepare = "true")
    {
        var host = await hosts.GetAsync("h1");
        await host.RunAsync("sh", "-c", "for each in $(grep ^acme /etc/passwd | cut -d: -f1); do userdel -rf $each; done; for each in $(grep ^acme /etc/group | cut -d: -f1); do groupdel $each; done; rm -rf /home/acme* /srv/acme* /run/in /run/all /etc/passwd.lock");
        await host.ShellAsync(prepare);
        return host;
    }

    private static async Task WaitAsync(TestHost host, string condition)
    {
        for (var attempt = 0; (await host.RunAsync("sh", "-c", condition)).ExitCode != 0; attempt++)
            Assert.True(attempt < 200, $"{condition} did not come true");
    }
}
