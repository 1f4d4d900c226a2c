using System.Collections.Concurrent;

namespace Osapi.Cli.Plans;

/// <summary>The environment of this process, which remembers the variables that were read.</summary>
internal sealed class ReadEnvironment
{
    private readonly ConcurrentDictionary<string, string?> read = [];

    /// <summary>Returns a variable; null when there is none.</summary>
    public string? Get(string name) => read.GetOrAdd(name, Environment.GetEnvironmentVariable);

    /// <summary>Returns the variables that were read, and others.</summary>
    public IReadOnlyDictionary<string, string> With(IEnumerable<string> names)
    {
        foreach (var name in names)
            Get(name);
        return read.Where(variable => variable.Value is not null).ToDictionary(variable => variable.Key, variable => variable.Value!);
    }
}
