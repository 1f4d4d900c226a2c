using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using System.Text.RegularExpressions;
using Osapi.Operations.Json;

namespace Osapi.Cli.Rendering;

/// <summary>The unit of a member of a result, as its type and its summary in the catalog name it.</summary>
internal enum MemberUnit
{
    /// <summary>None: the value is printed as it is.</summary>
    None,

    /// <summary>A number of bytes.</summary>
    Bytes,

    /// <summary>A number of milliseconds.</summary>
    Milliseconds,

    /// <summary>A point in time.</summary>
    Time,
}

/// <summary>Finds the units of members, and formats their values.</summary>
internal static partial class MemberUnits
{
    /// <summary>Returns the unit of a member of a contract; <see cref="MemberUnit.None"/> without a contract, and for members that it does not have.</summary>
    public static MemberUnit Of(JsonTypeInfo? contract, string member)
    {
        if (Find(contract, member) is not { } property)
            return MemberUnit.None;
        var type = Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType;
        if (type == typeof(DateTimeOffset))
            return MemberUnit.Time;
        if (type != typeof(long) && type != typeof(int) && type != typeof(double) && type != typeof(ulong))
            return MemberUnit.None;
        var summary = XmlDocs.Catalog.Of(property) ?? "";
        return Milliseconds.IsMatch(summary) ? MemberUnit.Milliseconds
            : Bytes.IsMatch(summary) || Bytes.IsMatch(XmlDocs.Catalog.Of(contract!.Type) ?? "") ? MemberUnit.Bytes
            : MemberUnit.None;
    }

    /// <summary>Returns the contract of the value of a member, of the items when it is a list; null when there is none.</summary>
    public static JsonTypeInfo? ContractOf(JsonTypeInfo? contract, string member)
    {
        if (contract is { Kind: JsonTypeInfoKind.Dictionary, ElementType: { } element })
            return contract.Options.GetTypeInfo(element);
        if (Find(contract, member) is not { } property)
            return null;
        var info = contract!.Options.GetTypeInfo(property.PropertyType);
        return info is { Kind: JsonTypeInfoKind.Enumerable, ElementType: { } item } ? info.Options.GetTypeInfo(item) : info;
    }

    /// <summary>Formats a value with its unit; null when the value has none.</summary>
    public static string? Format(JsonElement value, MemberUnit unit) => (unit, value.ValueKind) switch
    {
        (MemberUnit.Bytes, JsonValueKind.Number) when value.TryGetDecimal(out var bytes) => ReadableValues.Size(bytes),
        (MemberUnit.Milliseconds, JsonValueKind.Number) when value.TryGetDouble(out var milliseconds) && Math.Abs(milliseconds) < TimeSpan.MaxValue.TotalMilliseconds / 2 =>
            milliseconds % 1 == 0 ? ReadableValues.Duration(TimeSpan.FromMilliseconds(milliseconds)) : $"{value.GetRawText()} ms",
        (MemberUnit.Time, JsonValueKind.String) when value.TryGetDateTimeOffset(out var time) => ReadableValues.Time(time, TimeProvider.System.GetUtcNow()),
        _ => null,
    };

    private static JsonPropertyInfo? Find(JsonTypeInfo? contract, string member) =>
        contract?.Kind == JsonTypeInfoKind.Object ? contract.Properties.FirstOrDefault(property => property.Name == member) : null;

    [GeneratedRegex(@"\bbytes\b")]
    private static partial Regex Bytes { get; }

    [GeneratedRegex(@"\bmilliseconds\b")]
    private static partial Regex Milliseconds { get; }
}
