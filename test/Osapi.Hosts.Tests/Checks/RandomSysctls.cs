using Osapi.Operations.Sysctl;

namespace Osapi.Hosts.Tests.Checks;

/// <summary>Kernel settings of the network, each of its own, with files of the agent and of others.</summary>
internal sealed class RandomSysctls(Random random) : RandomKinds(random)
{
    /// <summary>Lines of shell that remove the files of the plan before.</summary>
    public const string Clearing = "rm -f /etc/sysctl.d/90-osapi-*.conf /etc/sysctl.d/99-random-*.conf";

    /// <summary>Lines of shell that print what the operations could write outside of /etc.</summary>
    public const string Listing = $"sysctl {Single} {Several} {Deleted}";

    private const string Single = "net.ipv4.conf.default.log_martians", Several = "net.ipv4.tcp_rmem", Deleted = "net.ipv4.conf.default.arp_announce", Protected = "kernel.panic", Unknown = "net.bridge.none";

    public override IReadOnlyList<Func<IEnumerable<RandomTask>>> Kinds => [() => Update(Single, "0", "1"), () => Update(Several, "4096 131072 6291456", "4096 65536 6291456"), Refused, Delete];

    private IEnumerable<RandomTask> Update(string key, string one, string other)
    {
        var (state, lines) = State(key, one, other);
        UpdateSysctl request = new()
        {
            Key = Once(3) ? key.Replace('.', '/') : key,
            Value = Pick(one, other),
            Runtime = Once(4) ? false : null,
            Force = OnceTrue(3),
        };
        return [After(state, lines, SysctlOperations.Update, request.Runtime is null && Once(4) ? request with { Persistent = false } : request)];
    }

    // Hosts of the tests cannot change settings of the whole machine, and do not know all keys.
    private IEnumerable<RandomTask> Refused()
    {
        var key = Pick(Protected, Unknown);
        var lines = Pick("true", Own(key, "1"));
        return [After(lines, lines, SysctlOperations.Update, new() { Key = key, Value = "1", IgnoreUnknown = OnceTrue(2), Runtime = Once(3) ? false : null })];
    }

    private IEnumerable<RandomTask> Delete()
    {
        var (state, lines) = State(Deleted, "0", "1");
        return [After(state, lines, SysctlOperations.Delete, new() { Key = Deleted, Restore = Once(2) ? (SysctlValue)Pick("0", "1") : null })];
    }

    private (string State, string Lines) State(string key, string one, string other)
    {
        var lines = string.Join("; ", $"sysctl -qw '{key}={Pick(one, other)}'", Pick("true", Own(key, one), Own(key, other), $"echo '{key} = {one}' > {Path(key)}"), Pick("true", "true", $"echo '{key} = {Pick(one, other)}' > /etc/sysctl.d/99-random-{key}.conf"));
        return (lines, lines);
    }

    private static string Path(string key) => $"/etc/sysctl.d/90-osapi-{key}.conf";

    private static string Own(string key, string value) => $"printf '%s\\n' '# Written by osapi for sysctl.value.update. Changes made by hand are overwritten.' '{key} = {value}' > {Path(key)}";
}
