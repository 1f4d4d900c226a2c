using Osapi.Operations.Json;

namespace Osapi.Operations.Tests;

/// <summary>The XML documentation that the build wrote.</summary>
internal static class XmlDocFiles
{
    /// <summary>The documentation of the product, which its assembly carries.</summary>
    public static XmlDocs Product { get; } = XmlDocs.Catalog;

    /// <summary>The documentation of these tests, with the sample contracts.</summary>
    public static XmlDocs Sample { get; } = Read("Osapi.Operations.Tests.xml");

    private static XmlDocs Read(string name)
    {
        using var file = File.OpenRead(Path.Combine(AppContext.BaseDirectory, name));
        return XmlDocs.Read(file);
    }
}
