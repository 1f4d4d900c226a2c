using System.Diagnostics;
using Osapi.Operations.Files;
using Osapi.Operations.Json;

namespace Osapi.Agent.Tests.Files.Paths;

/// <summary>Tests of symbolic modes, against the machine's own chmod.</summary>
public sealed class ModeChangeTests : FileTest
{
    [Fact]
    public void It_computes_what_chmod_does()
    {
        Random random = new(7);
        string[] texts = ["u=rwX,go-w", "a-x,u=rwX,g=rX,o=", "u+s,g-s", "o=,g+X", "a=rX", "ug+rw-x", "o+t", "a+t,o-t", "u=s", "g=s", "a=", "u-s+x", "go=rx-w", .. Enumerable.Range(0, 60).Select(_ => Random(random))];
        Directory.CreateDirectory(fixture.PathOf("directory"));
        fixture.Write("file", "x");

        foreach (var text in texts)
            foreach (var name in (string[])["file", "directory"])
                for (var round = 0; round < 3; round++)
                {
                    var before = random.Next(0x1000);
                    File.SetUnixFileMode(fixture.PathOf(name), (UnixFileMode)before);
                    Chmod(text, fixture.PathOf(name));
                    var expected = (int)File.GetUnixFileMode(fixture.PathOf(name));
                    var actual = ((ModeChange)text).Apply(before, name == "directory");
                    Assert.True(expected == actual, $"chmod {text} of {name} {OctalMode.Format(before)}: {OctalMode.Format(expected)}, not {OctalMode.Format(actual)}");
                }
    }

    [Theory]
    [InlineData("u=rwX,go-w", true)]
    [InlineData("a-x,u=rwX,g=rX,o=", true)]
    [InlineData("0644", true)]
    [InlineData("u+x,o+X", true)]
    [InlineData("o+X,u+x", false)]
    public void A_mode_that_would_change_again_is_known(string text, bool isStable) => Assert.Equal(isStable, ((ModeChange)text).IsStable);

    [Theory]
    [InlineData("0644", false)]
    [InlineData("7", false)]
    [InlineData("u=rwX,go-w", true)]
    [InlineData("a+x-w", true)]
    [InlineData("o=", true)]
    public void It_may_be(string text, bool isSymbolic) => Assert.Equal(isSymbolic, ((ModeChange)text).IsSymbolic);

    [Theory]
    [InlineData("")]
    [InlineData("0999")]
    [InlineData("000644")]
    [InlineData("+x")]
    [InlineData("u")]
    [InlineData("u=g")]
    [InlineData("u=rw,")]
    [InlineData("rw-r--r--")]
    [InlineData("u=rw go=r")]
    public void It_may_not_be(string text) => Assert.Null(Text.TryParse<ModeChange>(text));

    private static string Random(Random random) => string.Join(',', Enumerable.Range(0, random.Next(1, 4)).Select(_ =>
        Some(random, "ugoa", 1, 3) + string.Concat(Enumerable.Range(0, random.Next(1, 3)).Select(_ => Some(random, "+-=", 1, 1) + Some(random, "rwxXst", 0, 4)))));

    private static string Some(Random random, string from, int least, int most) => new(random.GetItems(from.ToCharArray(), random.Next(least, most + 1)));

    private static void Chmod(string mode, string path)
    {
        using var process = Process.Start("chmod", [mode, "--", path]);
        process.WaitForExit();
        Assert.Equal(0, process.ExitCode);
    }
}
