using System.Reflection;

namespace Osapi.Fleet.Tests.Running;

/// <summary>The program under test: the published executable when OSAPI_BIN names it, else the one that was built with the tests.</summary>
internal static class Programs
{
    public static string Osapi { get; } = Environment.GetEnvironmentVariable("OSAPI_BIN") is { Length: > 0 } published
        ? Path.GetFullPath(published)
        : Path.Combine(Value("Artifacts"), "bin", "Osapi.Cli", Value("Configuration").ToLowerInvariant(), "osapi");

    /// <summary>The directory of the programs' output.</summary>
    public static string Logs { get; } = Path.Combine(Value("Artifacts"), "fleet-logs");

    private static string Value(string key) => typeof(Programs).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(attribute => attribute.Key == key).Value!;
}
