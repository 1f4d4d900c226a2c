using Osapi.Agent.Hosts.Processes;
using Osapi.Operations;

namespace Osapi.Agent.Hosts.Restrictions;

/// <summary>The limits for the programs that callers run.</summary>
/// <remarks>
/// A list of allowed programs is a wall. A list of denied ones is a guard against mistakes, because programs start others; so a
/// shell is denied with it. A command could evade the lists of paths, users and images: with one of them only listed programs run.
/// </remarks>
internal static class CommandRestriction
{
    /// <summary>Requires that the agent's configuration allows a caller's program.</summary>
    /// <exception cref="OperationException">It is denied, or does not exist.</exception>
    public static void RequireAllowed(this Host host, ProcessRequest request)
    {
        var (allow, deny) = (host.Restrictions.Allow, host.Restrictions.Deny);
        if (allow.Commands is null && deny.Commands is null && !allow.LimitsCommands && !deny.LimitsCommands)
            return;

        var file = FileOf(request);
        if (deny.Commands?.FirstOrDefault(denied => IsSame(denied, file)) is { } listed)
            throw AgentRestrictions.Denied($"{Shown(request, file)} is a program that agent.deny.commands lists ({listed})");
        if (allow.Commands?.Any(allowed => Names(allowed, file)) == true)
            return;
        if (allow.Commands is not null)
            throw AgentRestrictions.Denied($"{Shown(request, file)} is not a program that agent.allow.commands lists");
        if (allow.LimitsCommands || deny.LimitsCommands)
            throw AgentRestrictions.Denied($"paths, users or images are limited, which a command could evade; so only programs in agent.allow.commands run, and {Shown(request, file)} is not listed");
        if (IsShell(file))
            throw AgentRestrictions.Denied($"a shell could run a program that agent.deny.commands lists; allow {file} in agent.allow.commands, or run a program without a shell");
    }

    // A relative path depends on the command's directory, which depends on the agent's.
    private static string FileOf(ProcessRequest request)
    {
        var path = request.Environment.TryGetValue("PATH", out var given) ? given : Environment.GetEnvironmentVariable("PATH");
        return Path.GetFullPath(ProgramFile.Find(request.Program, path), Path.GetFullPath(request.Directory ?? "."));
    }

    // An allowed program is allowed under its name only: a link's target may be a program with many names, such as BusyBox.
    private static bool Names(string allowed, string file) => allowed.EndsWith("/*", StringComparison.Ordinal)
        ? RealPath.Of(Machine, allowed[..^2]) == RealPath.Of(Machine, Path.GetDirectoryName(file)!)
        : RealPath.OfName(Machine, allowed) == RealPath.OfName(Machine, file);

    private static bool IsSame(string denied, string file) =>
        Names(denied, file)
        || (denied.EndsWith("/*", StringComparison.Ordinal)
            ? Path.GetDirectoryName(RealPath.Of(Machine, file)) == RealPath.Of(Machine, denied[..^2])
            : RealPath.Of(Machine, denied) == RealPath.Of(Machine, file));

    private static bool IsShell(string file)
    {
        var real = RealPath.Of(Machine, file);
        return Shells().Any(shell => RealPath.Of(Machine, shell) == real);
    }

    private static IEnumerable<string> Shells()
    {
        const int MaxShells = 1000;
        try
        {
            return [.. File.ReadLines("/etc/shells").Where(line => line.StartsWith('/')).Take(MaxShells), "/bin/sh"];
        }
        catch (IOException)
        {
            return ["/bin/sh"];
        }
    }

    private static string Shown(ProcessRequest request, string file) => request.Program == file ? file : $"{request.Program} ({file})";

    // Programs are those of this machine, also where a test prepares the files.
    private static Host Machine { get; } = new() { Name = "machine" };
}
