using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Osapi.Cli.Rendering;

/// <summary>The form in which a result is printed.</summary>
internal sealed record TreeOptions
{
    /// <summary>The form of the answer to a single call: everything.</summary>
    public static TreeOptions Whole { get; } = new();

    /// <summary>The contract of the result, for the units of its members; null when it is not known.</summary>
    public JsonTypeInfo? Contract { get; init; }

    /// <summary>True for settings of a check, which have no contract: a <c>size</c> is a number of bytes there.</summary>
    public bool AreSettings { get; init; }

    /// <summary>The members that are not printed.</summary>
    public IReadOnlyList<string> Excluded { get; init; } = [];

    /// <summary>True to leave out what says nothing: empty members, the exit code 0, and run times.</summary>
    public bool IsBrief { get; init; }

    /// <summary>The maximum number of lines of a text, and of rows of a table; null for no limit.</summary>
    public int? MaxLines { get; init; }

    /// <summary>Returns the command that prints all of a member, given its name; null when none does.</summary>
    public Func<string, string?> CommandFor { get; init; } = static _ => null;

    /// <summary>Returns the unit of a member.</summary>
    public MemberUnit UnitOf(string name) => AreSettings && name == "size" ? MemberUnit.Bytes : MemberUnits.Of(Contract, name);

    /// <summary>Determines whether a member is left out.</summary>
    public bool Omits(string name, JsonElement value) => IsBrief && value.ValueKind switch
    {
        // The status says so.
        JsonValueKind.True or JsonValueKind.False when name == "changed" => true,
        JsonValueKind.Null or JsonValueKind.Undefined => true,
        JsonValueKind.String => value.GetString()!.Length == 0,
        JsonValueKind.Array => value.GetArrayLength() == 0,
        JsonValueKind.Object => !value.EnumerateObject().Any(),
        JsonValueKind.Number => (name == "exit_code" && value.TryGetInt32(out var code) && code == 0) || MemberUnits.Of(Contract, name) == MemberUnit.Milliseconds,
        _ => false,
    };
}
