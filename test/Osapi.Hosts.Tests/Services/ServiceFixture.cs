using System.Text.Json;
using Osapi.Hosts.Tests.Hosts;
using Osapi.Operations;
using Osapi.Operations.Services;

namespace Osapi.Hosts.Tests.Services;

/// <summary>Unit files and states on a host that booted systemd.</summary>
internal static class ServiceFixture
{
    public const string Directory = "/etc/systemd/system";

    public const string Sleeping = "[Service]\nExecStart=/bin/sleep infinity\n";

    public const string Installed = Sleeping + "[Install]\nWantedBy=multi-user.target\n";

    /// <summary>Writes a unit file as an administrator would, and makes systemd read it.</summary>
    public static async Task UnitAsync(this SystemdHost host, string name, string content, string directory = Directory)
    {
        await host.WriteAsync($"{directory}/{name}", content);
        await host.MustAsync("systemctl", "daemon-reload");
    }

    /// <summary>Writes a file, without telling systemd.</summary>
    public static async Task WriteAsync(this SystemdHost host, string path, string content)
    {
        System.IO.Directory.CreateDirectory(Path.GetDirectoryName(host.Outside(path))!);
        await File.WriteAllTextAsync(host.Outside(path), content, TestContext.Current.CancellationToken);
    }

    public static async Task<string> PropertyAsync(this SystemdHost host, string unit, string property) =>
        await host.MustAsync("systemctl", "show", "--value", "--property=" + property, "--", unit);

    public static Task<string> ActiveAsync(this SystemdHost host, string unit) => host.PropertyAsync(unit, "ActiveState");

    /// <summary>Gets everything that the operations could change: files, links, and the runs of a unit.</summary>
    public static Task<string> SnapshotAsync(this SystemdHost host, string unit) => host.MustAsync(
        "sh", "-c", "find /etc/systemd /run/systemd/system -printf '%p %y %m %i %T@ %l\\n' | sort; systemctl show -p ActiveState,SubState,UnitFileState,LoadState,InvocationID,MainPID -- '" + unit + "'");

    /// <summary>Checks, runs, and checks and runs again: the check says what the run does, and changes nothing.</summary>
    public static async Task<HostReply> StepAsync<TRequest, TResult>(this SystemdHost host, Operation<TRequest, TResult> operation, TRequest request, string unit, bool? changes)
        where TRequest : notnull
        where TResult : notnull
    {
        var before = await host.SnapshotAsync(unit);
        var check = await host.ExecuteAsync(operation, request, check: true);
        Assert.Equal((Outcome.Ok, null, changes), (check.Outcome, check.Error, check.Check!.Changed));
        Assert.Equal(before, await host.SnapshotAsync(unit));
        var entry = await host.ExecuteAsync(operation, request);
        Assert.Equal((Outcome.Ok, null), (entry.Outcome, entry.Error));
        if (changes is not null)
            Assert.Equal(changes, entry.Changed);
        Assert.Equal(entry.Changed, before != await host.SnapshotAsync(unit));
        return entry;
    }

    public static ServiceChange ChangeOf(this HostReply entry) => entry.Result!.Value.Deserialize(ServiceOperations.Start.Result)!;

    /// <summary>Requires a refusal, by the run and by the check, that changes nothing.</summary>
    public static async Task<string> RefusedAsync<TRequest, TResult>(this SystemdHost host, Operation<TRequest, TResult> operation, TRequest request, string unit, ErrorType type, bool alsoInCheck = true)
        where TRequest : notnull
        where TResult : notnull
    {
        var before = await host.SnapshotAsync(unit);
        var entry = await host.ExecuteAsync(operation, request);
        Assert.Equal((Outcome.Failed, type, false), (entry.Outcome, entry.ErrorType, entry.Changed));
        if (alsoInCheck)
            Assert.Equal((type, entry.Error), await CheckAsync());
        Assert.Equal(before, await host.SnapshotAsync(unit));
        return entry.Error!;

        async Task<(ErrorType?, string?)> CheckAsync()
        {
            var check = await host.ExecuteAsync(operation, request, check: true);
            return (check.ErrorType, check.Error);
        }
    }
}
