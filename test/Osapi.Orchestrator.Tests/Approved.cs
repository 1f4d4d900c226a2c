using System.Runtime.CompilerServices;

namespace Osapi.Orchestrator.Tests;

/// <summary>Compares a text with a checked-in file; a change of the file is reviewed.</summary>
internal static class Approved
{
    /// <summary>
    /// Compares a text with <c>Approved/[name].txt</c> of this project. With OSAPI_APPROVE=1 the file is written
    /// instead.
    /// </summary>
    public static void Match(string text, [CallerMemberName] string name = "")
    {
        var path = Path.Combine(Root(), "test", typeof(Approved).Assembly.GetName().Name!, "Approved", name + ".txt");
        var actual = text.ReplaceLineEndings("\n").TrimEnd() + "\n";
        if (Environment.GetEnvironmentVariable("OSAPI_APPROVE") == "1")
            File.WriteAllText(path, actual);
        Assert.Equal(File.Exists(path) ? File.ReadAllText(path) : "", actual);
    }

    private static string Root()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "Osapi.slnx")))
            folder = Path.GetDirectoryName(folder) ?? throw new DirectoryNotFoundException("The tests run outside of the repository.");
        return folder;
    }
}
