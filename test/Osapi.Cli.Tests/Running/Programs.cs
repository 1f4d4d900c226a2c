using System.Reflection;

namespace Osapi.Cli.Tests.Running;

/// <summary>The programs under test: the published executable when OSAPI_BIN names it, else the one that was built with the tests.</summary>
internal static class Programs
{
    public static string Osapi { get; } = Environment.GetEnvironmentVariable("OSAPI_BIN") is { Length: > 0 } published ? published : Built("Osapi.Cli", "osapi");

    public static string QuickStart { get; } = Built("QuickStart", "QuickStart");

    public static string FileDeploy { get; } = Built("FileDeploy", "FileDeploy");

    public static string Repository { get; } = Path.GetFullPath(Path.Combine(Value("ProjectDirectory"), "..", ".."));

    /// <summary>The configuration that the tests were built with: Debug or Release.</summary>
    public static string Configuration { get; } = Value("Configuration");

    private static string Built(string project, string name) => Path.Combine(Value("Artifacts"), "bin", project, Value("Configuration").ToLowerInvariant(), name);

    private static string Value(string key) => typeof(Programs).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(attribute => attribute.Key == key).Value!;
}
