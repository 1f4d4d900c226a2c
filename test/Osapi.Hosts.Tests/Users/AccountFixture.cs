using Osapi.Hosts.Tests.Hosts;
using Osapi.Operations;

namespace Osapi.Hosts.Tests.Users;

/// <summary>Accounts on a host that is discarded afterwards.</summary>
internal static class AccountFixture
{
    /// <summary>Two hashes of passwords that nobody knows.</summary>
    public const string Hash = "$5$acmeacme$Kvr1Y0Ln5A4nqV6RKJbVb9FfDhkxOqP9q7p2YsEz6I1", OtherHash = "$5$acmeacme$1vr1Y0Ln5A4nqV6RKJbVb9FfDhkxOqP9q7p2YsEz6I2";

    private const string State = "cd /etc; sha256sum passwd group shadow gshadow subuid subgid; find /home /srv /opt /var/mail /root/.ssh -printf '%p %y %m %U %G %s %T@ %l\\n' 2>/dev/null | sort; ls -i /etc/passwd /etc/shadow /etc/group";

    /// <summary>Gets everything that the operations could change.</summary>
    public static Task<string> AccountsAsync(this TestHost host) => host.MustAsync("sh", "-c", State);

    public static Task<string> ShellAsync(this TestHost host, string line) => host.MustAsync("sh", "-c", line);

    /// <summary>Gets a field of a line of a file, from 1.</summary>
    public static Task<string> FieldAsync(this TestHost host, string file, string name, int field) => host.ShellAsync($"grep '^{name}:' {file} | cut -d: -f{field}");

    /// <summary>Checks and runs: the check says what the run does, and changes nothing.</summary>
    public static async Task<HostReply> StepAsync<TRequest, TResult>(this TestHost host, Operation<TRequest, TResult> operation, TRequest request, bool changes)
        where TRequest : notnull
        where TResult : notnull
    {
        var before = await host.AccountsAsync();
        var check = await host.ExecuteAsync(operation, request, check: true);
        Assert.Equal((Outcome.Ok, null, changes), (check.Outcome, check.Error, check.Check?.Changed));
        Assert.Equal(before, await host.AccountsAsync());
        var entry = await host.ExecuteAsync(operation, request);
        Assert.Equal((Outcome.Ok, null, changes), (entry.Outcome, entry.Error, entry.Changed));
        Assert.Equal(changes, before != await host.AccountsAsync());
        return entry with { Check = check.Check };
    }

    /// <summary>Requires a refusal, by the run and by the check, that changes nothing.</summary>
    public static async Task<string> RefusedAsync<TRequest, TResult>(this TestHost host, Operation<TRequest, TResult> operation, TRequest request, ErrorType type, string text)
        where TRequest : notnull
        where TResult : notnull
    {
        var before = await host.AccountsAsync();
        var check = await host.ExecuteAsync(operation, request, check: true);
        var entry = await host.ExecuteAsync(operation, request);
        Assert.Equal((Outcome.Failed, type, false), (entry.Outcome, entry.ErrorType, entry.Changed));
        Assert.Contains(text, entry.Error, StringComparison.Ordinal);
        Assert.Equal((type, entry.Error), (check.ErrorType, check.Error));
        Assert.Equal(before, await host.AccountsAsync());
        return entry.Error!;
    }
}
