using System.Collections.Frozen;
using System.Reflection;
using System.Text.Json;

namespace Osapi.Operations.Json;

/// <summary>The names of enum values in the wire format.</summary>
internal static class SnakeCaseName
{
    /// <summary>Returns the name of a value, such as <c>not_found</c>.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The enum does not declare the value.</exception>
    public static string Of<T>(T value)
        where T : struct, Enum => Names<T>.ByValue.TryGetValue(value, out var name) ? name : throw new ArgumentOutOfRangeException(nameof(value), value, null);

    /// <summary>Returns the value of a name; null when there is none.</summary>
    public static T? Parse<T>(string? name)
        where T : struct, Enum => name is not null && Names<T>.ByName.TryGetValue(name, out var value) ? value : null;

    /// <summary>Returns the value that stands for unknown names of a newer version; null when such a name is an error.</summary>
    public static T? Newer<T>()
        where T : struct, Enum => Names<T>.Newer;

    /// <summary>Returns all names of an enum, in declaration order.</summary>
    public static IReadOnlyList<string> All(Type enumType) => [.. Enum.GetNames(enumType).Select(member => Written(enumType, member))];

    private static string Written(Type enumType, string member) =>
        enumType.GetCustomAttributes<WrittenNameAttribute>().FirstOrDefault(name => name.Member == member)?.Name ?? JsonNamingPolicy.SnakeCaseLower.ConvertName(member);

    private static class Names<T>
        where T : struct, Enum
    {
        public static readonly FrozenDictionary<T, string> ByValue =
            Enum.GetValues<T>().ToFrozenDictionary(value => value, value => Written(typeof(T), value.ToString()));

        public static readonly T? Newer = typeof(T).GetCustomAttribute<NewerNameAttribute>() is { } newer ? Enum.Parse<T>(newer.Member) : null;

        public static readonly FrozenDictionary<string, T> ByName = ByValue.ToFrozenDictionary(pair => pair.Value, pair => pair.Key);
    }
}
