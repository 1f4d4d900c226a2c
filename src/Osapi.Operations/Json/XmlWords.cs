using System.Reflection;
using System.Text;
using System.Text.Json.Serialization.Metadata;
using System.Xml;

namespace Osapi.Operations.Json;

/// <summary>
/// The words of the XML documentation: one text for IntelliSense, <c>--help</c>, OpenAPI and the reference pages.
/// </summary>
public sealed class XmlWords
{
    private readonly Dictionary<string, string> summaries = [];

    /// <summary>No words at all.</summary>
    public static XmlWords None { get; } = new();

    /// <summary>Reads the summaries of a documentation file.</summary>
    public static XmlWords Read(Stream file)
    {
        XmlWords words = new();
        using var reader = XmlReader.Create(file, new() { DtdProcessing = DtdProcessing.Prohibit });
        string? member = null;
        while (reader.Read())
        {
            if (reader.NodeType != XmlNodeType.Element)
                continue;
            if (reader.Name == "member")
                member = reader.GetAttribute("name");
            else if (reader.Name == "summary" && member is not null)
                words.summaries[member] = Plain(reader.ReadSubtree());
        }

        return words;
    }

    /// <summary>The summary of a type; null when it has none.</summary>
    public string? Of(Type type) => summaries.GetValueOrDefault("T:" + type?.FullName?.Replace('+', '.'));

    /// <summary>The summary of a contract's member; null when it has none.</summary>
    public string? Of(JsonPropertyInfo property) => property?.AttributeProvider is MemberInfo member
        ? summaries.GetValueOrDefault($"P:{member.DeclaringType?.FullName?.Replace('+', '.')}.{member.Name}")
        : null;

    /// <summary>What an operation does: the summary of its request.</summary>
    public string Of(Operation operation)
    {
        ArgumentNullException.ThrowIfNull(operation);
        return Of(operation.RequestInfo.Type) ?? "";
    }

    private static string Plain(XmlReader summary)
    {
        StringBuilder text = new();
        while (summary.Read())
        {
            if (summary.NodeType is XmlNodeType.Text or XmlNodeType.SignificantWhitespace or XmlNodeType.Whitespace)
                text.Append(summary.Value);
            // A reference has no text of its own: its last segment names it.
            else if (summary.NodeType == XmlNodeType.Element && summary.GetAttribute("cref") is { } reference)
                text.Append(reference.Split('.', ':')[^1]);
        }

        return string.Join(' ', text.ToString().Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
    }
}
