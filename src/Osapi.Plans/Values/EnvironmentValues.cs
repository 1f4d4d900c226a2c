using System.Text.Json.Nodes;
using Osapi.Plans.Expressions;

namespace Osapi.Plans.Values;

/// <summary>The environment of the machine on which the plan is read. Its variables are read one by one.</summary>
internal sealed class EnvironmentValues(Func<string, string?> environment) : MapValue
{
    // The names of all variables are nobody's business.
    public override IReadOnlyCollection<string> Keys => [];

    public override bool TryRead(string key, out object? value)
    {
        value = environment(key) is { } text ? JsonValue.Create(text) : null;
        return value is not null;
    }
}
