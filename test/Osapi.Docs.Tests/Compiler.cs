using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Osapi.Docs.Tests;

/// <summary>Compiles programs as a new console project would, against the product as it is.</summary>
internal static class Compiler
{
    // What a new console project has without a using line.
    private const string ImplicitUsings = "global using System; global using System.Collections.Generic; global using System.IO; global using System.Linq; "
        + "global using System.Net.Http; global using System.Threading; global using System.Threading.Tasks;";

    private static readonly MetadataReference[] References =
    [
        .. ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator).Select(path => MetadataReference.CreateFromFile(path)),
    ];

    /// <summary>Gets the errors, none when the program compiles.</summary>
    public static IReadOnlyList<Diagnostic> ErrorsOf(string program)
    {
        var token = TestContext.Current.CancellationToken;
        var compilation = CSharpCompilation.Create(
            "Sample",
            [CSharpSyntaxTree.ParseText(program, cancellationToken: token), CSharpSyntaxTree.ParseText(ImplicitUsings, cancellationToken: token)],
            References,
            new(OutputKind.ConsoleApplication, nullableContextOptions: NullableContextOptions.Enable));
        return [.. compilation.GetDiagnostics(token).Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error)];
    }
}
