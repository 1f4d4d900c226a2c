namespace Osapi.Agent.Hosts.Services;

/// <summary>The unit in which this agent runs.</summary>
internal static class OwnUnit
{
    /// <summary>Gets its name; null when the agent does not run in a unit of its own.</summary>
    public static string? Name { get; } = Read();

    /// <summary>Parses the control groups of a process (cgroups(7)): the last directory that is a service or scope.</summary>
    internal static string? Parse(string text) =>
        text.Split('\n').FirstOrDefault(line => line.StartsWith("0::/", StringComparison.Ordinal))?.Split('/').LastOrDefault(IsUnit)
        ?? text.Split('\n').FirstOrDefault(line => line.Contains(":name=systemd:/", StringComparison.Ordinal))?.Split('/').LastOrDefault(IsUnit);

    private static bool IsUnit(string part) => part.EndsWith(".service", StringComparison.Ordinal) || part.EndsWith(".scope", StringComparison.Ordinal);

    private static string? Read()
    {
        try
        {
            return Parse(File.ReadAllText("/proc/self/cgroup"));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
