namespace Osapi.Docs.Tests;

/// <summary>The C# on the pages compiles against the product as it is.</summary>
public sealed class CSharpSampleTests
{
    public static TheoryData<string> Samples => [.. Page.All.SelectMany(page => page.Samples("csharp")).Where(sample => !sample.IsFile).Select(sample => sample.ToString())];

    [Theory, MemberData(nameof(Samples))]
    public void A_sample_compiles(string place)
    {
        var sample = Page.All.SelectMany(page => page.Samples("csharp")).Single(sample => sample.ToString() == place);

        Assert.Equal("", Errors(sample));
    }

    [Fact]
    public void A_sample_that_uses_what_is_not_there_is_noticed()
    {
        Sample sample = new(Page.All[0], 1, "using Osapi.Orchestrator;\nnew Plan(null).Explode();", Given: null);

        Assert.Contains("Explode", Errors(sample), StringComparison.Ordinal);
    }

    private static string Errors(Sample sample) => string.Join('\n', Compiler.ErrorsOf(Program(sample)));

    // The using lines go first, then what is given, as parameters of a function around the sample.
    private static string Program(Sample sample)
    {
        var lines = sample.Text.Split('\n');
        var usings = lines.Where(IsImport).Concat(sample.Given?.Split(';').Select(part => part.Trim()).Where(IsImport).Select(part => part + ";") ?? []);
        var given = string.Join(", ", sample.Given?.Split(';').Select(part => part.Trim()).Where(part => part.Length > 0 && !IsImport(part)) ?? []);
        var text = string.Join('\n', lines.Where(line => !IsImport(line)));
        return $"{string.Join('\n', usings)}\nstatic async Task SampleAsync({given})\n{{\nawait Task.CompletedTask;\n{text}\n}}\nawait Task.CompletedTask; Action unused = () => {{ var sample = SampleAsync; }};";
    }

    private static bool IsImport(string line) => line.StartsWith("using Osapi.", StringComparison.Ordinal) || line.StartsWith("using Microsoft.", StringComparison.Ordinal) || line.StartsWith("using System", StringComparison.Ordinal);
}
