using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using Osapi.Operations;
using Osapi.Operations.Json;

namespace Osapi.Tests;

/// <summary>An invalid request.</summary>
/// <param name="What">The kind of error in it.</param>
/// <param name="Members">The members of the request.</param>
internal sealed record BadRequest(string What, JsonObject Members)
{
    public override string ToString() => What;
}

/// <summary>Creates every kind of invalid request of an operation from the operation's example.</summary>
internal static class BadRequests
{
    private const int TenMegabytes = 10 * 1024 * 1024;

    private static readonly IReadOnlyList<(string What, JsonNode Value)> Hostile =
    [
        ("a hostile path", "../../etc/passwd"),
        ("a hostile absolute path", "/srv/../../etc/passwd"),
        ("a line feed", "web\nreboot"),
        ("a NUL", "web\0.conf"),
        ("an option", "--help"),
        ("nothing", ""),
        ("an unknown fact", "@fact.no_such_thing"),
    ];

    private static readonly (string What, JsonNode Value) Large = ("10 MB", new string('x', TenMegabytes));

    /// <summary>Creates requests that the binder must refuse.</summary>
    /// <param name="operation">The operation.</param>
    /// <param name="large">
    /// True to make every text 10 MB, one after the other; false for the first only, because each takes a while.
    /// </param>
    public static IEnumerable<BadRequest> Of(Operation operation, bool large = false)
    {
        foreach (var property in operation.RequestInfo.Properties)
        {
            if (property.IsRequired)
                yield return With(operation, $"{property.Name} is missing", members => members.Remove(property.Name));
            if (property.IsRequired)
                yield return With(operation, $"{property.Name} is null", members => members[property.Name] = null);
            if (!IsAny(property))
                yield return With(operation, $"{property.Name} is of another type", members => members[property.Name] = OfAnotherType(Info(operation, property)));
            foreach (var (what, value) in OutOfRange(property))
                yield return With(operation, $"{property.Name} is {what}", members => members[property.Name] = value.DeepClone());
        }

        foreach (var bad in HostileTexts(operation, large))
            yield return bad;
        yield return With(operation, "a member is unknown", members => members["unheard_of"] = 1);
        yield return Everything(operation);
    }

    /// <summary>Creates a request in which every member is invalid.</summary>
    public static BadRequest Everything(Operation operation) => With(operation, "everything is wrong", members =>
    {
        foreach (var property in operation.RequestInfo.Properties)
            members[property.Name] = OfAnotherType(Info(operation, property));
        members["unheard_of"] = 1;
    });

    /// <summary>
    /// Creates the example with a hostile text in place of each text; texts that the operation accepts are left out.
    /// </summary>
    private static IEnumerable<BadRequest> HostileTexts(Operation operation, bool large)
    {
        var first = operation.RequestInfo.Properties.FirstOrDefault(property => Text(operation, property, "") is not null);
        return
            from property in operation.RequestInfo.Properties
            from hostile in large || property == first ? Hostile.Append(Large) : Hostile
            let bad = Text(operation, property, hostile.Value) is { } value ? With(operation, $"{property.Name} is {hostile.What}", members => members[property.Name] = value) : null
            where bad is not null && RequestBinder.Bind(operation.RequestInfo, bad.Members).Value is null
            select bad;
    }

    /// <summary>
    /// Creates a value of a member from a text: the text itself, or in a list or a map. Null for a member that is not
    /// text.
    /// </summary>
    public static JsonNode? Text(Operation operation, JsonPropertyInfo property, JsonNode text)
    {
        var info = Info(operation, property);
        return info.Kind switch
        {
            JsonTypeInfoKind.Enumerable when IsText(info.Options.GetTypeInfo(info.ElementType!)) => new JsonArray(text.DeepClone()),
            JsonTypeInfoKind.Dictionary when IsText(info.Options.GetTypeInfo(info.ElementType!)) => new JsonObject { ["KEY"] = text.DeepClone() },
            _ when IsText(info) => text.DeepClone(),
            _ => null,
        };
    }

    /// <summary>True for a member that takes any value.</summary>
    public static bool IsAny(JsonPropertyInfo property) => (Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType) == typeof(JsonElement);

    private static bool IsText(JsonTypeInfo info) => info.Type == typeof(string) || info.Converter is ITextConverter;

    private static BadRequest With(Operation operation, string what, Action<JsonObject> spoil)
    {
        var members = JsonSerializer.SerializeToNode(operation.ExamplePair.Request, operation.RequestInfo)!.AsObject();
        spoil(members);
        return new(what, members);
    }

    private static JsonNode OfAnotherType(JsonTypeInfo info) => info.Kind switch
    {
        JsonTypeInfoKind.Enumerable => new JsonObject(),
        JsonTypeInfoKind.Dictionary or JsonTypeInfoKind.Object => new JsonArray(),
        _ when IsText(info) => 7,
        _ when info.Type == typeof(JsonObject) => new JsonArray(),
        _ => "anything",
    };

    // The limits of the schema.
    private static IEnumerable<(string What, JsonNode Value)> OutOfRange(JsonPropertyInfo property)
    {
        var info = property.Options.GetTypeInfo(property.PropertyType);
        JsonObject limits = [];
        foreach (var rule in property.AttributeProvider?.GetCustomAttributes(typeof(RuleAttribute), inherit: true).Cast<RuleAttribute>() ?? [])
            rule.Describe(limits, info.Kind);
        if (limits["minimum"] is { } minimum)
            yield return ("too small", minimum.GetValue<double>() - 1);
        if (limits["maximum"] is { } maximum)
            yield return ("too large", maximum.GetValue<double>() + 1);
        if (limits["minItems"] is not null)
            yield return ("empty", new JsonArray());
    }

    private static JsonTypeInfo Info(Operation operation, JsonPropertyInfo property) => operation.RequestInfo.Options.GetTypeInfo(property.PropertyType);
}
