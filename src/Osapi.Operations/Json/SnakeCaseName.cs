using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text.Json;

namespace Osapi.Operations.Json;

/// <summary>The names of enum values in the wire format.</summary>
internal static class SnakeCaseName
{
    /// <summary>Returns the name of a value, such as <c>not_found</c>.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The enum does not declare the value.</exception>
    public static string Of<T>(T value)
        where T : struct, Enum => Names<T>.Table.ByValue.TryGetValue(Unsafe.As<T, int>(ref value), out var name) ? name : throw new ArgumentOutOfRangeException(nameof(value), value, null);

    /// <summary>Returns the value of a name; null when there is none.</summary>
    public static T? Parse<T>(string? name)
        where T : struct, Enum => name is not null && Names<T>.Table.ByName.TryGetValue(name, out var value) ? Unsafe.As<int, T>(ref value) : null;

    /// <summary>Returns the value that stands for unknown names of a newer version; null when such a name is an error.</summary>
    public static T? Newer<T>()
        where T : struct, Enum => Names<T>.Table.Newer is { } value ? Unsafe.As<int, T>(ref value) : null;

    /// <summary>Returns all names of an enum, in declaration order.</summary>
    public static IReadOnlyList<string> All(Type enumType) => [.. Enum.GetNames(enumType).Select(member => Written(enumType, member))];

    private static string Written(Type enumType, string member) =>
        enumType.GetCustomAttributes<WrittenNameAttribute>().FirstOrDefault(name => name.Member == member)?.Name ?? JsonNamingPolicy.SnakeCaseLower.ConvertName(member);

    private static class Names<T>
        where T : struct, Enum
    {
        public static readonly NameTable Table = new(typeof(T));
    }

    // Its dictionaries are of types that all enums share: those of each enum would be several kilobytes of code in the executable.
    private sealed class NameTable
    {
        public NameTable(Type enumType)
        {
            if (Enum.GetUnderlyingType(enumType) != typeof(int))
                throw new NotSupportedException($"the values of {enumType.Name} are not of the type int");
            var members = Enum.GetNames(enumType);
            var values = (int[])Enum.GetValuesAsUnderlyingType(enumType);
            foreach (var (index, member) in members.Index())
            {
                ByValue.Add(values[index], Written(enumType, member));
                ByName.Add(ByValue[values[index]], values[index]);
            }

            Newer = enumType.GetCustomAttribute<NewerNameAttribute>() is { } newer ? values[Array.IndexOf(members, newer.Member)] : null;
        }

        public Dictionary<int, string> ByValue { get; } = [];

        public Dictionary<string, int> ByName { get; } = [];

        public int? Newer { get; }
    }
}
