using System.Reflection;

namespace Osapi.Hosts.Tests.Documentation;

/// <summary>The program that the examples run: the published executable when OSAPI_BIN names it, else the one that was built with the tests.</summary>
internal static class Programs
{
    public static string Osapi { get; } = Environment.GetEnvironmentVariable("OSAPI_BIN") is { Length: > 0 } published
        ? published
        : Path.Combine(Value("Artifacts"), "bin", "Osapi.Cli", Value("Configuration").ToLowerInvariant(), "osapi");

    /// <summary>The directory of the repository.</summary>
    public static string Repository { get; } = Path.GetFullPath(Path.Combine(Value("Artifacts"), ".."));

    private static string Value(string key) => typeof(Programs).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(attribute => attribute.Key == key).Value!;
}
