using System.Text.Json.Serialization;
using Osapi.Operations.Json;

namespace Osapi.Operations.Files;

/// <summary>
/// The permissions of a file, octal as in <see cref="OctalMode"/>, or changes of them in the symbolic form of <c>chmod</c>, such as
/// <c>u=rwX,go-w</c>. <c>X</c> is <c>x</c> for directories, and for files that somebody may execute.
/// </summary>
[JsonConverter(typeof(TextConverter<ModeChange>))]
public sealed record ModeChange : IStringValue<ModeChange>
{
    private const int SetUser = 0x800, SetGroup = 0x400, Sticky = 0x200, Execute = 0x49;

    private ModeChange(string value) => Value = value;

    static TextRule IStringValue<ModeChange>.Rule { get; } = new(
        "^(0?[0-7]{1,4}|[ugoa]{1,4}([-+=][rwxXst]{0,6}){1,6}(,[ugoa]{1,4}([-+=][rwxXst]{0,6}){1,6}){0,9})$",
        "an octal file mode from 0 to 07777, such as 0644, or a symbolic one that says who, such as u=rwX,go-w");

    /// <inheritdoc/>
    public string Value { get; }

    /// <summary>True for changes, false for an octal mode.</summary>
    public bool IsSymbolic => !char.IsAsciiDigit(Value[0]);

    /// <summary>True when a second application changes nothing. With <c>o+X,u+x</c> it can: the first one adds the <c>x</c> that <c>X</c> looks for.</summary>
    internal bool IsStable
    {
        get
        {
            for (var bits = 0; IsSymbolic && bits <= 0xFFF; bits++)
                if (Apply(Apply(bits, isDirectory: true), isDirectory: true) != Apply(bits, isDirectory: true) || Apply(Apply(bits, isDirectory: false), isDirectory: false) != Apply(bits, isDirectory: false))
                    return false;
            return true;
        }
    }

    static ModeChange IStringValue<ModeChange>.Create(string value) => new(value);

    /// <inheritdoc/>
    public override string ToString() => Value;

    /// <summary>Converts text to a mode.</summary>
    /// <exception cref="FormatException">The text is not a mode.</exception>
    public static implicit operator ModeChange(string text) => Text.Parse<ModeChange>(text);

    /// <summary>Computes the new permission bits of a file. Available once references to facts are resolved.</summary>
    internal int Apply(int bits, bool isDirectory)
    {
        if (!IsSymbolic)
            return Convert.ToInt32(Value, fromBase: 8);
        foreach (var clause in Value.Split(','))
        {
            var who = clause.AsSpan(0, clause.AsSpan().IndexOfAny("-+="));
            for (var at = who.Length; at < clause.Length;)
            {
                var action = clause[at++];
                var end = clause.AsSpan(at).IndexOfAny("-+=") is >= 0 and var next ? at + next : clause.Length;
                bits = Apply(bits, Affected(who), action, clause.AsSpan(at, end - at), isDirectory);
                at = end;
            }
        }

        return bits;
    }

    private static int Apply(int bits, int affected, char action, ReadOnlySpan<char> permissions, bool isDirectory)
    {
        var named = 0;
        foreach (var permission in permissions)
            named |= permission switch
            {
                'r' => 0x124,
                'w' => 0x92,
                'x' => Execute,
                'X' => isDirectory || (bits & Execute) != 0 ? Execute : 0,
                's' => SetUser | SetGroup,
                _ => Sticky,
            };
        named &= affected;
        return action switch
        {
            '+' => bits | named,
            '-' => bits & ~named,
            // As with chmod, a directory keeps these bits unless they are named.
            _ => (bits & ~(isDirectory ? affected & ~(SetUser | SetGroup) : affected)) | named,
        };
    }

    private static int Affected(ReadOnlySpan<char> who)
    {
        var affected = 0;
        foreach (var one in who)
            affected |= one switch
            {
                'u' => SetUser | 0x1C0,
                'g' => SetGroup | 0x38,
                'o' => Sticky | 0x7,
                _ => 0xFFF,
            };
        return affected;
    }
}
