using System.Text.Json.Nodes;

namespace Osapi.Plans.Expressions;

// Values during an evaluation are null, bool, long, double, RawNumber, string, DateTimeOffset, TimeSpan, ListValue and MapValue.

/// <summary>A number with the text that it was written with, such as one beyond 64 bits.</summary>
internal sealed record RawNumber(string Text, double Value);

/// <summary>A list.</summary>
internal abstract class ListValue
{
    public abstract int Count { get; }

    public abstract object? this[int index] { get; }
}

/// <summary>A map or an object. The language derives its own, whose values are read when an expression asks for them.</summary>
internal abstract class MapValue
{
    /// <summary>Gets the names in order.</summary>
    public abstract IReadOnlyCollection<string> Keys { get; }

    /// <summary>Finds a value: a node of JSON, or another map.</summary>
    /// <exception cref="ValueException">The value cannot be read; its message is the reason.</exception>
    public abstract bool TryRead(string key, out object? value);
}

/// <summary>The items that an expression made.</summary>
internal sealed class ItemList(object?[] items, long size) : ListValue
{
    public long Size { get; } = size;

    public override int Count => items.Length;

    public override object? this[int index] => items[index];
}

/// <summary>The entries that an expression made.</summary>
internal sealed class ItemMap(OrderedDictionary<string, object?> entries, long size) : MapValue
{
    public long Size { get; } = size;

    public override IReadOnlyCollection<string> Keys => entries.Keys;

    public override bool TryRead(string key, out object? value) => entries.TryGetValue(key, out value);
}

internal sealed class JsonList(JsonArray array) : ListValue
{
    public JsonArray Array { get; } = array;

    public override int Count => Array.Count;

    public override object? this[int index] => Array[index];
}

internal sealed class JsonMap(JsonObject @object) : MapValue
{
    public JsonObject Object { get; } = @object;

    public override IReadOnlyCollection<string> Keys => [.. Object.Select(member => member.Key)];

    public override bool TryRead(string key, out object? value)
    {
        var found = Object.TryGetPropertyValue(key, out var node);
        value = node;
        return found;
    }
}
