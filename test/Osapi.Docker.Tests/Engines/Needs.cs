namespace Osapi.Docker.Tests.Engines;

/// <summary>The requirements of this suite. Without them tests are skipped with a message, and in CI they fail.</summary>
internal static class Needs
{
    private static readonly string[] Directories = [.. (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':'), "/usr/sbin", "/sbin"];

    /// <summary>Skips the test, with a message, when one of these programs is missing.</summary>
    public static void Check(params string[] programs)
    {
        var missing = Environment.UserName != "root" ? "an engine of its own needs root"
            : programs.Where(program => !Directories.Any(directory => File.Exists(Path.Combine(directory, program)))).ToList() is { Count: > 0 } absent ? $"there is no {string.Join(", ", absent)}"
            : null;
        if (missing is null)
            return;
        if (Environment.GetEnvironmentVariable("CI") == "true")
            Assert.Fail($"In CI nothing may be left out: {missing}");
        Assert.Skip($"NOT TESTED with a real engine: {missing}");
    }
}
