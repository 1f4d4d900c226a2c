using System.Text.Json.Serialization;
using Osapi.Operations.Json;

namespace Osapi.Operations.Sysctl;

/// <summary>
/// The name of a kernel setting, as sysctl(8) reads it: the first separator, <c>.</c> or <c>/</c>, divides all parts, and the other one
/// stands for a dot within a part. <c>net/ipv4/conf/eth0.100/forwarding</c> is <c>net.ipv4.conf.eth0/100.forwarding</c>.
/// </summary>
[JsonConverter(typeof(TextConverter<SysctlKey>)), ResourceName]
public sealed record SysctlKey : IStringValue<SysctlKey>
{
    private SysctlKey(string value) => Value = value;

    static TextRule IStringValue<SysctlKey>.Rule { get; } = new(
        "^[A-Za-z0-9_][A-Za-z0-9_-]*([./][A-Za-z0-9_.:@-]+)*$",
        "the name of a kernel setting, such as net.ipv4.ip_forward: at most 240 letters, digits, '_', '-', ':' or '@', with single '.' or '/' between")
    {
        // Together with the rest of its name, the file of a key is at most as long as a name may be (NAME_MAX).
        MaxLength = 240,
    };

    /// <summary>The name with dots between the parts, however it was written.</summary>
    public string Value { get; }

    /// <summary>The path of the setting below <c>/proc/sys</c>.</summary>
    public string Path => Exchange(Value);

    static SysctlKey? IStringValue<SysctlKey>.Create(string value)
    {
        var path = PathOf(value);
        return path.Split('/').Any(part => part.Length == 0 || part.StartsWith('.') || part.EndsWith('.') || part.Contains("..", StringComparison.Ordinal)) ? null : new(Exchange(path));
    }

    // Which separator is the first one can only be told when the facts are there.
    static SysctlKey? IStringValue<SysctlKey>.Reference(string value) => new(value);

    /// <inheritdoc/>
    public override string ToString() => Value;

    /// <summary>Gets the path below <c>/proc/sys</c> of a name in either form.</summary>
    internal static string PathOf(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return name.AsSpan().IndexOfAny('.', '/') is >= 0 and var first && name[first] == '.' ? Exchange(name) : name;
    }

    /// <summary>Gets the name with dots between the parts of a path below <c>/proc/sys</c>.</summary>
    internal static string NameOf(string path) => Exchange(path);

    /// <summary>Converts text to a key.</summary>
    /// <exception cref="FormatException">The text is not the name of a kernel setting.</exception>
    public static implicit operator SysctlKey(string text) => Text.Parse<SysctlKey>(text);

    private static string Exchange(string text) => string.Create(text.Length, text, static (target, source) =>
    {
        for (var at = 0; at < source.Length; at++)
            target[at] = source[at] switch { '.' => '/', '/' => '.', var other => other };
    });
}
