using System.Reflection;

namespace Osapi.Tests;

/// <summary>Compares a text with the approved file beside the tests. OSAPI_APPROVE=1 writes the file instead.</summary>
internal static class Approved
{
    private static readonly string Directory = typeof(Approved).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
        .Single(attribute => attribute.Key == "ProjectDirectory").Value!;

    public static void Match(string text, string fileName)
    {
        var path = Path.Combine(Directory, fileName);
        var received = text.ReplaceLineEndings("\n").TrimEnd('\n') + "\n";
        if (Environment.GetEnvironmentVariable("OSAPI_APPROVE") == "1")
            File.WriteAllText(path, received);

        var approved = File.Exists(path) ? File.ReadAllText(path).ReplaceLineEndings("\n") : "";
        if (approved != received)
            Assert.Fail($"{fileName} is not what was approved; if it should be, run the tests with OSAPI_APPROVE=1.\n{Difference(approved, received)}");
    }

    private static string Difference(string approved, string received)
    {
        var (old, now) = (approved.Split('\n'), received.Split('\n'));
        var line = Enumerable.Range(0, Math.Max(old.Length, now.Length)).First(i => old.ElementAtOrDefault(i) != now.ElementAtOrDefault(i));
        return $"line {line + 1}\n- {old.ElementAtOrDefault(line)}\n+ {now.ElementAtOrDefault(line)}";
    }
}
