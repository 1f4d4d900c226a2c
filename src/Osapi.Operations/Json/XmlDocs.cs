using System.Reflection;
using System.Text;
using System.Text.Json.Serialization.Metadata;
using System.Xml;

namespace Osapi.Operations.Json;

/// <summary>
/// The summaries of the XML documentation: one text for IntelliSense, <c>--help</c>, OpenAPI and the reference pages.
/// </summary>
internal sealed class XmlDocs
{
    private readonly Dictionary<string, string> summaries = [];
    private readonly Dictionary<string, string> inherited = [];

    private XmlDocs()
    {
    }

    /// <summary>An instance without any summaries.</summary>
    public static XmlDocs None { get; } = new();

    /// <summary>The summaries of the catalog, which the build embeds in this assembly.</summary>
    public static XmlDocs Catalog { get; } = ReadCatalog();

    /// <summary>Reads the summaries of a documentation file.</summary>
    /// <exception cref="XmlException">The file is not valid XML.</exception>
    public static XmlDocs Read(Stream file)
    {
        XmlDocs docs = new();
        using var reader = XmlReader.Create(file, new() { DtdProcessing = DtdProcessing.Prohibit });
        var member = "";
        while (reader.Read())
        {
            if (reader.NodeType != XmlNodeType.Element)
                continue;
            if (reader.Name == "member")
                member = reader.GetAttribute("name") ?? "";
            else if (reader.Name == "summary")
                docs.summaries[member] = ToPlainText(reader);
            // The members of a positional record are described with its type.
            else if (reader.Name == "param" && member.StartsWith("T:", StringComparison.Ordinal))
                docs.summaries[$"P:{member[2..]}.{reader.GetAttribute("name")}"] = ToPlainText(reader);
            else if (reader.Name == "inheritdoc" && reader.GetAttribute("cref") is { } source)
                docs.inherited[member] = source;
        }

        return docs;
    }

    /// <summary>Returns the summary of a type; null when it has none.</summary>
    public string? Of(Type type)
    {
        ArgumentNullException.ThrowIfNull(type);
        return Find("T:" + Name(type));
    }

    /// <summary>Returns the summary of a contract's member; null when it has none.</summary>
    public string? Of(JsonPropertyInfo property)
    {
        ArgumentNullException.ThrowIfNull(property);
        return property.AttributeProvider is MemberInfo { DeclaringType: { } type } member ? Find($"P:{Name(type)}.{member.Name}") : null;
    }

    /// <summary>Returns the description of an operation: the summary of its request; empty when it has none.</summary>
    public string Of(Operation operation)
    {
        ArgumentNullException.ThrowIfNull(operation);
        return Of(operation.RequestInfo.Type) ?? "";
    }

    /// <summary>Returns the description of an operation's family: the summary of the class that declares it; null when it has none.</summary>
    public string? OfFamily(Operation operation)
    {
        ArgumentNullException.ThrowIfNull(operation);
        return Find($"T:{operation.RequestInfo.Type.Namespace}.{char.ToUpperInvariant(operation.Family[0])}{operation.Family[1..]}Operations");
    }

    private static XmlDocs ReadCatalog()
    {
        using var resource = typeof(XmlDocs).Assembly.GetManifestResourceStream("Osapi.Operations.xml");
        return Read(resource ?? throw new InvalidOperationException("The assembly does not have its documentation."));
    }

    private string? Find(string member) => summaries.GetValueOrDefault(member) ?? summaries.GetValueOrDefault(inherited.GetValueOrDefault(member, ""));

    private static string? Name(Type type) => type.FullName?.Replace('+', '.');

    private static string ToPlainText(XmlReader reader)
    {
        StringBuilder text = new();
        using var element = reader.ReadSubtree();
        while (element.Read())
        {
            if (element.NodeType is XmlNodeType.Text or XmlNodeType.SignificantWhitespace or XmlNodeType.Whitespace)
                text.Append(element.Value);
            // A reference without text is shown as the last segment of its target.
            else if (element is { NodeType: XmlNodeType.Element, IsEmptyElement: true })
                text.Append(element.GetAttribute("langword") ?? element.GetAttribute("name") ?? Last(element.GetAttribute("cref") ?? ""));
        }

        return string.Join(' ', text.ToString().Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
    }

    private static string Last(string reference) => reference.Split('(')[0].Split('.', ':')[^1].Split('`')[0];
}
