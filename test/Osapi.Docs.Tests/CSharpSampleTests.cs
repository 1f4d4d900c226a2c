using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Osapi.Docs.Tests;

/// <summary>Tests that the C# on the pages compiles against the product.</summary>
public sealed class CSharpSampleTests
{
    // The implicit usings of a new console project.
    private const string ImplicitUsings = "global using System; global using System.Collections.Generic; global using System.IO; global using System.Linq; "
        + "global using System.Net.Http; global using System.Threading; global using System.Threading.Tasks;";

    private static readonly MetadataReference[] References =
    [
        .. ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator).Select(path => MetadataReference.CreateFromFile(path)),
    ];

    public static TheoryData<string> Samples => [.. Page.All.SelectMany(page => page.Samples("csharp")).Select(sample => sample.ToString())];

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

    private static string Errors(Sample sample)
    {
        var parsed = CSharpSyntaxTree.ParseText(Program(sample), cancellationToken: TestContext.Current.CancellationToken);
        var compilation = CSharpCompilation.Create(
            "Sample",
            [parsed, CSharpSyntaxTree.ParseText(ImplicitUsings, cancellationToken: TestContext.Current.CancellationToken)],
            References,
            new(OutputKind.ConsoleApplication, nullableContextOptions: NullableContextOptions.Enable));
        return string.Join('\n', compilation.GetDiagnostics(TestContext.Current.CancellationToken)
            .Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error));
    }

    // The using lines go first, then the given declarations, as parameters of a function around the sample.
    private static string Program(Sample sample)
    {
        var lines = sample.Text.Split('\n');
        var usings = lines.Where(IsImport).Concat(sample.Given?.Split(';').Select(part => part.Trim()).Where(IsImport).Select(part => part + ";") ?? []);
        var given = string.Join(", ", sample.Given?.Split(';').Select(part => part.Trim()).Where(part => part.Length > 0 && !IsImport(part)) ?? []);
        var text = string.Join('\n', lines.Where(line => !IsImport(line)));
        return $"{string.Join('\n', usings)}\nstatic async Task SampleAsync({given})\n{{\nawait Task.CompletedTask;\n{text}\n}}\nawait Task.CompletedTask; Action unused = () => {{ var sample = SampleAsync; }};";
    }

    private static bool IsImport(string line) => line.StartsWith("using Osapi.", StringComparison.Ordinal) || line.StartsWith("using System", StringComparison.Ordinal);
}
