using Osapi.Operations;

namespace Osapi.Cli.Settings;

/// <summary>Reads the settings from environment variables. An empty variable counts as not set.</summary>
internal static class SettingVariables
{
    private const string File = "OSAPI_CONFIG";

    public static IReadOnlyDictionary<Setting, SettingValue> Read(IReadOnlyDictionary<string, string> environment)
    {
        Dictionary<Setting, SettingValue> found = [];
        foreach (var setting in SettingTable.All)
            if (environment.TryGetValue(setting.Variable, out var text) && text.Length > 0)
                found[setting] = new(setting.Variable, setting.Shape == SettingShape.One
                    ? [new(text, setting.Variable)]
                    : [.. text.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(item => new SettingText(item, setting.Variable))]);
        return found;
    }

    /// <summary>
    /// Returns warnings about variables that may be misspelled settings. They are no problems, because others also define such
    /// variables, as Kubernetes does for each of its services.
    /// </summary>
    public static IReadOnlyList<string> Warnings(IReadOnlyDictionary<string, string> environment)
    {
        List<string> known = [.. SettingTable.All.Select(setting => setting.Variable), File];
        return
        [
            .. environment.Keys.Where(name => name.StartsWith("OSAPI_", StringComparison.Ordinal) && !known.Contains(name)).Order(StringComparer.Ordinal)
                .Select(name => (name, hint: Suggestions.Hint(name, known)))
                .Where(variable => variable.hint.Length > 0)
                .Select(variable => $"the variable {variable.name} is unknown and does nothing{variable.hint}"),
        ];
    }
}
