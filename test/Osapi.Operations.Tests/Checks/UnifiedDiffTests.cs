using System.Diagnostics;
using CsCheck;
using Osapi.Operations.Checks;

namespace Osapi.Operations.Tests.Checks;

public sealed class UnifiedDiffTests
{
    private static readonly Gen<string> Text = Gen.Select(Gen.OneOf("a\n", "b\n", "c\n", "{\n", "}\n", "\n").Array[0, 40].Select(string.Concat), Gen.OneOf("", "", "end", "x"), (lines, end) => lines + end);

    [Fact]
    public void Equal_texts_differ_in_nothing() => Assert.Equal("", UnifiedDiff.Of("a", "b", "x\n", "x\n"));

    [Fact]
    public void Has_the_format_of_diff() => Assert.Equal(
        "--- /a\n+++ /b\n@@ -2,7 +2,7 @@\n 2\n 3\n 4\n-5\n+five\n 6\n 7\n 8\n",
        UnifiedDiff.Of("/a", "/b", "1\n2\n3\n4\n5\n6\n7\n8\n9\n", "1\n2\n3\n4\nfive\n6\n7\n8\n9\n"));

    [Fact]
    public void Patch_makes_the_new_text_of_the_old_one()
    {
        var directory = Directory.CreateTempSubdirectory("osapi-diff-").FullName;
        if (Run("patch", "--version") != 0)
            Assert.Skip("NOT TESTED: diffs against patch(1), which is not installed.");
        try
        {
            Gen.Select(Text, Text).Where((before, after) => before != after).Sample((before, after) =>
            {
                var file = Path.Join(directory, "file");
                var diff = Path.Join(directory, "diff");
                File.WriteAllText(file, before);
                File.WriteAllText(diff, UnifiedDiff.Of("file", "file", before, after));

                Assert.Equal(0, Run("patch", "-s", "-F0", "-f", file, diff));

                Assert.Equal(after, File.Exists(file) ? File.ReadAllText(file) : "");
            }, iter: 100, threads: 1);
        }
        finally
        {
            Directory.Delete(directory, recursive: true);
        }
    }

    [Fact]
    public void Large_texts_that_have_little_in_common_are_replaced_as_a_whole()
    {
        var before = string.Concat(Enumerable.Range(0, 5000).Select(i => $"old {i}\n"));
        var after = string.Concat(Enumerable.Range(0, 5000).Select(i => $"new {i}\n"));

        Assert.StartsWith("--- a\n+++ b\n@@ -1,5000 +1,5000 @@\n-old 0\n", UnifiedDiff.Of("a", "b", before, after), StringComparison.Ordinal);
    }

    private static int Run(string command, params string[] arguments)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(command, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
            process.WaitForExit();
            return process.ExitCode;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return -1;
        }
    }
}
