using System.Text.Json.Nodes;
using Osapi.Plans.Expressions;

namespace Osapi.Plans.Values;

/// <summary>The environment of the machine on which the plan is read. Its variables are read one by one.</summary>
internal sealed class EnvironmentValues(Func<string, string?> environment) : MapValue
{
    public override IReadOnlyCollection<string> Keys => throw new ValueException("'env' is read by the names of variables: env.HOME");

    public override bool TryRead(string key, out object? value)
    {
        value = environment(key) is { } text ? JsonValue.Create(text) : null;
        return value is not null;
    }
}
