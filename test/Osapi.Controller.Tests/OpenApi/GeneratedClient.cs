using System.Reflection;
using System.Runtime.Loader;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using NJsonSchema.CodeGeneration.CSharp;
using NSwag;
using NSwag.CodeGeneration.CSharp;
using NSwag.CodeGeneration.OperationNameGenerators;

namespace Osapi.Controller.Tests.OpenApi;

/// <summary>A client that NSwag generates from the document, compiled together with a program that uses it.</summary>
internal static class GeneratedClient
{
    /// <summary>Generates the source of the client.</summary>
    public static async Task<string> SourceAsync(string document, CSharpJsonLibrary library, CancellationToken cancellationToken)
    {
        var read = await OpenApiDocument.FromJsonAsync(document, cancellationToken);
        return new CSharpClientGenerator(read, new()
        {
            ClassName = "GeneratedClient",
            UseBaseUrl = false,
            OperationNameGenerator = new SingleClientFromOperationIdOperationNameGenerator(),
            CSharpGeneratorSettings = { Namespace = "Generated", JsonLibrary = library, GenerateNullableReferenceTypes = true, ClassStyle = CSharpClassStyle.Poco },
        }).GenerateFile();
    }

    /// <summary>Compiles sources into an assembly.</summary>
    /// <exception cref="InvalidOperationException">The sources do not compile; the message has the errors.</exception>
    public static Assembly Compile(string name, params IEnumerable<string> sources)
    {
        // The runtime of the test process, including the generator's JSON library.
        var references = ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator).Select(path => MetadataReference.CreateFromFile(path));
        var compilation = CSharpCompilation.Create(
            name,
            sources.Select(source => CSharpSyntaxTree.ParseText(source)),
            references,
            new(OutputKind.DynamicallyLinkedLibrary, nullableContextOptions: NullableContextOptions.Enable));
        using MemoryStream assembly = new();
        var result = compilation.Emit(assembly);
        if (!result.Success)
            throw new InvalidOperationException(string.Join('\n', result.Diagnostics.Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error).Take(20)));
        assembly.Position = 0;
        return new AssemblyLoadContext(name).LoadFromStream(assembly);
    }
}
