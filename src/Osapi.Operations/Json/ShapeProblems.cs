using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;

namespace Osapi.Operations.Json;

/// <summary>Walks JSON that did not deserialize along its contract and collects everything that is wrong.</summary>
internal static class ShapeProblems
{
    public static IReadOnlyList<Problem> Of(JsonTypeInfo info, JsonNode? node)
    {
        List<Problem> problems = [];
        Walk(info, node, "", problems);
        // The walk and the deserializer agree on what is wrong; should they ever not, the caller still gets an error.
        return problems.Count > 0 ? problems : [new("", "the request is malformed")];
    }

    private static void Walk(JsonTypeInfo info, JsonNode? node, string path, List<Problem> problems)
    {
        switch (info.Kind, node)
        {
            case (JsonTypeInfoKind.Object, JsonObject members):
                WalkObject(info, members, path, problems);
                break;
            case (JsonTypeInfoKind.Enumerable, JsonArray elements):
                var element = info.Options.GetTypeInfo(info.ElementType!);
                for (var i = 0; i < elements.Count; i++)
                    WalkElement(element, elements[i], $"{path}[{i}]", problems);
                break;
            case (JsonTypeInfoKind.Dictionary, JsonObject entries):
                var value = info.Options.GetTypeInfo(info.ElementType!);
                foreach (var (key, entry) in entries)
                    WalkElement(value, entry, $"{path}.{key}", problems);
                break;
            default:
                Leaf(info, node, path, problems);
                break;
        }
    }

    private static void WalkObject(JsonTypeInfo info, JsonObject members, string path, List<Problem> problems)
    {
        var known = info.Properties.ToDictionary(property => property.Name);
        foreach (var property in info.Properties)
        {
            var member = Join(path, property.Name);
            if (!members.TryGetPropertyValue(property.Name, out var value))
            {
                if (property.IsRequired)
                    problems.Add(new(member, "is required"));
            }
            else if (value is null)
            {
                if (!property.IsSetNullable)
                    problems.Add(new(member, "must not be null"));
            }
            else
            {
                var before = problems.Count;
                Walk(info.Options.GetTypeInfo(property.PropertyType), value, member, problems);
                if (problems.Count == before)
                    RuleProblems.AddMember(property, value.Deserialize(info.Options.GetTypeInfo(property.PropertyType))!, member, problems);
            }
        }

        foreach (var (name, _) in members)
            if (!known.ContainsKey(name))
                problems.Add(new(Join(path, Shown(name)), "is unknown" + NearName.Hint(name, known.Keys)));
    }

    private static void WalkElement(JsonTypeInfo info, JsonNode? node, string path, List<Problem> problems)
    {
        if (node is null && info.Type != typeof(JsonNode) && info.Type != typeof(JsonElement))
            problems.Add(new(path, "must not be null"));
        else
            Walk(info, node, path, problems);
    }

    private static void Leaf(JsonTypeInfo info, JsonNode? node, string path, List<Problem> problems)
    {
        try
        {
            node.Deserialize(info);
        }
        catch (JsonException)
        {
            problems.Add(new(path, "must be " + Expectation.Of(info)));
        }
    }

    private static string Join(string path, string member) => path.Length == 0 ? member : $"{path}.{member}";

    private static string Shown(string name) => name.Length <= 80 ? name : name[..77] + "...";
}
