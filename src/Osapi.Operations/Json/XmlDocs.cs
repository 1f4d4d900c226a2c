using System.Reflection;
using System.Text;
using System.Text.Json.Serialization.Metadata;
using System.Xml;

namespace Osapi.Operations.Json;

/// <summary>
/// The words of the XML documentation: one text for IntelliSense, <c>--help</c>, OpenAPI and the reference pages.
/// </summary>
public sealed class XmlDocs
{
    private readonly Dictionary<string, string> summaries = [];
    private readonly Dictionary<string, string> inherited = [];

    private XmlDocs()
    {
    }

    /// <summary>No words at all.</summary>
    public static XmlDocs None { get; } = new();

    /// <summary>Reads the summaries of a documentation file.</summary>
    /// <exception cref="XmlException">The file is no XML.</exception>
    public static XmlDocs Read(Stream file)
    {
        XmlDocs words = new();
        using var reader = XmlReader.Create(file, new() { DtdProcessing = DtdProcessing.Prohibit });
        var member = "";
        while (reader.Read())
        {
            if (reader.NodeType != XmlNodeType.Element)
                continue;
            if (reader.Name == "member")
                member = reader.GetAttribute("name") ?? "";
            else if (reader.Name == "summary")
                words.summaries[member] = ToPlainText(reader);
            // A positional record's members are described with its type.
            else if (reader.Name == "param" && member.StartsWith("T:", StringComparison.Ordinal))
                words.summaries[$"P:{member[2..]}.{reader.GetAttribute("name")}"] = ToPlainText(reader);
            else if (reader.Name == "inheritdoc" && reader.GetAttribute("cref") is { } source)
                words.inherited[member] = source;
        }

        return words;
    }

    /// <summary>The summary of a type; null when it has none.</summary>
    public string? Of(Type type)
    {
        ArgumentNullException.ThrowIfNull(type);
        return Find("T:" + Name(type));
    }

    /// <summary>The summary of a contract's member; null when it has none.</summary>
    public string? Of(JsonPropertyInfo property)
    {
        ArgumentNullException.ThrowIfNull(property);
        return property.AttributeProvider is MemberInfo { DeclaringType: { } type } member ? Find($"P:{Name(type)}.{member.Name}") : null;
    }

    /// <summary>What an operation does: the summary of its request; empty when it has none.</summary>
    public string Of(Operation operation)
    {
        ArgumentNullException.ThrowIfNull(operation);
        return Of(operation.RequestInfo.Type) ?? "";
    }

    /// <summary>What an operation's family is about: the summary of the class that declares it; null when it has none.</summary>
    public string? OfFamily(Operation operation)
    {
        ArgumentNullException.ThrowIfNull(operation);
        return Find($"T:{operation.RequestInfo.Type.Namespace}.{char.ToUpperInvariant(operation.Family[0])}{operation.Family[1..]}Operations");
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
            // A reference without text: the last segment of what it points at names it.
            else if (element is { NodeType: XmlNodeType.Element, IsEmptyElement: true })
                text.Append(element.GetAttribute("langword") ?? element.GetAttribute("name") ?? Last(element.GetAttribute("cref") ?? ""));
        }

        return string.Join(' ', text.ToString().Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
    }

    private static string Last(string reference) => reference.Split('(')[0].Split('.', ':')[^1].Split('`')[0];
}
